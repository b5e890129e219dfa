using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Sequential;

/// <summary>Points of an ellipsoid of which some are accepted, so that they follow a density there.</summary>
/// <remarks>
/// Candidates are uniform, or normal about the centre with the ellipsoid's own shape and cut off at its surface, where in many dimensions nearly all of the volume lies and next to none of the density. They are accepted by the ratio of
/// the two densities, of which a pilot of 20,000 finds an upper bound by climbing from its best points.
/// </remarks>
internal sealed class RegionCandidates
{
    private const int PilotDraws = PriorRejection.PilotDraws, Climbs = 5;
    private const double RoomAboveBound = 0.02;

    // Climbs to one maximum end together; those of a ratio that has several might all miss the highest.
    private const double LargestSpread = 0.02;

    private readonly Ellipsoid _region;
    private readonly PriorRejection.Region _isInOthers;
    private readonly LogDensityAt _logDensity;
    private readonly double _scale, _logBound;
    private readonly bool _isBounded;

    /// <param name="scale">Of the normal candidates, in units of the ellipsoid's shape; infinite for uniform ones.</param>
    /// <param name="rng">The pilot's.</param>
    private RegionCandidates(Ellipsoid region, PriorRejection.Region isInOthers, LogDensityAt logDensity, double scale, Rng rng)
    {
        (_region, _isInOthers, _logDensity, _scale) = (region, isInOthers, logDensity, scale);
        int d = region.Dimension;
        double[] points = new double[PilotDraws * d], x = new double[d], ratios = new double[PilotDraws];
        for (int i = 0; i < PilotDraws; i++)
        {
            Span<double> z = points.AsSpan(i * d, d);
            region.Sample(z, scale, rng);
            ratios[i] = isInOthers(z) ? LogRatio(z, x) : double.NegativeInfinity;
        }

        // The best, and for normal candidates some that are anywhere.
        int[] order = [.. Enumerable.Range(0, PilotDraws).OrderByDescending(i => ratios[i])];
        IEnumerable<int> starts = double.IsInfinity(scale) ? order.Take(Climbs) : order.Take(Climbs).Concat(Enumerable.Range(0, Climbs));
        _logBound = new DensityBound(z => LogRatio(z, x), region).From(starts.Select(i => points.AsSpan(i * d, d).ToArray()), out double spread) + RoomAboveBound;
        _isBounded = spread <= LargestSpread && ratios.Max() <= _logBound;
        Acceptance = double.IsFinite(_logBound) ? ratios.Average(log => Math.Exp(log - _logBound)) : 0;
        double meanSquare = ratios.Average(log => Math.Exp(2 * (log - _logBound)));
        LogMass = region.LogNormaliser(scale) + _logBound + Math.Log(Acceptance);
        LogMassError = Math.Sqrt(Math.Max(0, (meanSquare / (Acceptance * Acceptance)) - 1) / PilotDraws);
    }

    /// <param name="x">Gets theta.</param>
    /// <returns>The log-density in unconstrained coordinates.</returns>
    public delegate double LogDensityAt(ReadOnlySpan<double> z, Span<double> x);

    /// <summary>Share of candidates that become draws; 0 where the density vanishes at all of the pilot's.</summary>
    public double Acceptance { get; }

    /// <summary>log of the density's integral over the region.</summary>
    public double LogMass { get; }

    public double LogMassError { get; }

    /// <summary>Uniform candidates.</summary>
    public static RegionCandidates Uniform(Ellipsoid region, PriorRejection.Region isInOthers, LogDensityAt logDensity, Rng rng) =>
        new(region, isInOthers, logDensity, double.PositiveInfinity, rng);

    /// <summary>The best of normal candidates with a bound that can be relied on: all climbs end at it and the pilot stays below. Null where there are none.</summary>
    public static RegionCandidates? Normal(Ellipsoid region, PriorRejection.Region isInOthers, LogDensityAt logDensity, Rng rng) =>
        Enumerable.Range(-2, 7)
            .Select(k => new RegionCandidates(region, isInOthers, logDensity, region.Radius / Math.Sqrt(region.Dimension) * Math.Pow(2, 0.5 * k), rng.Split(k + 2)))
            .Where(c => c.Acceptance > 0 && c._isBounded)
            .MaxBy(c => c.Acceptance);

    /// <summary>One candidate.</summary>
    /// <param name="exceeds">Whether the ratio was above the bound, which is a small error.</param>
    /// <returns>Whether it is a draw; theta is in x then.</returns>
    public bool TrySample(Span<double> z, Span<double> x, Rng rng, out bool exceeds)
    {
        exceeds = false;
        _region.Sample(z, _scale, rng);
        if (!_isInOthers(z))
        {
            return false;
        }

        double excess = LogRatio(z, x) - _logBound;
        exceeds = excess > 0;
        return rng.NextDouble() < Math.Exp(excess);
    }

    private double LogRatio(ReadOnlySpan<double> z, Span<double> x)
    {
        double log = _logDensity(z, x);
        if (double.IsInfinity(_scale) || !double.IsFinite(log))
        {
            return log;
        }

        double r = _region.Distance(z) / _scale;
        return log + (0.5 * r * r);
    }
}
