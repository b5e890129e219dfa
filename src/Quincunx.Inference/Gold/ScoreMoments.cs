using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Gold;

/// <summary>Estimates of <see cref="FisherInformation"/> from scores of events.</summary>
internal static class ScoreMoments
{
    // So that a bin's mean and its error are known.
    private const int LeastEvents = 4;

    /// <inheritdoc cref="FisherInformation.OfScores"/>
    public static FisherInformation OfScores(ReadOnlySpan<double> scores, int d)
    {
        int n = Rows(scores, d, fewest: 2);
        double[] products = new double[n * d * d];
        for (int i = 0; i < products.Length; i++)
        {
            (int row, int a, int b) = (i / (d * d), i / d % d, i % d);
            products[i] = scores[(row * d) + a] * scores[(row * d) + b];
        }

        return Mean(products, d, [.. Enumerable.Range(0, d * d).Select(i => Enumerable.Range(0, n).Sum(row => products[(row * d * d) + i]) / n)]);
    }

    /// <inheritdoc cref="FisherInformation.OfHistogram"/>
    public static FisherInformation OfHistogram(ReadOnlySpan<double> observable, ReadOnlySpan<double> scores, int d, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        int n = Rows(scores, d, fewest: LeastEvents * bins);
        if (observable.Length != n)
        {
            throw new ArgumentException($"Expected an observable for each of {n} scores, got {observable.Length}.", nameof(observable));
        }

        double[] values = observable.ToArray();
        int nan = Array.FindIndex(values, double.IsNaN);
        if (nan >= 0)
        {
            throw new ArgumentException($"Expected numbers, got NaN as the observable of event {nan}.", nameof(observable));
        }

        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => values[i])];
        double[] matrix = new double[d * d], influence = new double[n * d * d], sum = new double[d], mean = new double[d];
        for (int from = 0, b = 1; from < n;)
        {
            // Up to the next edge, and past equal values: those cannot be parted.
            int to = (int)((long)n * b++ / bins);
            while (to < n && (to - from < LeastEvents || values[order[to]].Equals(values[order[to - 1]])))
            {
                to++;
            }

            if (n - to < LeastEvents)
            {
                to = n;
            }

            Bin(order.AsSpan(from, to - from), scores, d, n, sum, mean, matrix, influence);
            from = to;
            while ((long)n * b / bins <= from && from < n)
            {
                b++;
            }
        }

        return Mean(influence, d, matrix);
    }

    // Of all that are alike: [S Sᵀ − Σ t tᵀ] / (m − 1) / n has the mean p s sᵀ, since different events are independent.
    private static void Bin(ReadOnlySpan<int> events, ReadOnlySpan<double> scores, int d, int n, double[] sum, double[] mean, double[] matrix, double[] influence)
    {
        sum.AsSpan().Clear();
        foreach (int e in events)
        {
            for (int a = 0; a < d; a++)
            {
                sum[a] += scores[(e * d) + a];
            }
        }

        for (int a = 0; a < d; a++)
        {
            mean[a] = sum[a] / events.Length;
        }

        for (int i = 0; i < d * d; i++)
        {
            (int a, int b) = (i / d, i % d);
            double squares = 0;
            foreach (int e in events)
            {
                (double ta, double tb) = (scores[(e * d) + a], scores[(e * d) + b]);
                squares += ta * tb;

                // How much this event moves the sum of p s sᵀ, times n.
                influence[(e * d * d) + i] = (ta * mean[b]) + (mean[a] * tb) - (mean[a] * mean[b]);
            }

            matrix[i] += ((sum[a] * sum[b]) - squares) / (events.Length - 1) / n;
        }
    }

    private static FisherInformation Mean(double[] rows, int d, double[] matrix)
    {
        int width = d * d, n = rows.Length / width;
        double[] errors = new double[width];
        for (int i = 0; i < width; i++)
        {
            double mean = 0, squares = 0;
            for (int row = 0; row < n; row++)
            {
                mean += rows[(row * width) + i] / n;
            }

            for (int row = 0; row < n; row++)
            {
                squares += Math.Pow(rows[(row * width) + i] - mean, 2);
            }

            errors[i] = Math.Sqrt(squares / (n - 1) / n);
        }

        return new FisherInformation(matrix, errors, n);
    }

    private static int Rows(ReadOnlySpan<double> scores, int d, int fewest)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(d, "dimension");
        if (scores.Length % d != 0 || scores.Length / d < fewest)
        {
            throw new ArgumentException($"Expected at least {fewest} rows of {d} numbers, got {scores.Length} numbers.", nameof(scores));
        }

        int bad = SimulationSet.FirstNonFinite(scores);
        return bad < 0 ? scores.Length / d : throw new ArgumentException($"Expected finite scores, got {scores[bad]:R} as number {bad}.", nameof(scores));
    }
}
