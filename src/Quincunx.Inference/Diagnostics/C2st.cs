using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Diagnostics;

/// <summary>Classifier two-sample test: how often a network tells samples from reference samples, on rows it was not trained on.</summary>
/// <remarks>
/// Lopez-Paz and Oquab 2017 (arXiv:1610.06545), in the form of Lueckmann et al. 2021 (PMLR 130:343): both samples standardised by the
/// reference's mean and standard deviation, two hidden layers of 10 units a dimension, ReLU, Adam, stopped on the training loss, and
/// the mean accuracy over five shuffled folds, in float32. The network's random numbers are not theirs, so scores agree in
/// distribution and not digit by digit: the spread over seeds is about the binomial error of the held-out rows.
/// </remarks>
public static class C2st
{
    /// <param name="reference">Shape <c>[n, dimension]</c>, finite, no constant column.</param>
    /// <param name="samples">Shape <c>[m, dimension]</c>, finite. With m far from n, the share of the larger set is the accuracy of a blind guess.</param>
    /// <exception cref="ArgumentException">A value is not finite, a reference column is constant, or there are too few rows for the folds.</exception>
    public static C2stResult Run(
        ReadOnlySpan<double> reference, ReadOnlySpan<double> samples, int dimension, Rng rng,
        C2stOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(rng);
        C2stOptions checkedOptions = (options ?? new C2stOptions()).Checked();
        int n = Rows(reference, dimension, nameof(reference)), m = Rows(samples, dimension, nameof(samples));
        if (n < 2 || m < 1 || n + m < 2 * checkedOptions.Folds)
        {
            throw new ArgumentException($"Expected at least {2 * checkedOptions.Folds} rows for {checkedOptions.Folds} folds, got {n} and {m}.", nameof(samples));
        }

        float[] rows = Standardised(reference, samples, dimension);
        int[] order = Shuffled(n + m, rng.Split("folds"));
        double[] accuracies = new double[checkedOptions.Folds];
        int[] epochs = new int[checkedOptions.Folds];
        bool[] settled = new bool[checkedOptions.Folds];
        int threads = checkedOptions.Threads == 0 ? -1 : checkedOptions.Threads;
        Parallel.For(0, checkedOptions.Folds, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, fold =>
        {
            // The first (rows mod folds) folds have one row more than the others.
            int small = order.Length / checkedOptions.Folds, larger = order.Length % checkedOptions.Folds;
            int start = (fold * small) + Math.Min(fold, larger), end = start + small + (fold < larger ? 1 : 0);
            int[] held = order[start..end], training = [.. order[..start], .. order[end..]];
            var classifier = new TwoSampleClassifier(dimension, checkedOptions, rng.Split("fold").Split(fold));
            (epochs[fold], settled[fold]) = classifier.Train(rows, training, firstOfSecond: n, cancel);
            accuracies[fold] = classifier.Accuracy(rows, held, firstOfSecond: n);
        });
        return new C2stResult(accuracies, epochs, settled.Count(s => !s));
    }

    private static int Rows(ReadOnlySpan<double> values, int dimension, string name)
    {
        if (values.Length % dimension != 0)
        {
            throw new ArgumentException($"Expected rows of {dimension}, got {values.Length} values.", name);
        }

        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Expected finite values, got {value}.", name);
            }
        }

        return values.Length / dimension;
    }

    private static float[] Standardised(ReadOnlySpan<double> reference, ReadOnlySpan<double> samples, int d)
    {
        int n = reference.Length / d;
        float[] rows = new float[reference.Length + samples.Length];
        for (int j = 0; j < d; j++)
        {
            double mean = 0, variance = 0, low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int i = j; i < reference.Length; i += d)
            {
                mean += reference[i] / n;
                (low, high) = (Math.Min(low, reference[i]), Math.Max(high, reference[i]));
            }

            for (int i = j; i < reference.Length; i += d)
            {
                variance += (reference[i] - mean) * (reference[i] - mean) / (n - 1);
            }

            // By the extremes: the variance of a constant need not round to 0, and that of values below 1e-160 does.
            if (low == high || variance == 0)
            {
                throw new ArgumentException($"Column {j} of the reference is constant, so there is no scale to standardise by.", nameof(reference));
            }

            double sd = Math.Sqrt(variance);
            for (int i = j; i < rows.Length; i += d)
            {
                rows[i] = (float)(((i < reference.Length ? reference[i] : samples[i - reference.Length]) - mean) / sd);
            }
        }

        return rows;
    }

    private static int[] Shuffled(int count, Rng rng)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        rng.Shuffle<int>(order);
        return order;
    }
}
