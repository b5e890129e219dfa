using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Sequential;

/// <summary>A prior restricted to an ellipsoid in its unconstrained coordinates, or to what several have in common, and sampled exactly.</summary>
/// <remarks>
/// What truncated sequential estimation draws from (Deistler, Gonçalves and Macke 2022, arXiv:2210.04815): since the density
/// inside is the prior's own, the ordinary training loss stays right and needs no correction. Draws come from the cheapest of three
/// rejection samplers, chosen by a pilot with a fixed stream: prior draws that fall inside, points uniform in the ellipsoid (of several, that of least volume)
/// accepted in proportion to the prior density there, or, where those are rarely accepted, points of a normal distribution about its centre. The last two need an upper bound, found by climbing from the best pilot points;
/// <see cref="BoundExceeded"/> counts draws above it (each is a small error, and none is expected).
/// </remarks>
public sealed class RestrictedPrior : ITruncatedPrior
{
    private const int LargestTries = PriorRejection.LargestTries;

    // With fewer draws from the other two, normal candidates are worth their pilots.
    private const double RareAcceptance = 0.02;

    private readonly IDistribution _prior;
    private readonly SupportBijection _bijection;
    private readonly Ellipsoid _region;
    private readonly Ellipsoid[] _others;
    private readonly RegionCandidates? _candidates;     // none where draws of the prior do better
    private readonly double _logMass;
    private long _boundExceeded;

    /// <param name="region">In the unconstrained coordinates of <paramref name="bijection"/>.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or the prior has no density anywhere in the region, or none at all.</exception>
    public RestrictedPrior(IDistribution prior, SupportBijection bijection, Ellipsoid region)
        : this(prior, bijection, region is null ? throw new ArgumentNullException(nameof(region)) : [region])
    {
    }

    /// <param name="regions">At least one, in the unconstrained coordinates of <paramref name="bijection"/>; inside is what lies in all of them.</param>
    /// <exception cref="ArgumentException">There is none, the dimensions differ, or the prior has no density anywhere in all of them, or none at all.</exception>
    public RestrictedPrior(IDistribution prior, SupportBijection bijection, IReadOnlyList<Ellipsoid> regions)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(regions);
        ArgumentOutOfRangeException.ThrowIfZero(regions.Count, nameof(regions));
        Require.Density(prior, "Truncation to ellipsoids (TSNPE) needs", nameof(prior));
        if (regions.FirstOrDefault(r => r.Dimension != prior.Dimension) is { } other)
        {
            throw new ArgumentException($"Expected a region of {prior.Dimension} dimensions, got {other.Dimension}.", nameof(regions));
        }

        Ellipsoid region = regions.MinBy(r => r.LogVolume)!;
        (_prior, _bijection, _region, _others, Regions) = (prior, bijection, region, [.. regions.Where(r => r != region)], [.. regions]);

        // The pilot's stream is fixed: a restricted prior is a function of prior and region alone.
        var rng = new Rng(0);
        double shareInside = PriorRejection.ShareInside(prior, rng.Split("prior"), CountInside);
        var candidates = RegionCandidates.Uniform(region, IsInOthers, LogDensity, rng.Split("ellipsoid"));
        if (Math.Max(shareInside, candidates.Acceptance) < RareAcceptance && RegionCandidates.Normal(region, IsInOthers, LogDensity, rng.Split("normal")) is { } normal && normal.Acceptance > candidates.Acceptance)
        {
            candidates = normal;
        }

        if (!(candidates.Acceptance > 0) && shareInside == 0)
        {
            throw new ArgumentException("The prior has no density anywhere in the region.", nameof(regions));
        }

        _candidates = shareInside > candidates.Acceptance ? null : candidates;

        // Two estimates of the mass, each with its relative error from the same draws; the better one counts.
        double errorFromPrior = PriorRejection.LogError(shareInside);
        bool byPrior = !(candidates.LogMassError <= errorFromPrior);
        _logMass = byPrior ? Math.Log(shareInside) : candidates.LogMass;
        LogMassError = byPrior ? errorFromPrior : candidates.LogMassError;
        Acceptance = Math.Max(shareInside, candidates.Acceptance);
    }

    public int Dimension => _prior.Dimension;

    public IReadOnlyList<Support> Supports => _prior.Supports;

    /// <summary>log of the prior's mass inside, estimated once with 20,000 draws; <see cref="LogProb"/> has its error.</summary>
    public double LogMass => _logMass;

    /// <summary>Standard error of <see cref="LogMass"/>: of a per cent or a few, unless next to none of the candidates are accepted.</summary>
    public double LogMassError { get; }

    /// <summary>Share of candidates that become draws.</summary>
    public double Acceptance { get; }

    /// <summary>Draws so far whose density was above the bound that the search found.</summary>
    public long BoundExceeded => Interlocked.Read(ref _boundExceeded);

    /// <summary>In the order in which they were given.</summary>
    public IReadOnlyList<Ellipsoid> Regions { get; }

    /// <summary>Of several, the one of least volume.</summary>
    public Ellipsoid Region => _region;

    /// <summary>Whether a parameter vector lies inside; false outside the prior's support and for NaN.</summary>
    public bool Contains(ReadOnlySpan<double> theta)
    {
        if (!_bijection.Contains(theta))
        {
            return false;
        }

        Span<double> z = Dimension <= 64 ? stackalloc double[Dimension] : new double[Dimension];
        _bijection.ToUnconstrained(theta, z);
        return _region.Contains(z) && IsInOthers(z);
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
        if (_candidates is null ? PriorRejection.TrySample(_prior, Contains, x, rng, LargestTries) : TrySample(_candidates, x, rng))
        {
            return;
        }

        throw new InvalidOperationException($"No draw of the restricted prior in {LargestTries} candidates: the region holds next to none of the prior.");
    }

    private bool TrySample(RegionCandidates candidates, Span<double> x, Rng rng)
    {
        Span<double> z = Dimension <= 64 ? stackalloc double[Dimension] : new double[Dimension];
        for (int attempt = 0; attempt < LargestTries; attempt++)
        {
            bool isDraw = candidates.TrySample(z, x, rng, out bool exceeds);
            if (exceeds)
            {
                Interlocked.Increment(ref _boundExceeded);
            }

            if (isDraw)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsInOthers(ReadOnlySpan<double> z)
    {
        foreach (Ellipsoid other in _others)
        {
            if (!other.Contains(z))
            {
                return false;
            }
        }

        return true;
    }

    // Prior density in unconstrained coordinates; theta is left in x.
    private double LogDensity(ReadOnlySpan<double> z, Span<double> x)
    {
        _bijection.ToConstrained(z, x);
        return _prior.LogProb(x) + _bijection.LogAbsDetToConstrained(z);
    }

    private int CountInside(ReadOnlySpan<double> thetas)
    {
        int inside = 0;
        for (int row = 0; row < thetas.Length; row += Dimension)
        {
            inside += Contains(thetas.Slice(row, Dimension)) ? 1 : 0;
        }

        return inside;
    }
}
