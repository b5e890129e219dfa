using Quincunx.Inference.Importance;

namespace Quincunx.Inference.Diagnostics;

/// <summary>Places an observation among simulations.</summary>
/// <remarks>
/// Centres, scales and covariance are those of the simulations and the observation pooled, so that every statistic treats all rows alike: if
/// the observation is one more simulation, its rank is exactly uniform, whatever the outputs' distribution. Outputs are standardised
/// by median and quartiles and then compressed by asinh, which is linear near the centre and logarithmic in the tails.
/// </remarks>
internal static class PredictiveDistance
{
    private const int Fewest = 20;

    internal static PredictiveCheckResult Check(
        ReadOnlySpan<double> predictive, ReadOnlySpan<double> observed, ReadOnlySpan<double> weights, PredictiveCheckOptions options)
    {
        int k = observed.Length, n = k == 0 ? 0 : predictive.Length / k;
        if (k == 0 || predictive.Length != n * k || (!weights.IsEmpty && weights.Length != n))
        {
            throw new ArgumentException($"Expected rows of {k} outputs and no weights or one a row, got {predictive.Length} values and {weights.Length} weights.", nameof(predictive));
        }

        foreach (double value in observed)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Expected a finite observation, got {value}.", nameof(observed));
            }
        }

        (double[] pooled, double[] w, int invalid) = Pool(predictive, observed, weights);
        int valid = w.Length - 1;
        double[] z = [.. pooled];
        PredictiveOutput[] outputs = new PredictiveOutput[k];
        for (int j = 0; j < k; j++)
        {
            Standardise(z, j, k, w);
            outputs[j] = Output(options.OutputNames.Count == 0 ? $"x[{j}]" : options.OutputNames[j], pooled, j, k, w, z[(valid * k) + j], options);
        }

        (double[] distances, double[] extremes) = Statistics(z, k, w);
        return new PredictiveCheckResult(
            outputs, options.QuantileLevels, distances[valid], UpperShare(distances, w), UpperShare(extremes, w), valid, invalid, options.Level);
    }

    // The valid simulations and, last, the observation, with weights of which the simulations' have mean 1 and the observation's is 1.
    private static (double[] Rows, double[] Weights, int Invalid) Pool(
        ReadOnlySpan<double> predictive, ReadOnlySpan<double> observed, ReadOnlySpan<double> weights)
    {
        int k = observed.Length, n = predictive.Length / k, invalid = 0;
        List<double> rows = [], w = [];
        double total = 0;
        for (int i = 0; i < n; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            if (weight is not (>= 0 and < double.PositiveInfinity))
            {
                throw new ArgumentException($"Expected finite weights that are not negative, got {weight}.", nameof(weights));
            }

            ReadOnlySpan<double> row = predictive.Slice(i * k, k);
            bool finite = true;
            foreach (double value in row)
            {
                finite &= double.IsFinite(value);
            }

            invalid += finite ? 0 : 1;
            if (finite && weight > 0)
            {
                rows.AddRange(row);
                w.Add(weight);
                total += weight;
            }
        }

        if (w.Count < Fewest)
        {
            throw new InvalidOperationException($"Expected at least {Fewest} finite simulations of positive weight, got {w.Count} of {n}.");
        }

        double mean = total / w.Count;
        return ([.. rows, .. observed], [.. w.Select(v => v / mean), 1], invalid);
    }

    private static void Standardise(double[] z, int output, int k, double[] w)
    {
        double[] column = Column(z, output, k);
        WeightedSummary summary = WeightedSummary.Of(column, w);

        // Quartiles of a normal are 2 · 0.6745 sd apart. Where more than half of the rows are equal the standard deviation must do, and
        // where all are, nothing needs a scale.
        const double NormalQuartiles = 1.3489795003921634;
        double centre = summary.Quantile(0.5), scale = (summary.Quantile(0.75) - summary.Quantile(0.25)) / NormalQuartiles;
        scale = scale > 0 ? scale : summary.StandardDeviation > 0 ? summary.StandardDeviation : 1;
        for (int i = 0; i < column.Length; i++)
        {
            z[(i * k) + output] = Math.Asinh((column[i] - centre) / scale);
        }
    }

    private static PredictiveOutput Output(string name, double[] pooled, int output, int k, double[] w, double score, PredictiveCheckOptions options)
    {
        double[] column = Column(pooled, output, k);
        double observed = column[^1], below = UpperShare([.. column.Select(v => -v)], w), above = UpperShare(column, w);
        WeightedSummary summary = WeightedSummary.Of(column.AsSpan(..^1), w.AsSpan(..^1));
        return new PredictiveOutput(
            name, observed, [.. options.QuantileLevels.Select(summary.Quantile)], Math.Min(1, 2 * Math.Min(below, above)), score);
    }

    private static (double[] Distances, double[] Extremes) Statistics(double[] z, int k, double[] w)
    {
        double total = w.Sum();
        double[] mean = new double[k], covariance = new double[k * k];
        for (int i = 0; i < z.Length; i++)
        {
            mean[i % k] += w[i / k] * z[i] / total;
        }

        for (int i = 0; i < w.Length; i++)
        {
            for (int a = 0; a < k; a++)
            {
                double scaled = w[i] * (z[(i * k) + a] - mean[a]) / total;
                for (int b = 0; b <= a; b++)
                {
                    covariance[(a * k) + b] += scaled * (z[(i * k) + b] - mean[b]);
                }
            }
        }

        // Correlations shrink towards 0 by the share that outputs have of rows and outputs, so that few rows give no singular matrix.
        double keep = 1 - (k / (WeightedSummary.EffectiveSize(w) + k));
        for (int a = 0; a < k; a++)
        {
            for (int b = 0; b < a; b++)
            {
                covariance[(a * k) + b] *= keep;
            }

            if (!(covariance[(a * k) + a] > 0))
            {
                covariance[(a * k) + a] = 1;        // a constant output: distance 0, correlations 0
            }
        }

        var metric = StudentTComponent.FromScale(1, mean, covariance, degreesOfFreedom: 1);     // for its Cholesky factor and distance
        double[] distances = new double[w.Length], extremes = new double[w.Length];
        for (int i = 0; i < w.Length; i++)
        {
            ReadOnlySpan<double> row = z.AsSpan(i * k, k);
            distances[i] = metric.SquaredDistance(row);
            for (int j = 0; j < k; j++)
            {
                extremes[i] = Math.Max(extremes[i], Math.Abs(row[j] - mean[j]) / Math.Sqrt(covariance[(j * k) + j]));
            }
        }

        return (distances, extremes);
    }

    // Weighted share of rows at or above the last one, itself included.
    private static double UpperShare(double[] values, double[] w)
    {
        double sum = 0, total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i] >= values[^1] ? w[i] : 0;
            total += w[i];
        }

        return sum / total;
    }

    private static double[] Column(double[] rows, int column, int k) => [.. Enumerable.Range(0, rows.Length / k).Select(i => rows[(i * k) + column])];
}
