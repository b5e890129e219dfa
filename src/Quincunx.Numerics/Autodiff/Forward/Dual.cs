using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quincunx.Numerics.Autodiff.Forward;

/// <summary>A number of float64 with its derivatives in a few directions at once: forward-mode differentiation of code written over generic math.</summary>
/// <remarks>
/// <para>
/// A simulator written over <c>T : IFloatingPointIeee754&lt;T&gt;</c> runs with <see cref="double"/> and with this type alike; values are the same but for
/// functions where float64's own loses digits (<c>ExpM1</c>, <c>LogP1</c> and their like). Constants come in as <c>T.CreateChecked(0.5)</c> and move in no direction.
/// </para>
/// <para>
/// Comparison, equality, hashing and text look at the value alone, so that branches are those of the plain evaluation, and the derivative is that of
/// the branch taken: conditions on random numbers or thresholds, <c>Floor</c>, and conversions to other number types contribute nothing.
/// At kinks: |x| at 0 has slope 0, and of equal numbers <c>Max</c> and <c>Min</c> take the mean of the derivatives, as tensors do.
/// </para>
/// <para>
/// In a direction in which no argument moves, the result does not move either, even where a slope is infinite or NaN: the square root of a constant 0 has
/// derivative 0, and x² for negative x may be taken as a power with a constant exponent. Where an argument does move, infinite slopes show.
/// </para>
/// </remarks>
/// <typeparam name="TTangent">Directions at once: <see cref="Tangent1"/>, <see cref="Tangent4"/> or <see cref="Tangent16"/>.</typeparam>
[StructLayout(LayoutKind.Sequential)]
public readonly partial struct Dual<TTangent> : IFloatingPointIeee754<Dual<TTangent>>, IMinMaxValue<Dual<TTangent>>, ICarrier
    where TTangent : unmanaged, ITangent<TTangent>
{
    private readonly TTangent _tangent;

    /// <summary>A constant.</summary>
    public Dual(double value) => Value = value;

    internal Dual(double value, TTangent tangent)
    {
        Value = value;
        _tangent = tangent;
    }

    /// <summary>The number itself.</summary>
    public double Value { get; }

    /// <summary>The derivative in one direction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such direction.</exception>
    public double Derivative(int direction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(direction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(direction, TTangent.Directions);
        return Numbers(in _tangent)[direction];
    }

    /// <summary>Writes the derivatives in the first directions.</summary>
    /// <exception cref="ArgumentException"><paramref name="derivatives"/> is longer than there are directions.</exception>
    public void CopyDerivatives(Span<double> derivatives)
    {
        if (derivatives.Length > TTangent.Directions)
        {
            throw new ArgumentException($"Expected at most {TTangent.Directions} directions, got {derivatives.Length}.", nameof(derivatives));
        }

        Numbers(in _tangent)[..derivatives.Length].CopyTo(derivatives);
    }

    /// <summary>A variable that moves at speed 1 in one direction and not in the others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such direction.</exception>
    public static Dual<TTangent> Variable(double value, int direction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(direction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(direction, TTangent.Directions);
        TTangent tangent = default;
        Writable(ref tangent)[direction] = 1;
        return new Dual<TTangent>(value, tangent);
    }

    /// <summary>A number with given derivatives; those in directions beyond the last are 0.</summary>
    /// <exception cref="ArgumentException">More derivatives than there are directions.</exception>
    public static Dual<TTangent> Moving(double value, ReadOnlySpan<double> derivatives)
    {
        if (derivatives.Length > TTangent.Directions)
        {
            throw new ArgumentException($"Expected at most {TTangent.Directions} directions, got {derivatives.Length}.", nameof(derivatives));
        }

        TTangent tangent = default;
        derivatives.CopyTo(Writable(ref tangent));
        return new Dual<TTangent>(value, tangent);
    }

    /// <summary>A constant.</summary>
    public static implicit operator Dual<TTangent>(double value) => new(value);

    /// <summary>Whether the values are equal; NaN equals NaN here, as for float64.</summary>
    public bool Equals(Dual<TTangent> other) => Value.Equals(other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dual<TTangent> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>The value, as text.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlySpan<double> Numbers(in TTangent tangent) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TTangent, double>(ref Unsafe.AsRef(in tangent)), TTangent.Directions);

    private static Span<double> Writable(ref TTangent tangent) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<TTangent, double>(ref tangent), TTangent.Directions);
}
