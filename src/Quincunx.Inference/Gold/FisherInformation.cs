using MathNet.Numerics.LinearAlgebra;

namespace Quincunx.Inference.Gold;

/// <summary>What one event says about theta near a point: the matrix E[tᵢ tⱼ] of the score t of what is observed, and the local geometry that it is the metric of.</summary>
/// <remarks>
/// Of n events the information is n times that of one, and no unbiased estimate has a covariance below its inverse (Cramér and Rao). Profiling and distances as in Brehmer, Cranmer, Kling and Plehn 2016
/// (arXiv:1612.05261) and Brehmer, Kling, Espejo and Cranmer 2019 (MadMiner, arXiv:1907.10621). Of the shape of distributions alone: how many events there are says more where the rate depends on theta.
/// </remarks>
public sealed class FisherInformation
{
    // A direction below this share of the largest counts as not measured.
    private const double Singular = 1e-12;
    private readonly double[] _matrix, _errors;

    /// <param name="matrix">Symmetric, shape <c>[d, d]</c>.</param>
    /// <param name="standardErrors">Of its entries, the same shape; 0 for exact numbers.</param>
    /// <param name="events">Events it was estimated from; 0 for exact numbers.</param>
    /// <exception cref="ArgumentException">Not square, of different lengths, not finite or not symmetric.</exception>
    public FisherInformation(ReadOnlySpan<double> matrix, ReadOnlySpan<double> standardErrors, int events)
    {
        int d = (int)Math.Round(Math.Sqrt(matrix.Length));
        if (d == 0 || d * d != matrix.Length || standardErrors.Length != matrix.Length)
        {
            throw new ArgumentException($"Expected a square matrix and as many errors, got {matrix.Length} and {standardErrors.Length} numbers.", nameof(matrix));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(events);
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double entry = matrix[(i * d) + j], other = matrix[(j * d) + i];
                if (!double.IsFinite(entry) || !(Math.Abs(entry - other) <= 1e-9 * (Math.Abs(entry) + Math.Abs(other))))
                {
                    throw new ArgumentException($"Expected a finite symmetric matrix, got {entry:R} at ({i}, {j}) and {other:R} across.", nameof(matrix));
                }
            }
        }

