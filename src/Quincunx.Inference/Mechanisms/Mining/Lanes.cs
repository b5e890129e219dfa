using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quincunx.Numerics.Autodiff.Forward;

namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>One computation under several hypotheses at once: a number for each, side by side.</summary>
/// <remarks>
/// Arithmetic goes through all of them. A question whose answer steers the program (a comparison, a conversion to another type) must have the same answer
/// under all: otherwise they part ways, and <see cref="HypothesesPartException"/> says so. The first hypothesis is the one that draws.
/// </remarks>
/// <typeparam name="TNumbers">Memory of so many numbers.</typeparam>
[StructLayout(LayoutKind.Sequential)]
internal readonly partial struct Lanes<TNumbers> : IFloatingPointIeee754<Lanes<TNumbers>>, ICarrier
    where TNumbers : unmanaged, ITangent<TNumbers>
{
    private readonly TNumbers _numbers;

    /// <summary>The same number under every hypothesis.</summary>
    public Lanes(double value)
    {
        TNumbers numbers = default;
        Writable(ref numbers).Fill(value);
        _numbers = numbers;
    }

    private Lanes(TNumbers numbers) => _numbers = numbers;

    /// <summary>How many there is room for.</summary>
    public static int Count => TNumbers.Directions;

    /// <summary>The number under the first hypothesis.</summary>
    public double Value => Numbers(in _numbers)[0];

    /// <summary>A number for each hypothesis; where there are fewer than there is room for, the first fills the rest.</summary>
    public static Lanes<TNumbers> Of(ReadOnlySpan<double> values)
    {
        TNumbers numbers = default;
        Span<double> all = Writable(ref numbers);
        all.Fill(values[0]);
        values.CopyTo(all);
        return new(numbers);
    }

    public void CopyTo(Span<double> values) => Numbers(in _numbers)[..values.Length].CopyTo(values);

    /// <summary>Whether some hypothesis has another number than the first; NaN equals NaN.</summary>
    public bool Differs
    {
        get
        {
            foreach (double number in Numbers(in _numbers))
            {
                if (!number.Equals(Value))
                {
                    return true;
                }
            }

            return false;
        }
    }

    public static Lanes<TNumbers> operator +(Lanes<TNumbers> left, Lanes<TNumbers> right) => new(TNumbers.Add(left._numbers, right._numbers));

    public static Lanes<TNumbers> operator -(Lanes<TNumbers> left, Lanes<TNumbers> right) => new(TNumbers.Subtract(left._numbers, right._numbers));

    public static Lanes<TNumbers> operator -(Lanes<TNumbers> value) => new(TNumbers.Scale(-1, value._numbers));

    public static Lanes<TNumbers> operator +(Lanes<TNumbers> value) => value;

    public static Lanes<TNumbers> operator ++(Lanes<TNumbers> value) => value + One;

    public static Lanes<TNumbers> operator --(Lanes<TNumbers> value) => value - One;

    public static Lanes<TNumbers> operator *(Lanes<TNumbers> left, Lanes<TNumbers> right)
    {
        TNumbers y = left._numbers;
        Span<double> product = Writable(ref y);
        ReadOnlySpan<double> factor = Numbers(in right._numbers);
        for (int i = 0; i < product.Length; i++)
        {
            product[i] *= factor[i];
        }

        return new(y);
    }

    public static Lanes<TNumbers> operator /(Lanes<TNumbers> left, Lanes<TNumbers> right)
    {
        TNumbers y = left._numbers;
        Span<double> quotient = Writable(ref y);
        ReadOnlySpan<double> divisor = Numbers(in right._numbers);
        for (int i = 0; i < quotient.Length; i++)
        {
            quotient[i] /= divisor[i];
        }

        return new(y);
    }

    public static Lanes<TNumbers> operator %(Lanes<TNumbers> left, Lanes<TNumbers> right) => Map(left, right, static (a, b) => a % b);

    private static Lanes<TNumbers> Map(Lanes<TNumbers> x, Func<double, double> function)
    {
        TNumbers y = x._numbers;
        foreach (ref double number in Writable(ref y))
        {
            number = function(number);
        }

        return new(y);
    }

    private static Lanes<TNumbers> Map(Lanes<TNumbers> x, Lanes<TNumbers> y, Func<double, double, double> function)
    {
        TNumbers z = x._numbers;
        Span<double> result = Writable(ref z);
        ReadOnlySpan<double> second = Numbers(in y._numbers);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = function(result[i], second[i]);
        }

        return new(z);
    }

    private static bool All(Lanes<TNumbers> x, Func<double, bool> question)
    {
        bool first = question(x.Value);
        foreach (double number in Numbers(in x._numbers))
        {
            if (question(number) != first)
            {
                throw new HypothesesPartException();
            }
        }

        return first;
    }

    private static bool All(Lanes<TNumbers> x, Lanes<TNumbers> y, Func<double, double, bool> question)
    {
        ReadOnlySpan<double> left = Numbers(in x._numbers), right = Numbers(in y._numbers);
        bool first = question(left[0], right[0]);
        for (int i = 1; i < left.Length; i++)
        {
            if (question(left[i], right[i]) != first)
            {
                throw new HypothesesPartException();
            }
        }

        return first;
    }

    // The number that leaves for another type.
    private double Alike() => Differs ? throw new HypothesesPartException() : Value;

    private static ReadOnlySpan<double> Numbers(in TNumbers numbers) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TNumbers, double>(ref Unsafe.AsRef(in numbers)), TNumbers.Directions);

    private static Span<double> Writable(ref TNumbers numbers) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<TNumbers, double>(ref numbers), TNumbers.Directions);
}
