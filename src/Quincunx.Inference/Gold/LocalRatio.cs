namespace Quincunx.Inference.Gold;

/// <summary>log p(x | theta) / p(x | reference) by the densities of a learned score under both, from simulations.</summary>
/// <remarks>
/// <para>
/// Near the reference p(x | theta) ∝ p(x | reference) exp(t(x) · (theta − reference)), so that of x only the score t(x) matters, and of that only h(x) = t(x) · (theta − reference). SALLY estimates the densities of t, SALLINO those of h, which is one number
/// whatever the number of parameters (Brehmer, Cranmer, Louppe and Pavez 2018, arXiv:1805.00020).
/// </para>
/// <para>Both are right on average whatever was learned, since they compare simulations; far from the reference they lose power, as the score is no longer all that x has to say.</para>
/// </remarks>
public sealed class LocalRatio
{
    private readonly NeuralScore _score;
    private readonly double[] _step;
    private readonly int _leftOut, _axes;
    private readonly ScoreCells _cells;
    private readonly double[] _logs;

    private LocalRatio(NeuralScore score, double[] theta, double[] step, int axes, double[] xs, double[] references, int bins)
    {
        (_score, Theta, _step, _axes) = (score, theta, step, axes);

        // h takes the place of the component that it has most of.
        double[] sizes = [.. step.Select((s, j) => Math.Abs(s) * score.Scale[j])];
        _leftOut = Array.IndexOf(sizes, sizes.Max());
        double[] own = Points(xs), other = Points(references);
        _cells = ScoreCells.Fit([.. own, .. other], axes, bins);
        double[] ones = Counts(own), others = Counts(other);

        // Half a count of each in each cell, so that no finite sample excludes anything.
        double m = _cells.Count, n = own.Length / axes, k = other.Length / axes;
        _logs = [.. ones.Zip(others, (a, b) => Math.Log((a + 0.5) / (n + (0.5 * m))) - Math.Log((b + 0.5) / (k + (0.5 * m))))];
    }

    /// <summary>The numerator's.</summary>
    public IReadOnlyList<double> Theta { get; }

    /// <summary>Cells of the histogram.</summary>
    public int Cells => _logs.Length;

    /// <summary>SALLINO: by histograms of the scalar product of score and theta − reference.</summary>
    /// <param name="theta">Shape <c>[d]</c>, finite, not the reference.</param>
    /// <param name="xs">Simulations at theta, shape <c>[n, features]</c>, finite.</param>
    /// <param name="references">Simulations at the reference that were not trained on, shape <c>[m, features]</c>, finite.</param>
    /// <param name="bins">With about as many events each, both samples together.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, there are none, theta is the reference, or a number is not finite.</exception>
    public static LocalRatio Sallino(NeuralScore score, ReadOnlySpan<double> theta, ReadOnlySpan<double> xs, ReadOnlySpan<double> references, int bins = 50) =>
        Make(score, theta, xs, references, bins, axes: 1);

    /// <summary>SALLY: by histograms in the space of scores, whose first axis is that of <see cref="Sallino"/>.</summary>
    /// <param name="bins">Along each axis: their number to the power of d should be small beside that of simulations.</param>
    /// <inheritdoc cref="Sallino"/>
    public static LocalRatio Sally(NeuralScore score, ReadOnlySpan<double> theta, ReadOnlySpan<double> xs, ReadOnlySpan<double> references, int bins = 20) =>
        Make(score, theta, xs, references, bins, score?.Dimension ?? 0);

    /// <summary>log p(x | theta) / p(x | reference).</summary>
    /// <param name="xs">Shape <c>[n, features]</c>, finite.</param>
    /// <param name="logs">Shape <c>[n]</c>, overwritten.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is not finite.</exception>
    public void LogRatio(ReadOnlySpan<double> xs, Span<double> logs)
    {
        if (xs.Length != logs.Length * _score.Features)
        {
            throw new ArgumentException($"Expected {logs.Length} observations of {_score.Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }

        double[] points = Points(xs);
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = _logs[_cells.Of(points.AsSpan(i * _axes, _axes))];
        }
    }

    private static LocalRatio Make(NeuralScore score, ReadOnlySpan<double> theta, ReadOnlySpan<double> xs, ReadOnlySpan<double> references, int bins, int axes)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        int d = score.Dimension, k = score.Features;
        if (theta.Length != d || xs.IsEmpty || xs.Length % k != 0 || references.IsEmpty || references.Length % k != 0)
        {
            throw new ArgumentException($"Expected a theta of {d} numbers and two samples of observations of {k}, got {theta.Length}, {xs.Length} and {references.Length} numbers.", nameof(theta));
        }

        double[] at = theta.ToArray(), step = [.. at.Zip(score.Reference, (a, b) => a - b)];
        return step.All(double.IsFinite) && step.Any(s => s != 0)
            ? new LocalRatio(score, at, step, axes, xs.ToArray(), references.ToArray(), bins)
            : throw new ArgumentException($"Expected a finite theta beside the reference ({string.Join(", ", score.Reference)}), got ({string.Join(", ", at)}).", nameof(theta));
    }

    // h, and after it the components of the score but one.
    private double[] Points(ReadOnlySpan<double> xs)
    {
        int d = _score.Dimension, n = xs.Length / _score.Features;
        double[] scores = new double[n * d], points = new double[n * _axes];
        _score.Evaluate(xs, scores);
        for (int i = 0; i < n; i++)
        {
            Span<double> point = points.AsSpan(i * _axes, _axes);
            for (int j = 0, axis = 1; j < d; j++)
            {
                double t = scores[(i * d) + j];
                point[0] += t * _step[j];
                if (j != _leftOut && axis < _axes)
                {
                    point[axis++] = t;
                }
            }
        }

        return points;
    }

    private double[] Counts(double[] points)
    {
        double[] counts = new double[_cells.Count];
        for (int i = 0; i < points.Length; i += _axes)
        {
            counts[_cells.Of(points.AsSpan(i, _axes))]++;
        }

        return counts;
    }
}
