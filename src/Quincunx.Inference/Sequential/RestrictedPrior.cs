using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Sequential;

/// <summary>A prior restricted to an ellipsoid in its unconstrained coordinates, and sampled exactly.</summary>
/// <remarks>
/// What truncated sequential estimation draws from (Deistler, Gonçalves and Macke 2022, arXiv:2210.04815): since the density
/// inside is the prior's own, the ordinary training loss stays right and needs no correction. Draws come from the cheaper of two
/// rejection samplers, chosen by a pilot with a fixed stream: prior draws that fall inside, or points uniform in the ellipsoid
/// accepted in proportion to the prior density there. The second needs an upper bound of that density, found by search;
/// <see cref="BoundExceeded"/> counts draws above it (each is a small error, and none is expected).
/// </remarks>
public sealed class RestrictedPrior : IDistribution
{
    private const int PilotDraws = 20_000, SearchSteps = 2_000, LargestTries = 10_000_000;
    private readonly IDistribution _prior;
    private readonly SupportBijection _bijection;
    private readonly Ellipsoid _region;
    private readonly bool _fromPrior;
    private readonly double _logBound, _logMass;
    private long _boundExceeded;

    /// <param name="region">In the unconstrained coordinates of <paramref name="bijection"/>.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or the prior has no density anywhere in the region.</exception>
    public RestrictedPrior(IDistribution prior, SupportBijection bijection, Ellipsoid region)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(region);
        if (prior.Dimension != region.Dimension)
        {
            throw new ArgumentException($"Expected a region of {prior.Dimension} dimensions, got {region.Dimension}.", nameof(region));
        }

        (_prior, _bijection, _region) = (prior, bijection, region);

        // The pilot's stream is fixed: a restricted prior is a function of prior and region alone.
        var rng = new Rng(0);
        double shareInside = ShareOfPriorInside(rng.Split("prior"));
        double[] densities = PilotDensities(rng.Split("ellipsoid"), out _logBound);
        double mean = densities.Average(log => Math.Exp(log - _logBound));
        if (!(mean > 0) && shareInside == 0)
        {
            throw new ArgumentException("The prior has no density anywhere in the region.", nameof(region));
        }

        _fromPrior = shareInside > mean;
        _logMass = shareInside > 0.05 ? Math.Log(shareInside) : region.LogVolume + _logBound + Math.Log(mean);
        Acceptance = Math.Max(shareInside, mean);
    }

    public int Dimension => _prior.Dimension;

    public IReadOnlyList<Support> Supports => _prior.Supports;

    /// <summary>log of the prior's mass inside, estimated once with 20,000 draws (relative error of a per cent or a few).</summary>
    public double LogMass => _logMass;

    /// <summary>Share of candidates that become draws.</summary>
    public double Acceptance { get; }

    /// <summary>Draws so far whose density was above the bound that the search found.</summary>
    public long BoundExceeded => Interlocked.Read(ref _boundExceeded);

    public Ellipsoid Region => _region;

    /// <summary>Whether a parameter vector lies inside.</summary>
    public bool Contains(ReadOnlySpan<double> theta)
    {
        Span<double> z = Dimension <= 64 ? stackalloc double[Dimension] : new double[Dimension];
        _bijection.ToUnconstrained(theta, z);
        return _region.Contains(z);
    }

    /// <inheritdoc/>
    public double LogProb(ReadOnlySpan<double> x)
    {
        double log = _prior.LogProb(x);
        return double.IsFinite(log) ? (Contains(x) ? log - _logMass : double.NegativeInfinity) : log;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Ten million candidates in a row were refused.</exception>
    public void Sample(Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Span<double> z = Dimension <= 64 ? stackalloc double[Dimension] : new double[Dimension];
        for (int attempt = 0; attempt < LargestTries; attempt++)
        {
            if (_fromPrior)
            {
                _prior.Sample(x, rng);
                if (Contains(x))
                {
                    return;
                }
            }
            else
            {
                _region.Sample(z, rng);
                double excess = LogDensity(z, x) - _logBound;
                if (excess > 0)
                {
                    Interlocked.Increment(ref _boundExceeded);
                }

                if (rng.NextDouble() < Math.Exp(excess))
                {
                    return;
                }
            }
        }

        throw new InvalidOperationException($"No draw of the restricted prior in {LargestTries} candidates: the region holds next to none of the prior.");
    }

    // Prior density in unconstrained coordinates; theta is left in x.
    private double LogDensity(ReadOnlySpan<double> z, Span<double> x)
    {
        _bijection.ToConstrained(z, x);
        return _prior.LogProb(x) + _bijection.LogAbsDetToConstrained(z);
    }

    private double ShareOfPriorInside(Rng rng)
    {
        double[] x = new double[Dimension];
        int inside = 0;
        for (int i = 0; i < PilotDraws; i++)
        {
            _prior.Sample(x, rng);
            inside += Contains(x) ? 1 : 0;
        }

        return inside / (double)PilotDraws;
    }

    // The best pilot point is pushed uphill by random steps that shrink when they fail; common prior densities have one
    // hill in these coordinates.
    private double[] PilotDensities(Rng rng, out double bound)
    {
        double[] z = new double[Dimension], best = new double[Dimension], x = new double[Dimension], densities = new double[PilotDraws];
        bound = double.NegativeInfinity;
        for (int i = 0; i < densities.Length; i++)
        {
            _region.Sample(z, rng);
            densities[i] = LogDensity(z, x);
            if (densities[i] > bound)
            {
                bound = densities[i];
                z.CopyTo(best, 0);
            }
        }

        double step = 0.3;
        double[] other = new double[Dimension];
        for (int i = 0; i < SearchSteps; i++)
        {
            // A step towards a random point of the region stays inside, since the region is convex.
            _region.Sample(other, rng);
            for (int k = 0; k < z.Length; k++)
            {
                z[k] = best[k] + (step * (other[k] - best[k]));
            }

            double log = LogDensity(z, x);
            if (log > bound)
            {
                bound = log;
                z.CopyTo(best, 0);
                step = Math.Min(0.5, 1.5 * step);
            }
            else
            {
                step = Math.Max(1e-3, 0.97 * step);
            }
        }

        bound += 0.05;      // room for what the search leaves
        return densities;
    }
}
