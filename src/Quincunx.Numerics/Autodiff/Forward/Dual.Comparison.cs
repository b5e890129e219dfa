using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Autodiff.Forward;

// By value alone.
public readonly partial struct Dual<TTangent>
{
    public static bool operator ==(Dual<TTangent> left, Dual<TTangent> right) => left.Value == right.Value;

    public static bool operator !=(Dual<TTangent> left, Dual<TTangent> right) => left.Value != right.Value;

    public static bool operator <(Dual<TTangent> left, Dual<TTangent> right) => left.Value < right.Value;

    public static bool operator >(Dual<TTangent> left, Dual<TTangent> right) => left.Value > right.Value;

    public static bool operator <=(Dual<TTangent> left, Dual<TTangent> right) => left.Value <= right.Value;

    public static bool operator >=(Dual<TTangent> left, Dual<TTangent> right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Dual<TTangent> other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="obj"/> is something else.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Dual<TTangent> other => CompareTo(other),
        _ => throw new ArgumentException($"Expected {typeof(Dual<TTangent>)}, got {obj.GetType()}.", nameof(obj)),
    };

    /// <summary>|x|; the derivative at 0 is taken as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> Abs(Dual<TTangent> value) =>
        Chain(Math.Abs(value.Value), value.Value > 0 ? 1 : value.Value < 0 ? -1 : 0, value);

    /// <summary>The larger, NaN where either is; of equal ones the mean derivative.</summary>
    public static Dual<TTangent> Max(Dual<TTangent> x, Dual<TTangent> y) =>
        x.Value == y.Value ? Chain(Math.Max(x.Value, y.Value), 0.5, x, 0.5, y)
        : x.Value > y.Value || double.IsNaN(x.Value) ? x
        : y;

    /// <summary>The smaller, NaN where either is; of equal ones the mean derivative.</summary>
    public static Dual<TTangent> Min(Dual<TTangent> x, Dual<TTangent> y) =>
        x.Value == y.Value ? Chain(Math.Min(x.Value, y.Value), 0.5, x, 0.5, y)
        : x.Value < y.Value || double.IsNaN(x.Value) ? x
        : y;

    /// <summary>The larger, or the one that is a number.</summary>
    public static Dual<TTangent> MaxNumber(Dual<TTangent> x, Dual<TTangent> y) => IsNaN(x) ? y : IsNaN(y) ? x : Max(x, y);

    /// <summary>The smaller, or the one that is a number.</summary>
    public static Dual<TTangent> MinNumber(Dual<TTangent> x, Dual<TTangent> y) => IsNaN(x) ? y : IsNaN(y) ? x : Min(x, y);

    /// <inheritdoc/>
    public static Dual<TTangent> MaxMagnitude(Dual<TTangent> x, Dual<TTangent> y) => OfMagnitudes(x, y, Math.Abs(x.Value), Math.Abs(y.Value));

    /// <inheritdoc/>
    public static Dual<TTangent> MaxMagnitudeNumber(Dual<TTangent> x, Dual<TTangent> y) => IsNaN(x) ? y : IsNaN(y) ? x : MaxMagnitude(x, y);

    /// <inheritdoc/>
    public static Dual<TTangent> MinMagnitude(Dual<TTangent> x, Dual<TTangent> y) => Math.Abs(x.Value) == Math.Abs(y.Value)
        ? Min(x, y)
        : OfMagnitudes(x, y, Math.Abs(y.Value), Math.Abs(x.Value));

    /// <inheritdoc/>
    public static Dual<TTangent> MinMagnitudeNumber(Dual<TTangent> x, Dual<TTangent> y) => IsNaN(x) ? y : IsNaN(y) ? x : MinMagnitude(x, y);

    /// <summary>x, moved to the nearer end where it is outside; inside and at the ends its derivative is that of x.</summary>
    /// <exception cref="ArgumentException"><paramref name="min"/> is above <paramref name="max"/>.</exception>
    public static Dual<TTangent> Clamp(Dual<TTangent> value, Dual<TTangent> min, Dual<TTangent> max) =>
        min.Value > max.Value ? throw new ArgumentException($"Expected min <= max, got [{min}, {max}].", nameof(min))
        : value.Value < min.Value ? min
        : value.Value > max.Value ? max
        : value;

    // The first where its weight is larger or its value NaN.
    private static Dual<TTangent> OfMagnitudes(Dual<TTangent> x, Dual<TTangent> y, double weightX, double weightY) =>
        weightX == weightY ? Max(x, y)
        : weightX > weightY || IsNaN(x) ? x
        : y;
}
