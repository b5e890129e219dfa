using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>A distribution of one number.</summary>
/// <remarks>
/// The rules at the edges live here, once: NaN gives NaN; outside the support, at infinity, and at an edge where the density itself is
/// infinite (so that no weight becomes infinite) the log-density is negative infinity; at other edges it is the limit from inside.
/// Continuous draws lie strictly inside the support: one that rounding puts on an edge is moved to the nearest float64 inside.
/// </remarks>
public abstract class ScalarDistribution : IDistribution
{
    private readonly Support[] _supports;

    private protected ScalarDistribution(Support support) => _supports = [support];

    public int Dimension => 1;

    public IReadOnlyList<Support> Supports => _supports;

    public Support Support => _supports[0];

    /// <summary>NaN where it does not exist.</summary>
    public abstract double Mean { get; }

    /// <summary>NaN where it does not exist, infinite where it diverges.</summary>
    public abstract double Variance { get; }

    /// <summary>Log-density (log-probability if discrete).</summary>
    public double LogProb(double x)
    {
        if (double.IsNaN(x))
        {
            return double.NaN;
        }

        double value = Support.Contains(x) ? LogDensity(x) : double.NegativeInfinity;
        return double.IsPositiveInfinity(value) ? double.NegativeInfinity : value;
    }

    public double LogProb(ReadOnlySpan<double> x)
    {
        Require.Length(x.Length, 1, nameof(x));
        return LogProb(x[0]);
    }

    /// <summary>Probability of at most <paramref name="x"/>; NaN for NaN.</summary>
    public double Cdf(double x) => double.IsNaN(x) ? x
        : x < Support.Lower || double.IsNegativeInfinity(x) ? 0
        : x >= Support.Upper ? 1
        : CdfInside(x);

    public double Sample(Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        double x = Draw(rng);
        return Support.Discrete ? x : Support.RoundInside(x);
    }

    public void Sample(Span<double> x, Rng rng)
    {
        Require.Length(x.Length, 1, nameof(x));
        x[0] = Sample(rng);
    }

    /// <summary>The standard normal number with as much probability below it, Φ⁻¹(F(x)); infinite on and beyond the ends of the support, NaN for NaN. For continuous distributions.</summary>
    /// <remarks>Above the median 1 - F(x) has absolute errors of 1e-16, so that scores lose digits from 6 on and end at 8.2, unless the distribution is normal, log-normal, uniform or exponential.</remarks>
    public double NormalScore(double x) => double.IsNaN(x) ? x
        : x <= Support.Lower ? double.NegativeInfinity
        : x >= Support.Upper ? double.PositiveInfinity
        : ScoreInside(x);

    /// <summary>The number in the support whose <see cref="NormalScore"/> this is. For continuous distributions; some take a hundred evaluations of the distribution function.</summary>
    /// <param name="score">Finite.</param>
    public double FromNormalScore(double score) => Support.RoundInside(AtScore(score));

    private protected virtual double ScoreInside(double x)
    {
        double p = Cdf(x);
        return p <= 0.5 ? SpecialFunctions.NormalQuantile(p) : -SpecialFunctions.NormalQuantile(Math.Max(1 - p, 1 - Math.BitDecrement(1.0)));
    }

    // By halving an interval of the unconstrained coordinate, in which the support is the whole line.
    private protected virtual double AtScore(double score)
    {
        double p = SpecialFunctions.NormalCdf(score);
        var map = new SupportBijection(_supports);
        double x = 0, low = -1, high = 1;
        double Below(double z)
        {
            map.ToConstrained([z], new Span<double>(ref x));
            return Cdf(x);
        }

        while (Below(low) > p && low > -1e300)
        {
            low *= 2;
        }

        while (Below(high) < p && high < 1e300)
        {
            high *= 2;
        }

        for (double middle = 0.5 * (low + high); middle > low && middle < high; middle = 0.5 * (low + high))
        {
            (low, high) = Below(middle) < p ? (middle, high) : (low, middle);
        }

        _ = Below(high);
        return x;
    }

    // Called for finite x in the support, ends included.
    private protected abstract double LogDensity(double x);

    private protected abstract double CdfInside(double x);

    private protected abstract double Draw(Rng rng);
}