        (_matrix, _errors, Dimension, Events) = (matrix.ToArray(), standardErrors.ToArray(), d, events);
    }

    /// <summary>Parameters.</summary>
    public int Dimension { get; }

    /// <summary>Events it was estimated from; 0 for exact numbers.</summary>
    public int Events { get; }

    /// <summary>Iᵢⱼ of one event, in one over the units of the two parameters.</summary>
    public double this[int i, int j] => _matrix[Index(i, j)];

    /// <summary>Standard error of Iᵢⱼ from the number of events.</summary>
    public double StandardError(int i, int j) => _errors[Index(i, j)];

    /// <summary>The mean of tᵢ tⱼ over scores of what is observed. Of learned scores it is what they claim; of joint scores it is the information of events with all that happened in them, which bounds that of what is seen.</summary>
    /// <param name="scores">Finite, at events drawn at the point, shape <c>[n, d]</c>, n at least 2.</param>
    /// <exception cref="ArgumentException">Fewer than 2 rows, a part of a row, or a number that is not finite.</exception>
    public static FisherInformation OfScores(ReadOnlySpan<double> scores, int dimension) => ScoreMoments.OfScores(scores, dimension);

    /// <summary>The information in a histogram of one observable: Σ p s sᵀ over bins, with p the share of events and s the mean score in a bin.</summary>
    /// <remarks>Without bias: the squared error of the means s is taken off, so that with few events a bin entries may be slightly negative.</remarks>
    /// <param name="observable">A number of each event, shape <c>[n]</c>, not NaN.</param>
    /// <param name="scores">Joint scores, or scores of more than the observable, of the same events. Shape <c>[n, d]</c>, finite.</param>
    /// <param name="bins">With about as many events each; fewer where values are equal.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, fewer than 4 events a bin, or a number is not finite.</exception>
    public static FisherInformation OfHistogram(ReadOnlySpan<double> observable, ReadOnlySpan<double> scores, int dimension, int bins) => ScoreMoments.OfHistogram(observable, scores, dimension, bins);

    /// <summary>What is known of some parameters where the others are known: their rows and columns.</summary>
    /// <param name="kept">Indices, in the order wanted.</param>
    /// <exception cref="ArgumentException">None, one twice, or one that is not a parameter.</exception>
    public FisherInformation Given(params ReadOnlySpan<int> kept)
    {
        int[] indices = Checked(kept);
        return new FisherInformation([.. Pairs(indices).Select(p => _matrix[p])], [.. Pairs(indices).Select(p => _errors[p])], Events);
    }

    /// <summary>What is known of some parameters where the others are not known either, but found from the same events: Iₖₖ − Iₖₙ Iₙₙ⁻¹ Iₙₖ.</summary>
    /// <remarks>Directions of the others that are not measured take nothing away beyond what they have. Standard errors are to first order, as if errors of entries were independent.</remarks>
    /// <inheritdoc cref="Given"/>
    public FisherInformation Profiled(params ReadOnlySpan<int> kept)
    {
        int[] indices = Checked(kept);
        int[] others = [.. Enumerable.Range(0, Dimension).Except(indices)];
        if (others.Length == 0)
        {
            return Given(indices);
        }

        // The weights w of the best combination of the others: tₖ − w tₙ is the effective score.
        Matrix<double> inner = Block(others, others), weights = Block(indices, others) * PseudoInverse(inner);
        Matrix<double> rest = Block(indices, indices) - (weights * Block(others, indices));
        int m = indices.Length;
        double[] matrix = new double[m * m], errors = new double[m * m];
        for (int a = 0; a < m; a++)
        {
            for (int b = 0; b < m; b++)
            {
                matrix[(a * m) + b] = 0.5 * (rest[a, b] + rest[b, a]);
                double variance = Math.Pow(StandardError(indices[a], indices[b]), 2);
                for (int i = 0; i < others.Length; i++)
                {
                    variance += Math.Pow(weights[a, i] * StandardError(others[i], indices[b]), 2) + Math.Pow(weights[b, i] * StandardError(others[i], indices[a]), 2);
                    for (int j = 0; j < others.Length; j++)
                    {
                        variance += Math.Pow(weights[a, i] * weights[b, j] * StandardError(others[i], others[j]), 2);
                    }
                }

                errors[(a * m) + b] = Math.Sqrt(variance);
            }
        }

        return new FisherInformation(matrix, errors, Events);
    }

    /// <summary>The least covariance of an estimate of theta from a number of events: the inverse of n I. Null where a direction is not measured.</summary>
    /// <param name="events">Positive.</param>
    /// <returns>Shape <c>[d, d]</c>.</returns>
    public double[]? Covariance(double events)
    {
        if (!(events > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(events), events, "Expected a positive number of events.");
        }

        // In units of the diagonal, so that parameters of different units are judged alike.
        double[] unit = [.. Enumerable.Range(0, Dimension).Select(i => Math.Sqrt(this[i, i]))];
        if (unit.Any(u => !(u > 0)))
        {
            return null;
        }

        Matrix<double> scaled = Matrix<double>.Build.Dense(Dimension, Dimension, (i, j) => this[i, j] / unit[i] / unit[j]);
        var parts = scaled.Evd(Symmetricity.Symmetric);
        if (!(parts.EigenValues.Min(v => v.Real) > Singular))
        {
            return null;
        }

        Matrix<double> inverse = parts.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(Vector<double>.Build.DenseOfEnumerable(parts.EigenValues.Select(v => 1 / v.Real))) * parts.EigenVectors.Transpose();
        double[] covariance = new double[Dimension * Dimension];
        for (int i = 0; i < covariance.Length; i++)
        {
            (int a, int b) = (i / Dimension, i % Dimension);
            covariance[i] = 0.5 * (inverse[a, b] + inverse[b, a]) / unit[a] / unit[b] / events;
        }

        return covariance;
    }

    /// <summary>The local distance √(δᵀ I δ) between two thetas: standard deviations that one event tells them apart by. With n events it is √n times as large.</summary>
    /// <exception cref="ArgumentException">A length is not d.</exception>
    public double Distance(ReadOnlySpan<double> theta, ReadOnlySpan<double> other)
    {
        if (theta.Length != Dimension || other.Length != Dimension)
        {
            throw new ArgumentException($"Expected two thetas of {Dimension} numbers, got {theta.Length} and {other.Length}.", nameof(theta));
        }

        double sum = 0;
        for (int i = 0; i < _matrix.Length; i++)
        {
            (int a, int b) = (i / Dimension, i % Dimension);
            sum += (theta[a] - other[a]) * (theta[b] - other[b]) * _matrix[i];
        }

        return Math.Sqrt(Math.Max(0, sum));
    }

    private static Matrix<double> PseudoInverse(Matrix<double> matrix)
    {
        var parts = matrix.Evd(Symmetricity.Symmetric);
        double largest = parts.EigenValues.Max(v => Math.Abs(v.Real));
        Vector<double> inverse = Vector<double>.Build.DenseOfEnumerable(parts.EigenValues.Select(v => v.Real > Singular * largest ? 1 / v.Real : 0));
        return parts.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(inverse) * parts.EigenVectors.Transpose();
    }

    private Matrix<double> Block(int[] rows, int[] columns) => Matrix<double>.Build.Dense(rows.Length, columns.Length, (i, j) => this[rows[i], columns[j]]);

    private IEnumerable<int> Pairs(int[] indices) => indices.SelectMany(i => indices.Select(j => (i * Dimension) + j));

    private int[] Checked(ReadOnlySpan<int> kept)
    {
        int[] indices = kept.ToArray();
        return indices.Length > 0 && indices.Distinct().Count() == indices.Length && indices.All(i => i >= 0 && i < Dimension)
            ? indices
            : throw new ArgumentException($"Expected different parameters from 0 to {Dimension - 1}, got [{string.Join(", ", indices)}].", nameof(kept));
    }

    private int Index(int i, int j)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)Dimension, nameof(i));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)j, (uint)Dimension, nameof(j));
        return (i * Dimension) + j;
    }
}
