namespace Quincunx.Inference.Nre;

/// <summary>Calibration by a nondecreasing function of the score (Zadrozny and Elkan 2002, KDD, 694).</summary>
/// <remarks>Right for any score that ranks as the likelihood ratio does. Probabilities are kept one count away from 0 and 1.</remarks>
public sealed class IsotonicCalibration : IScoreCalibration
{
    private readonly IsotonicRegression _function;
    private readonly double _least;

    private IsotonicCalibration(IsotonicRegression function, double least) => (_function, _least) = (function, least);

    /// <summary>Fits to scores of events of each class, which weigh the same whatever their numbers.</summary>
    /// <param name="first">Scores of events of the class whose probability is wanted, at least one, not NaN.</param>
    /// <param name="second">Scores of the other class, at least one, not NaN.</param>
    /// <exception cref="ArgumentException">There are none, or one is NaN.</exception>
    public static IsotonicCalibration Fit(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        ClassScores.Check(first, second);
        double[] values = new double[first.Length + second.Length], weights = new double[values.Length];
        values.AsSpan(0, first.Length).Fill(1);
        weights.AsSpan(0, first.Length).Fill(1.0 / first.Length);
        weights.AsSpan(first.Length).Fill(1.0 / second.Length);
        return new IsotonicCalibration(IsotonicRegression.Fit([.. first, .. second], values, weights), 1.0 / (values.Length + 2));
    }

    /// <inheritdoc/>
    public double Probability(double score) => Math.Clamp(_function.At(score), _least, 1 - _least);
}
