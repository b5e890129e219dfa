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
}
