namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>The posterior of one site: whether an event comes by it, and its value where it does.</summary>
public sealed class SiteMarginal
{
    private readonly double[] _values, _weights;

    internal SiteMarginal(double presence, double[] values, double[] weights) => (Presence, _values, _weights) = (presence, values, weights);

    /// <summary>Probability that an event comes by the site.</summary>
    public double Presence { get; }

    /// <summary>The values of the events that come by it.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>Their weights, with sum 1.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Mean of the values; NaN where there are none.</summary>
    public double Mean => Sum(v => v);

    /// <summary>Standard deviation of the values; NaN where there are none.</summary>
    public double StandardDeviation
    {
        get
        {
            double mean = Mean;
            return Math.Sqrt(Sum(v => (v - mean) * (v - mean)));
        }
    }

    /// <summary>Probability of each value that occurs, in ascending order; meant for discrete choices.</summary>
    public IReadOnlyDictionary<double, double> Probabilities
    {
        get
        {
            var sums = new SortedDictionary<double, double>();
            for (int i = 0; i < _values.Length; i++)
            {
                sums[_values[i]] = sums.GetValueOrDefault(_values[i]) + _weights[i];
            }

            return sums;
        }
    }

    /// <summary>Probability of each interval between two neighbouring edges, the lower one included.</summary>
    /// <param name="edges">At least two, ascending. Values outside are not counted, and the sum says so.</param>
    public double[] Histogram(params ReadOnlySpan<double> edges)
    {
        if (edges.Length < 2)
        {
            throw new ArgumentException($"Expected two or more edges, got {edges.Length}.", nameof(edges));
        }

        for (int i = 1; i < edges.Length; i++)
        {
            if (!(edges[i - 1] < edges[i]))
            {
                throw new ArgumentException($"Expected ascending edges, got {edges[i - 1]} before {edges[i]}.", nameof(edges));
            }
        }

        double[] shares = new double[edges.Length - 1];
        for (int i = 0; i < _values.Length; i++)
        {
            int at = edges.BinarySearch(_values[i]);
            int bin = at >= 0 ? at : ~at - 1;
            if (bin >= 0 && bin < shares.Length)
            {
                shares[bin] += _weights[i];
            }
        }

        return shares;
    }

    private double Sum(Func<double, double> f)
    {
        double sum = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            sum += _weights[i] * f(_values[i]);
        }

        return _values.Length == 0 ? double.NaN : sum;
    }
}
