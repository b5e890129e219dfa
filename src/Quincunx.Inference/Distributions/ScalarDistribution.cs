using Quincunx.Numerics.Random;

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

    // Called for finite x in the support, ends included.
    private protected abstract double LogDensity(double x);

    private protected abstract double CdfInside(double x);

    private protected abstract double Draw(Rng rng);
}
