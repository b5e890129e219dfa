using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Pilots;

/// <summary>A pilot's estimate, corrected by a network that has learned the posterior in the pilot's coordinates, given what the pilot says.</summary>
/// <remarks>Observations come with their context. Draws lie inside the prior's support, and densities integrate to one over it.</remarks>
public sealed class PilotPosterior : IPosteriorEstimator, IModule
{
    private readonly SupportBijection _bijection;
    private readonly IPilot _pilot;
    private readonly NeuralPosterior _network;

    internal PilotPosterior(SupportBijection bijection, IPilot pilot, NeuralPosterior network) => (_bijection, _pilot, _network) = (bijection, pilot, network);

    /// <inheritdoc/>
    public int Dimension => _bijection.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Length of an observation, its context included.</summary>
    public int Features => _pilot.Features;

    /// <inheritdoc/>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        RequireWhole(thetas.Length, Dimension);
        SampleMany(x, thetas.Length / Dimension, thetas, rng);
    }

    /// <inheritdoc/>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        PilotFrame[] frames = Frames(xs, out double[] contexts);
        _network.SampleMany(contexts, count, thetas, rng);
        int d = Dimension;
        for (int row = 0; row < frames.Length * count; row++)
        {
            Span<double> theta = thetas.Slice(row * d, d);
            _ = frames[row / count].FromLocal(theta, theta);
        }
    }

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => LogProbs(x, thetas, logProbs, (contexts, w, logs) => _network.LogProb(contexts, w, logs));

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        if (xs.Length != logProbs.Length * Features)
        {
            throw new ArgumentException($"Expected {logProbs.Length} observations of {Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }

        LogProbs(xs, thetas, logProbs, (contexts, w, logs) => _network.LogProbPairs(w, contexts, logs));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("network", _network);
    }

    // One frame for all rows, or one for each.
    private void LogProbs(ReadOnlySpan<double> xs, ReadOnlySpan<double> thetas, Span<double> logProbs, Action<double[], double[], double[]> density)
    {
        int d = Dimension, rows = logProbs.Length;
        if (thetas.Length != rows * d)
        {
            throw new ArgumentException($"Expected {rows} rows of {d} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        PilotFrame[] frames = Frames(xs, out double[] contexts);
        double[] w = new double[thetas.Length], logs = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> theta = thetas.Slice(i * d, d);
            Span<double> own = w.AsSpan(i * d, d);
            PilotFrame frame = frames[frames.Length == 1 ? 0 : i];
            if (!_bijection.Contains(theta))
            {
                // Such a point has no coordinates.
                logProbs[i] = SupportBijection.LogOutside(theta);
                continue;
            }

            logProbs[i] = frame.ToLocal(theta, own);
        }

        density(contexts, w, logs);
        for (int i = 0; i < rows; i++)
        {
            logProbs[i] = double.IsFinite(logProbs[i]) ? logProbs[i] + logs[i] : logProbs[i];
        }
    }

    private PilotFrame[] Frames(ReadOnlySpan<double> xs, out double[] contexts)
    {
        RequireWhole(xs.Length, Features);
        PairRows.CheckFinite(xs, Features, nameof(xs));
        int width = _network.Features;
        var frames = new PilotFrame[xs.Length / Features];
        contexts = new double[frames.Length * width];
        for (int i = 0; i < frames.Length; i++)
        {
            frames[i] = new PilotFrame(_pilot, _bijection.Supports);
            frames[i].Become(xs.Slice(i * Features, Features), contexts.AsSpan(i * width, width));
        }

        return frames;
    }

    private static void RequireWhole(int length, int width)
    {
        if (length % width != 0)
        {
            throw new ArgumentException($"Expected whole rows of {width} numbers, got {length} numbers.");
        }
    }
}
