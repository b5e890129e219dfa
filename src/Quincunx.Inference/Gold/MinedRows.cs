using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Gold;

/// <summary>Mined simulations as training tasks take batches from them: scaled, in float32.</summary>
internal sealed class MinedRows
{
    // Its exponential is 0 in float32.
    private const double Impossible = -120;

    private readonly float[] _theta, _other, _x, _logRatio, _score;
    private readonly int _dimension, _features;

    /// <param name="scaleX">To as many numbers as there are features.</param>
    public MinedRows(MinedSimulations simulations, SupportBijection bijection, Standardise thetaScale, int features, RowScaling scaleX)
    {
        (_dimension, _features) = (bijection.Dimension, features);
        _theta = Thetas(simulations.Thetas);
        _other = Thetas(simulations.Others);
        double[] x = new double[simulations.Xs.Length];
        scaleX(simulations.Xs, x);
        _x = Narrow(x);
        _logRatio = [.. simulations.LogRatios.Select(log => (float)Math.Max(Impossible, log))];

        // In the coordinates that the network sees: a slope in theta divided by the slope of those coordinates.
        double[] z = new double[simulations.Thetas.Length];
        bijection.ToUnconstrained(simulations.Thetas, z);
        _score = [.. simulations.Scores.Select((t, i) => (float)(t * thetaScale.Scale[i % _dimension] / bijection.SlopeToUnconstrained(i % _dimension, z[i])))];
        ScoreVariance = _score.Length == 0 ? 1 : Math.Max(double.Epsilon, _score.Average(t => (double)t * t));

        float[] Thetas(double[] rows)
        {
            double[] scaled = new double[rows.Length];
            bijection.ToUnconstrained(rows, scaled);
            thetaScale.Apply(scaled, scaled);
            return Narrow(scaled);
        }

        static float[] Narrow(double[] rows) => [.. rows.Select(v => (float)v)];
    }

    public int Count => _logRatio.Length;

    /// <summary>Of a score's component in the coordinates that the network sees, the mean over components; its mean is 0.</summary>
    public double ScoreVariance { get; }

    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, or there are no scores where they are needed.</exception>
    public static void Check(MinedSimulations simulations, int dimension, int features, bool needsScores)
    {
        ArgumentNullException.ThrowIfNull(simulations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        int n = simulations.Count;
        if (n < 2 || simulations.Thetas.Length != n * dimension || simulations.Others.Length != n * dimension || simulations.Xs.Length != (long)n * features
            || (simulations.Scores.Length != 0 && simulations.Scores.Length != n * dimension))
        {
            throw new ArgumentException(
                $"Expected at least 2 events of {dimension} parameters, {dimension} others and {features} outputs, got {simulations.Thetas.Length}, {simulations.Others.Length} and {simulations.Xs.Length} numbers for {n} events with {simulations.Scores.Length} numbers of scores.",
                nameof(simulations));
        }

        if (needsScores && simulations.Scores.Length == 0)
        {
            throw new ArgumentException("Expected simulations with scores, since the loss has them; got none.", nameof(simulations));
        }

        foreach ((double[] numbers, int width, string what) in (ReadOnlySpan<(double[], int, string)>)[(simulations.Xs, features, "outputs"), (simulations.Scores, dimension, "scores")])
        {
            int bad = SimulationSet.FirstNonFinite(numbers);
            if (bad >= 0)
            {
                throw new ArgumentException($"Expected finite {what}, got {numbers[bad]:R} in row {bad / width}.", nameof(simulations));
            }
        }

        int worst = Array.FindIndex(simulations.LogRatios, log => !(log < double.PositiveInfinity));
        if (worst >= 0)
        {
            throw new ArgumentException($"Expected log-ratios below infinity, got {simulations.LogRatios[worst]:R} for event {worst}.", nameof(simulations));
        }
    }

    public void CopyTheta(ReadOnlySpan<int> rows, Tensor into) => ScaledPairs.Gather(_theta, _dimension, rows, into);

    public void CopyOther(ReadOnlySpan<int> rows, Tensor into) => ScaledPairs.Gather(_other, _dimension, rows, into);

    public void CopyX(ReadOnlySpan<int> rows, Tensor into) => ScaledPairs.Gather(_x, _features, rows, into);

    public void CopyScore(ReadOnlySpan<int> rows, Tensor into) => ScaledPairs.Gather(_score, _dimension, rows, into);

    public void CopyLogRatio(ReadOnlySpan<int> rows, Tensor into) => ScaledPairs.Gather(_logRatio, 1, rows, into);
}
