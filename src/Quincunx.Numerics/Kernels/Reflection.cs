namespace Quincunx.Numerics.Kernels;

/// <summary>Householder reflections.</summary>
internal static class Reflection
{
    /// <summary>The reflection <c>1 - β u uᵀ</c> that takes x to a multiple of the first axis.</summary>
    /// <param name="x">In: the vector. Out: u.</param>
    /// <returns>The first entry of the reflected vector, whose others are 0; and β, 0 where nothing is to be done.</returns>
    /// <remarks>Golub and Van Loan 2013, section 5.1.3, with the sign that does not cancel. Scaled, so that squares neither overflow nor vanish.</remarks>
    public static (double Reflected, double Beta) Of(Span<double> x)
    {
        double largest = 0;
        for (int i = 1; i < x.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(x[i]));
        }

        double first = x[0];
        if (largest == 0)
        {
            return (first, 0);
        }

        largest = Math.Max(largest, Math.Abs(first));
        for (int i = 0; i < x.Length; i++)
        {
            x[i] /= largest;
        }

        double tail = RowUpdates.Dot<double>(x[1..], x[1..]), norm = Math.Sqrt((x[0] * x[0]) + tail);
        double reflected = -Math.CopySign(norm, x[0]);
        x[0] -= reflected;
        return (largest * reflected, 2 / ((x[0] * x[0]) + tail));
    }

    /// <summary>Negates a vector whose entry of largest size, the first of equals, is negative: a sign that no rounding decides.</summary>
    /// <returns>Whether it was negated.</returns>
    public static bool MakeLargestPositive(Span<double> x)
    {
        int at = 0;
        for (int i = 1; i < x.Length; i++)
        {
            at = Math.Abs(x[i]) > Math.Abs(x[at]) ? i : at;
        }

        bool negative = x.Length > 0 && x[at] < 0;
        if (negative)
        {
            Negate(x);
        }

        return negative;
    }

    public static void Negate(Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = -x[i];
        }
    }
}
