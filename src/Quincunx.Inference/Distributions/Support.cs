namespace Quincunx.Inference.Distributions;

/// <summary>The set on which one coordinate has positive density: an interval, or whole numbers in it.</summary>
/// <param name="Lower">Lower end, or negative infinity.</param>
/// <param name="Upper">Upper end, or positive infinity.</param>
/// <param name="Discrete">Only whole numbers from <paramref name="Lower"/> to <paramref name="Upper"/>, both included.</param>
public readonly record struct Support(double Lower, double Upper, bool Discrete = false)
{
    /// <summary>The whole real line.</summary>
    public static Support Real => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Positive numbers.</summary>
    public static Support Positive => new(0, double.PositiveInfinity);

    /// <summary>Whether <paramref name="x"/> is finite and in the interval, finite ends included (they have probability zero); false for NaN.</summary>
    public bool Contains(double x) => double.IsFinite(x) && x >= Lower && x <= Upper && (!Discrete || x == Math.Floor(x));

    /// <summary>
    /// Moves a number that rounding put on or beyond an end to the nearest float64 strictly inside; on the lower end where no float64 lies
    /// between the ends. NaN stays NaN.
    /// </summary>
    internal double RoundInside(double x)
    {
        double first = Math.BitIncrement(Lower), last = Math.BitDecrement(Upper);
        return x < first ? (first < Upper ? first : Lower)
            : x > last ? (last > Lower ? last : Lower)
            : x;
    }
}
