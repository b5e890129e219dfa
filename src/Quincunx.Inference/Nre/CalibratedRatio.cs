using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Nre;

/// <summary>A learned ratio at one theta, made true by simulations at that theta and at the reference.</summary>
/// <remarks>
/// The classifier's output is one number s for each x, and the ratio of the distributions of s at theta and at the reference is the ratio of likelihoods of x, where s is any strictly monotone function of it (Cranmer, Pavez and Louppe 2015,
/// theorem 1). A classifier that ranks rightly need therefore not be a probability. One that ranks wrongly stays less powerful than the true ratio, though what it says is right on average.
/// </remarks>
public sealed class CalibratedRatio
{
    private readonly NeuralRatio _ratio;
    private readonly double[] _theta;
    private readonly IScoreCalibration _calibration;

    private CalibratedRatio(NeuralRatio ratio, double[] theta, IScoreCalibration calibration) => (_ratio, _theta, _calibration) = (ratio, theta, calibration);

    public IReadOnlyList<double> Theta => _theta;

    public IScoreCalibration Calibration => _calibration;

    /// <summary>By histograms of the score.</summary>
    /// <param name="theta">Shape <c>[d]</c>.</param>
    /// <param name="xs">Simulations at theta that were not trained on, shape <c>[n, k]</c>, finite.</param>
    /// <param name="references">Simulations at the reference that were not trained on, shape <c>[m, k]</c>, finite.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, there are none, theta is outside the support, or a number is not finite.</exception>
    public static CalibratedRatio ByHistogram(NeuralRatio ratio, ReadOnlySpan<double> theta, ReadOnlySpan<double> xs, ReadOnlySpan<double> references, int bins = 50)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        return new CalibratedRatio(ratio, theta.ToArray(), HistogramCalibration.Fit(Scores(ratio, theta, xs), Scores(ratio, theta, references), bins));
    }

    /// <summary>By a nondecreasing function of the score.</summary>
    /// <inheritdoc cref="ByHistogram"/>
    public static CalibratedRatio ByIsotonicRegression(NeuralRatio ratio, ReadOnlySpan<double> theta, ReadOnlySpan<double> xs, ReadOnlySpan<double> references)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        return new CalibratedRatio(ratio, theta.ToArray(), IsotonicCalibration.Fit(Scores(ratio, theta, xs), Scores(ratio, theta, references)));
    }

    /// <summary>log p(x | theta) / p(x | reference).</summary>
    /// <param name="xs">Shape <c>[n, k]</c>, finite.</param>
    /// <param name="logs">Shape <c>[n]</c>, overwritten.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is not finite.</exception>
    public void LogRatio(ReadOnlySpan<double> xs, Span<double> logs)
    {
        double[] scores = Scores(_ratio, _theta, xs);
        if (logs.Length != scores.Length)
        {
            throw new ArgumentException($"Expected as many results as observations, got {logs.Length} and {scores.Length}.", nameof(logs));
        }

        for (int i = 0; i < scores.Length; i++)
        {
            double p = _calibration.Probability(scores[i]);
            logs[i] = Math.Log(p) - SpecialFunctions.Log1p(-p);
        }
    }

    private static double[] Scores(NeuralRatio ratio, ReadOnlySpan<double> theta, ReadOnlySpan<double> xs)
    {
        int n = xs.Length / ratio.Features, d = ratio.Dimension;
        if (theta.Length != d || xs.Length != n * ratio.Features)
        {
            throw new ArgumentException($"Expected one theta of {d} numbers and observations of {ratio.Features}, got {theta.Length} and {xs.Length} numbers.", nameof(xs));
        }

        double[] thetas = new double[n * d], scores = new double[n];
        for (int i = 0; i < n; i++)
        {
            theta.CopyTo(thetas.AsSpan(i * d));
        }

        ratio.LogLikelihoodPairs(thetas, xs, scores);
        return scores;
    }
}
