namespace Quincunx.Inference.Nre;

/// <summary>Calibration by histograms of the score: the share of a class in each bin.</summary>
/// <remarks>
/// Cranmer, Pavez and Louppe 2015, section 3. The bins hold about as many events each, both classes together. Half a count of each class is added to each bin. No order of the scores is assumed; within a bin the ratio is constant, which is the price.
/// </remarks>
public sealed class HistogramCalibration : IScoreCalibration
{
    private readonly double[] _edges, _probabilities;

    private HistogramCalibration(double[] edges, double[] probabilities) => (_edges, _probabilities) = (edges, probabilities);

    /// <summary>Inner edges, ascending; a score at an edge belongs to the bin above.</summary>
    public IReadOnlyList<double> Edges => _edges;

    /// <summary>Of the first class, one number a bin.</summary>
    public IReadOnlyList<double> Probabilities => _probabilities;

    /// <summary>Fits to scores of events of each class, which weigh the same whatever their numbers.</summary>
    /// <param name="first">Scores of events of the class whose probability is wanted, at least one, not NaN.</param>
    /// <param name="second">Scores of the other class, at least one, not NaN.</param>
    /// <param name="bins">At least 1; fewer where scores are equal.</param>
    /// <exception cref="ArgumentException">There are none, or one is NaN.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no bins.</exception>
    public static HistogramCalibration Fit(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int bins = 50)
    {
        ClassScores.Check(first, second);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        double[] all = [.. first, .. second];
        Array.Sort(all);
        double[] edges = [.. Enumerable.Range(1, bins - 1).Select(b => all[(int)((long)b * all.Length / bins)]).Where(e => e > all[0]).Distinct()];
        double[] ones = Counts(first, edges), others = Counts(second, edges), probabilities = new double[ones.Length];
        for (int b = 0; b < probabilities.Length; b++)
        {
            double one = (ones[b] + 0.5) / (first.Length + (0.5 * ones.Length)), other = (others[b] + 0.5) / (second.Length + (0.5 * ones.Length));
            probabilities[b] = one / (one + other);
        }

        return new HistogramCalibration(edges, probabilities);
    }

    /// <inheritdoc/>
    public double Probability(double score) => double.IsNaN(score) ? double.NaN : _probabilities[Bin(_edges, score)];

    private static double[] Counts(ReadOnlySpan<double> scores, double[] edges)
    {
        double[] counts = new double[edges.Length + 1];
        foreach (double score in scores)
        {
            counts[Bin(edges, score)]++;
        }

        return counts;
    }

    private static int Bin(double[] edges, double score)
    {
        int i = Array.BinarySearch(edges, score);
        return i >= 0 ? i + 1 : ~i;
    }
}
