using Quincunx.Numerics.LinearAlgebra;

namespace Quincunx.Inference.Abc;

/// <summary>A distance between vectors of summaries, with scales that were found from simulations.</summary>
/// <remarks>
/// A summary whose median absolute deviation is zero (more than half of its values agree) is scaled by its standard deviation instead, and one that never varies by 1;
/// <see cref="ConstantFeatures"/> lists the latter. A covariance that is not positive definite gets the least multiple of the variances added that makes it so; see <see cref="Ridge"/>.
/// </remarks>
public sealed class AbcDistance
{
    private const double LargestRidge = 1;
    private readonly double[] _scale;
    private readonly double[]? _factor;         // lower factor of the correlation matrix

    private AbcDistance(AbcMetric metric, double[] scale, double[]? factor, double ridge, IReadOnlyList<int> constant) =>
        (Metric, _scale, _factor, Ridge, ConstantFeatures) = (metric, scale, factor, ridge, constant);

    public AbcMetric Metric { get; }

    /// <summary>Numbers of a summary.</summary>
    public int Count => _scale.Length;

    /// <summary>What each summary is divided by.</summary>
    public IReadOnlyList<double> Scale => _scale;

    /// <summary>Summaries that were the same in all simulations that the scales were found from.</summary>
    public IReadOnlyList<int> ConstantFeatures { get; }

    /// <summary>What was added to the diagonal of the correlation matrix; 0 where nothing had to be.</summary>
    public double Ridge { get; }

    /// <summary>Finds the scales.</summary>
    /// <param name="summaries">Row-major, shape <c>[n, count]</c>, n at least 1, finite.</param>
    /// <exception cref="ArgumentException">No rows, a part of a row, or a number that is not finite.</exception>
    public static AbcDistance Fit(AbcMetric metric, ReadOnlySpan<double> summaries, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (summaries.IsEmpty || summaries.Length % count != 0)
        {
            throw new ArgumentException($"Expected one or more rows of {count} summaries, got {summaries.Length} numbers.", nameof(summaries));
        }

        foreach (double value in summaries)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Expected finite summaries, got {value}.", nameof(summaries));
            }
        }

        int n = summaries.Length / count;
        double[] scale = new double[count], mean = new double[count], column = new double[n];
        List<int> constant = [];
        for (int j = 0; j < count; j++)
        {
            for (int i = 0; i < n; i++)
            {
                column[i] = summaries[(i * count) + j];
            }

            mean[j] = column.Sum(v => v / n);
            double deviation = Math.Sqrt(column.Sum(v => (v - mean[j]) * (v - mean[j]) / n));
            if (column.Min() == column.Max() || !double.IsNormal(deviation))
            {
                constant.Add(j);
            }

            double spread = metric == AbcMetric.MedianDeviation ? MedianDeviation(column) : deviation;
            scale[j] = metric == AbcMetric.Euclidean || !double.IsNormal(deviation) ? 1 : double.IsNormal(spread) ? spread : deviation;
        }

        (double[]? factor, double ridge) = metric == AbcMetric.Mahalanobis ? Correlations(summaries, mean, scale, constant) : (null, 0);
        return new AbcDistance(metric, scale, factor, ridge, constant);
    }

    /// <summary>The distance; infinite or NaN where a number is.</summary>
    public double Between(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Span<double> difference = Count <= 64 ? stackalloc double[Count] : new double[Count];
        Difference(a, b, difference);
        double squares = 0;
        foreach (double value in difference)
        {
            squares += value * value;
        }

        return Math.Sqrt(squares);
    }

    /// <summary>The difference a - b in coordinates in which the distance is Euclidean.</summary>
    internal void Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> difference)
    {
        if (a.Length != Count || b.Length != Count)
        {
            throw new ArgumentException($"Expected two vectors of {Count} summaries, got {a.Length} and {b.Length}.", nameof(a));
        }

        for (int j = 0; j < difference.Length; j++)
        {
            difference[j] = (a[j] - b[j]) / _scale[j];
        }

        if (_factor is not null)
        {
            Span<double> zero = Count <= 64 ? stackalloc double[Count] : new double[Count];
            zero.Clear();
            CholeskyFactor.Solve(_factor, difference, zero, difference);
        }
    }

    private static double MedianDeviation(double[] column)
    {
        double middle = Median(column);
        return Median([.. column.Select(v => Math.Abs(v - middle))]);
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (0.5 * sorted[half - 1]) + (0.5 * sorted[half]);
    }

    private static (double[] Factor, double Ridge) Correlations(ReadOnlySpan<double> summaries, double[] mean, double[] scale, List<int> constant)
    {
        int m = mean.Length, n = summaries.Length / m;
        double[] correlation = new double[m * m], factor = new double[m * m], row = new double[m];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < m; j++)
            {
                row[j] = (summaries[(i * m) + j] - mean[j]) / scale[j];
                for (int k = 0; k <= j; k++)
                {
                    correlation[(j * m) + k] += row[j] * row[k] / n;
                }
            }
        }

        foreach (int j in constant)
        {
            for (int k = 0; k < m; k++)
            {
                correlation[(Math.Max(j, k) * m) + Math.Min(j, k)] = j == k ? 1 : 0;
            }
        }

        // With a tolerance, since rounding makes a singular matrix look definite. At a ridge of 1 any correlation matrix is definite.
        double ridge = 0;
        while (CholeskyFactor.Compute(correlation, m, factor, tolerance: 1e-10) is not null && ridge < LargestRidge)
        {
            double next = ridge == 0 ? 1e-9 : 10 * ridge;
            for (int j = 0; j < m; j++)
            {
                correlation[(j * m) + j] += next - ridge;
            }

            ridge = next;
        }

        return (factor, ridge);
    }
}
