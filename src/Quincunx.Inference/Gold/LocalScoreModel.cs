using MathNet.Numerics.LinearAlgebra;

namespace Quincunx.Inference.Gold;

/// <summary>Theta near a reference from the mean of a learned score over events, and how well that can do.</summary>
/// <remarks>
/// <para>
/// Near the reference the mean of any function u(x) moves by M δ with M = E[u(x) t(x, z)ᵀ], t the joint score: so θ₀ + M⁻¹ (mean of u − E[u]) is an estimate without bias to first order, whose covariance is M⁻¹ V M⁻ᵀ / n with V the covariance of u. With the score itself
/// in the place of u, both M and V are the Fisher information, and no estimate has less (Rao's scoring, one step of it). With a learned score the estimate stays right, and MᵀV⁻¹M (Godambe 1960, Ann. Math. Stat. 31, 1208) is what it knows: at most the Fisher information.
/// </para>
/// <para>M, V and E[u] are from mined events that the score was not trained on.</para>
/// </remarks>
public sealed class LocalScoreModel
{
    // Parts of the events that are left out in turn for the standard errors.
    private const int Blocks = 20;
    private readonly double[] _mean, _inverse;

    private LocalScoreModel(NeuralScore score, FisherInformation information, FisherInformation claimed, double[] mean, double[] inverse) =>
        (Score, Information, Claimed, _mean, _inverse) = (score, information, claimed, mean, inverse);

    /// <summary>The learned score.</summary>
    public NeuralScore Score { get; }

    /// <summary>What the mean of the learned score tells of theta, an event: at most the Fisher information, and it where the score is exact.</summary>
    public FisherInformation Information { get; }

    /// <summary>The mean of the products of learned scores, E[uᵢ uⱼ]: the Fisher information if the score is exact, and too small or too large if not.</summary>
    public FisherInformation Claimed { get; }

    /// <summary>Measures a learned score at its reference.</summary>
    /// <param name="simulations">Drawn at the reference and not trained on, at least 40.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, an event was drawn elsewhere, or a direction of theta does not move the score at all.</exception>
    public static LocalScoreModel Fit(NeuralScore score, MinedSimulations simulations)
    {
        ArgumentNullException.ThrowIfNull(score);
        GoldScoreEstimation.CheckDrawnAt(simulations, score.Reference, score.Features);
        int d = score.Dimension, n = simulations.Count;
        if (n < 2 * Blocks)
        {
            throw new ArgumentException($"Expected at least {2 * Blocks} events, got {n}.", nameof(simulations));
        }

        double[] learned = new double[n * d];
        score.Evaluate(simulations.Xs, learned);
        Matrix<double> u = Matrix<double>.Build.DenseOfRowMajor(n, d, learned), t = Matrix<double>.Build.DenseOfRowMajor(n, d, simulations.Scores);
        (Matrix<double> response, Matrix<double> known, Vector<double> mean) = Moments(u, t, -1);
        double[] errors = new double[d * d];
        Matrix<double>[] without = [.. Enumerable.Range(0, Blocks).Select(b => Moments(u, t, b).Known)];
        for (int i = 0; i < errors.Length; i++)
        {
            double average = without.Average(m => m[i / d, i % d]);
            errors[i] = Math.Sqrt((Blocks - 1.0) / Blocks * without.Sum(m => Math.Pow(m[i / d, i % d] - average, 2)));
        }

        if (!(Math.Abs(response.Determinant()) > 0) || !known.Enumerate().All(double.IsFinite))
        {
            throw new ArgumentException("Expected a score that every parameter moves, got one whose mean some direction of theta leaves where it is: it has learned nothing there.", nameof(score));
        }

        return new LocalScoreModel(score, new FisherInformation(RowMajor(known), errors, n), FisherInformation.OfScores(learned, d), [.. mean], RowMajor(response.Inverse()));
    }

    /// <summary>Theta from independent events.</summary>
    /// <param name="xs">Finite, shape <c>[n, features]</c>, n at least 1.</param>
    /// <exception cref="ArgumentException">No events, a part of one, or a number that is not finite.</exception>
    public LocalEstimate Estimate(ReadOnlySpan<double> xs)
    {
        int d = Score.Dimension, n = xs.Length / Score.Features;
        if (n == 0)
        {
            throw new ArgumentException($"Expected at least one event of {Score.Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }

        double[] scores = new double[n * d], theta = [.. Score.Reference], reference = [.. theta];
        Score.Evaluate(xs, scores);
        for (int j = 0; j < d; j++)
        {
            double mean = -_mean[j];
            for (int i = 0; i < n; i++)
            {
                mean += scores[(i * d) + j] / n;
            }

            for (int i = 0; i < d; i++)
            {
                theta[i] += _inverse[(i * d) + j] * mean;
            }
        }

        return new LocalEstimate(theta, Information.Covariance(n) ?? [.. Enumerable.Repeat(double.PositiveInfinity, d * d)], n, Information.Distance(theta, reference));
    }

    // M, MᵀV⁻¹M and the mean of u, without the block-th part of the events; all for -1.
    private static (Matrix<double> Response, Matrix<double> Known, Vector<double> Mean) Moments(Matrix<double> u, Matrix<double> t, int block)
    {
        int d = u.ColumnCount, n = 0;
        Vector<double> mean = Vector<double>.Build.Dense(d);
        Matrix<double> response = Matrix<double>.Build.Dense(d, d), squares = Matrix<double>.Build.Dense(d, d);
        for (int row = 0; row < u.RowCount; row++)
        {
            if (row % Blocks == block)
            {
                continue;
            }

            n++;
            for (int i = 0; i < d; i++)
            {
                mean[i] += u[row, i];
                for (int j = 0; j < d; j++)
                {
                    response[i, j] += u[row, i] * t[row, j];
                    squares[i, j] += u[row, i] * u[row, j];
                }
            }
        }

        (mean, response, squares) = (mean / n, response / n, squares / n);
        Matrix<double> known = response.TransposeThisAndMultiply((squares - mean.OuterProduct(mean)).Solve(response));
        return (response, 0.5 * (known + known.Transpose()), mean);
    }

    private static double[] RowMajor(Matrix<double> matrix) => [.. matrix.EnumerateRows().SelectMany(row => row)];
}
