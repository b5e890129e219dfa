using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>Uniform on an interval; the ends count as inside.</summary>
public sealed class Uniform : ScalarDistribution
{
    private readonly double _logWidth;

    /// <exception cref="ArgumentException">An end is not finite, the width is not positive, or it overflows.</exception>
    public Uniform(double lower, double upper)
        : base(new Support(Require.Finite(lower), Require.Finite(upper)))
    {
        if (!(lower < upper) || !double.IsFinite(upper - lower))
        {
            throw new ArgumentException($"Expected lower < upper with a finite width, got [{lower}, {upper}].");
        }

        _logWidth = Math.Log(upper - lower);
    }

    public override double Mean => 0.5 * Support.Lower + 0.5 * Support.Upper;

    public override double Variance => (Support.Upper - Support.Lower) * ((Support.Upper - Support.Lower) / 12);

    private protected override double LogDensity(double x) => -_logWidth;

    private protected override double CdfInside(double x) => (x - Support.Lower) / (Support.Upper - Support.Lower);

    // From the nearer end, whose distance keeps its digits.
    private protected override double ScoreInside(double x)
    {
        double width = Support.Upper - Support.Lower, above = (x - Support.Lower) / width;
        return above <= 0.5 ? SpecialFunctions.NormalQuantile(above) : -SpecialFunctions.NormalQuantile((Support.Upper - x) / width);
    }

    private protected override double AtScore(double score)
    {
        double part = (Support.Upper - Support.Lower) * SpecialFunctions.NormalCdf(-Math.Abs(score));
        return score < 0 ? Support.Lower + part : Support.Upper - part;
    }

    private protected override double Draw(Rng rng) => rng.NextUniform(Support.Lower, Support.Upper);
}
