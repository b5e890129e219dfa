using System.Numerics;

namespace Quincunx.Tests.Numerics.Kernels;

/// <summary>Elementary functions in fixed point with 1280 fractional bits, against which the last digits of a double can be judged.</summary>
internal static class BigReference
{
    private const int Bits = 1280;

    private static readonly BigInteger One = BigInteger.One << Bits;

    // log 2 = Σ 1 / (k 2ᵏ)
    private static readonly BigInteger Log2 = Enumerable.Range(1, Bits).Aggregate(BigInteger.Zero, (sum, k) => sum + ((One >> k) / k));

    // π by Machin's formula
    private static readonly BigInteger Pi = 4 * ((4 * ArcCot(5)) - ArcCot(239));

    public static BigInteger Of(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger fraction = (bits & 0xFFFFFFFFFFFFFL) | (exponent == 0 ? 0 : 1L << 52);
        BigInteger value = fraction << (Bits - 1075 + Math.Max(exponent, 1));
        return x < 0 ? -value : value;
    }

    public static BigInteger Exp(BigInteger x)
    {
        BigInteger n = BigInteger.Divide((2 * x) + Log2, 2 * Log2);
        BigInteger r = (x - (n * Log2)) >> 16, term = One, sum = One;
        for (int k = 1; !term.IsZero && !(term == -1); k++)
        {
            term = (term * r >> Bits) / k;
            sum += term;
        }

        for (int i = 0; i < 16; i++)
        {
            sum = sum * sum >> Bits;
        }

        return n >= 0 ? sum << (int)n : sum >> (int)-n;
    }

    public static BigInteger Log(BigInteger x)
    {
        int size = (int)x.GetBitLength() - 60;
        double top = (double)(size > 0 ? x >> size : x << -size);
        BigInteger y = Of(Math.Log(top)) + ((size - Bits) * Log2);
        for (int i = 0; i < 3; i++)
        {
            // Halley's step triples the number of digits.
            BigInteger e = Exp(y);
            y += ((2 * (x - e)) << Bits) / (x + e);
        }

        return y;
    }

    public static BigInteger Expm1(BigInteger x) => Exp(x) - One;

    public static BigInteger Log1p(BigInteger x) => Log(One + x);

    public static BigInteger Sigmoid(BigInteger x) => Divide(One, One + Exp(-x));

    public static BigInteger Tanh(BigInteger x) => One - (2 * Divide(One, One + Exp(2 * x)));

    public static BigInteger Softplus(BigInteger x) => Log(One + Exp(x));

    public static BigInteger Silu(BigInteger x) => x * Sigmoid(x) >> Bits;

    public static BigInteger Gelu(BigInteger x) => x * NormalCdf(x) >> Bits;

    /// <summary>By its Taylor series: for arguments up to about 20, where its terms still leave 500 good bits.</summary>
    public static BigInteger Erf(BigInteger x) => 2 * Divide(ErfIntegral(x), Root(Pi));

    public static BigInteger NormalCdf(BigInteger x) => (One + Erf(Divide(x, Root(2 * One)))) >> 1;

    /// <summary>Distance of a double from the true value, in units of the last place of the precision with so many bits.</summary>
    public static double Units(double actual, BigInteger expected, int precision, int lowestExponent)
    {
        // The unit of the binade that the true value is in.
        int exponent = (int)BigInteger.Abs(expected).GetBitLength() - 1 - Bits;
        int unit = Math.Max(exponent, lowestExponent) - precision + 1;
        BigInteger distance = BigInteger.Abs(Of(actual) - expected);
        return (double)(distance >> (Bits + unit - 20 > 0 ? Bits + unit - 20 : 0)) / (1 << 20);
    }

    private static BigInteger ErfIntegral(BigInteger x)
    {
        BigInteger square = x * x >> Bits, power = x, sum = x;
        for (int k = 1; BigInteger.Abs(power) > 1; k++)
        {
            power = -(power * square >> Bits) / k;
            sum += power / ((2 * k) + 1);
        }

        return sum;
    }

    private static BigInteger Divide(BigInteger a, BigInteger b) => (a << Bits) / b;

    private static BigInteger Root(BigInteger x)
    {
        BigInteger y = One;
        for (BigInteger before = BigInteger.Zero; BigInteger.Abs(y - before) > 1;)
        {
            before = y;
            y = (y + Divide(x, y)) >> 1;
        }

        return y;
    }

    private static BigInteger ArcCot(int n)
    {
        BigInteger term = One / n, sum = BigInteger.Zero;
        for (int k = 0; !term.IsZero; k++)
        {
            sum += (k % 2 == 0 ? term : -term) / ((2 * k) + 1);
            term /= n * n;
        }

        return sum;
    }
}
