using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nre;

/// <summary>Independent scalar distributions, each cut to an interval: a prior truncated to a box.</summary>
/// <remarks>Draws invert the distribution functions by bisection, so that a thin box costs no more than a thick one. Intervals of less than about 1e-12 of a coordinate's mass lose digits.</remarks>
public sealed class TruncatedProduct : ITruncatedPrior
{
    // More than float64 has digits between any two finite numbers of the same order.
    private const int Bisections = 100;
    private readonly ScalarDistribution[] _parts;
    private readonly Support[] _supports;
    private readonly (double Below, double Inside)[] _masses;

    /// <summary>The whole support.</summary>
    /// <exception cref="ArgumentException">A part is not a continuous scalar distribution.</exception>
    public TruncatedProduct(IndependentProduct prior)
        : this(prior, prior?.Supports ?? throw new ArgumentNullException(nameof(prior)))
    {
    }

    /// <param name="box">One interval a coordinate, cut to the coordinate's support; infinite ends are none.</param>
    /// <exception cref="ArgumentException">A part is not a continuous scalar distribution, or has no mass in its interval.</exception>
    public TruncatedProduct(IndependentProduct prior, IReadOnlyList<Support> box)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(box);
        if (box.Count != prior.Dimension || prior.Parts.Count != prior.Dimension)
        {
            throw new ArgumentException($"Expected {prior.Parts.Count} scalar parts and as many intervals, got {prior.Dimension} coordinates and {box.Count} intervals.", nameof(box));
        }

        _parts = [.. prior.Parts.Select(p => p.Distribution as ScalarDistribution ?? throw new ArgumentException($"Expected a scalar distribution, got {p.Distribution.GetType().Name} as '{p.Name}'.", nameof(prior)))];
        _supports = [.. box.Select((b, i) => new Support(Math.Max(b.Lower, _parts[i].Support.Lower), Math.Min(b.Upper, _parts[i].Support.Upper)))];
        _masses = [.. _parts.Select((p, i) => (p.Cdf(_supports[i].Lower), p.Cdf(_supports[i].Upper) - p.Cdf(_supports[i].Lower)))];
        for (int i = 0; i < _masses.Length; i++)
        {
            if (!(_masses[i].Inside > 0) || _parts[i].Support.Discrete)
            {
                throw new ArgumentException($"Expected a continuous coordinate with mass in its interval, got '{prior.Names[i]}' in [{_supports[i].Lower:R}, {_supports[i].Upper:R}].", nameof(box));
            }
        }
    }

    /// <inheritdoc/>
    public int Dimension => _parts.Length;

    /// <inheritdoc/>
    public IReadOnlyList<Support> Supports => _supports;

    /// <summary>Log of the share of the whole prior that lies in the box.</summary>
    public double LogMass => _masses.Sum(m => Math.Log(m.Inside));

    /// <summary>Whether a theta lies in the box.</summary>
    public bool Contains(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        for (int i = 0; i < theta.Length; i++)
        {
            if (!_supports[i].Contains(theta[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public double LogProb(ReadOnlySpan<double> x)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += double.IsNaN(x[i]) ? double.NaN : _supports[i].Contains(x[i]) ? _parts[i].LogProb(x[i]) - Math.Log(_masses[i].Inside) : double.NegativeInfinity;
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Sample(Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Require.Length(x.Length, Dimension, nameof(x));
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Quantile(_parts[i], _supports[i], _masses[i].Below + (rng.NextOpenDouble() * _masses[i].Inside));
        }
    }

    private static double Quantile(ScalarDistribution part, Support interval, double mass)
    {
        (double low, double high) = (interval.Lower, interval.Upper);
        double start = double.IsFinite(low) ? low : double.IsFinite(high) ? high : 0, step = 1;
        for (; double.IsInfinity(low) || double.IsInfinity(high); step *= 2)
        {
            low = double.IsInfinity(low) && (part.Cdf(start - step) <= mass || step > 1e300) ? start - step : low;
            high = double.IsInfinity(high) && (part.Cdf(start + step) >= mass || step > 1e300) ? start + step : high;
        }

        for (int i = 0; i < Bisections && low < high; i++)
        {
            double middle = low + (0.5 * (high - low));
            if (middle <= low || middle >= high)
            {
                break;
            }

            (low, high) = part.Cdf(middle) < mass ? (middle, high) : (low, middle);
        }

        return interval.RoundInside(low + (0.5 * (high - low)));
    }
}
