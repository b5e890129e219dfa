using Quincunx.Inference.Diagnostics;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Events that agree with an observation, weighted as their posterior asks: what every method of explaining ends in.</summary>
/// <remarks>Events of weight 0 are not kept. Where nothing agreed there are no events, and expectations are NaN.</remarks>
public sealed class ExplainedTraces
{
    private readonly TraceRecord[] _records;
    private readonly double[] _weights;
    private readonly int[]? _chainLengths;

    private ExplainedTraces(TraceRecord[] records, double[] weights, int[]? chainLengths) =>
        (_records, _weights, _chainLengths) = (records, weights, chainLengths);

    /// <summary>The events. A chain's follow each other in order, one chain after the other.</summary>
    public IReadOnlyList<TraceRecord> Records => _records;

    /// <summary>Their weights, with sum 1.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Expectation of a quantity of an event.</summary>
    public TraceMean Expectation(Func<TraceRecord, double> quantity)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        double[] values = Array.ConvertAll(_records, r => quantity(r));
        return _chainLengths is null ? OfWeights(values) : OfChains(values);
    }

    /// <summary>The same weights on other events, made one of each.</summary>
    internal ExplainedTraces Each(Func<TraceRecord, int, TraceRecord> change) => new([.. _records.Select(change)], _weights, _chainLengths);

    /// <summary>Probability that something holds of an event.</summary>
    public TraceMean Probability(Func<TraceRecord, bool> holds)
    {
        ArgumentNullException.ThrowIfNull(holds);
        return Expectation(r => holds(r) ? 1 : 0);
    }

    /// <summary>The posterior of one site.</summary>
    public SiteMarginal Marginal(Site site)
    {
        List<double> values = [], weights = [];
        double sum = 0;
        for (int i = 0; i < _records.Length; i++)
        {
            if (_records[i].TryGet(site, out TraceEntry entry))
            {
                values.Add(entry.Value);
                weights.Add(_weights[i]);
                sum += _weights[i];
            }
        }

        return new SiteMarginal(_records.Length == 0 ? double.NaN : sum, [.. values], [.. weights.Select(w => w / sum)]);
    }

    /// <param name="records">Null for an event of weight 0.</param>
    /// <param name="weights">Any common factor.</param>
    internal static ExplainedTraces Weighted(TraceRecord?[] records, ReadOnlySpan<double> weights)
    {
        List<TraceRecord> kept = [];
        List<double> its = [];
        double sum = 0;
        for (int i = 0; i < records.Length; i++)
        {
            if (records[i] is TraceRecord record && weights[i] > 0)
            {
                kept.Add(record);
                its.Add(weights[i]);
                sum += weights[i];
            }
        }

        return new ExplainedTraces([.. kept], [.. its.Select(w => w / sum)], null);
    }

    internal static ExplainedTraces OfChains(IReadOnlyList<IReadOnlyList<TraceRecord>> chains)
    {
        TraceRecord[] all = [.. chains.SelectMany(c => c)];
        double[] weights = new double[all.Length];
        Array.Fill(weights, 1.0 / all.Length);
        return new ExplainedTraces(all, weights, [.. chains.Select(c => c.Count)]);
    }

    /// <summary>The values of a quantity along each chain.</summary>
    internal double[][] Series(Func<TraceRecord, double> quantity)
    {
        int from = 0;
        return [.. (_chainLengths ?? [_records.Length]).Select(length =>
        {
            double[] series = Array.ConvertAll(_records[from..(from + length)], r => quantity(r));
            from += length;
            return series;
        })];
    }

    // The ratio of two means of n draws: the variance is Σ w² (f - mean)² with weights of sum 1 (Owen 2013, Monte Carlo theory, methods and examples, chapter 9).
    private TraceMean OfWeights(double[] values)
    {
        if (values.Length == 0)
        {
            return new TraceMean(double.NaN, double.NaN, 0);
        }

        double mean = 0, variance = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            mean += _weights[i] * values[i];
            squares += _weights[i] * _weights[i];
        }

        for (int i = 0; i < values.Length; i++)
        {
            double part = _weights[i] * (values[i] - mean);
            variance += part * part;
        }

        return new TraceMean(mean, Math.Sqrt(variance), 1 / squares);
    }

    private TraceMean OfChains(double[] values)
    {
        int from = 0;
        List<double[]> series = [];
        foreach (int length in _chainLengths!)
        {
            if (length >= 2)
            {
                series.Add(values[from..(from + length)]);
            }

            from += length;
        }

        if (series.Count == 0)
        {
            return new TraceMean(values.Length == 0 ? double.NaN : values.Average(), double.NaN, values.Length);
        }

        AutocorrelatedMean mean = AutocorrelatedMean.Of(series);
        return new TraceMean(mean.Mean, mean.Error, mean.EffectiveCount);
    }
}
