using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Nre;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Importance;

/// <summary>A posterior whose density is multiplied by the ratios that <see cref="ClassifierReweighting"/> has learned, and whose draws are chosen accordingly.</summary>
/// <remarks>
/// Draws are chosen, with repeats, from a pool of <see cref="ClassifierReweightingOptions.PoolFactor"/> times as many of the posterior that is corrected (sampling importance resampling). What the weights of each pool were is left in
/// <see cref="PoolWeights"/>. Without a round it is that posterior itself: the same draws, the same density.
/// <para>As a module it holds the rounds, and the posterior where that is a module: all of it is exported and imported together.</para>
/// </remarks>
public sealed class ClassifierPosterior : IPosteriorEstimator, IModule
{
    // A pool for few draws must still show what its weights are.
    private const int SmallestPool = 1000;
    private readonly IPosteriorEstimator _posterior;
    private readonly SupportBijection _bijection;
    private readonly NeuralRatio[] _ratios;
    private readonly int _poolFactor;

    internal ClassifierPosterior(IPosteriorEstimator posterior, SupportBijection bijection, int features, NeuralRatio[] ratios, int poolFactor) =>
        (_posterior, _bijection, Features, _ratios, _poolFactor) = (posterior, bijection, features, ratios, poolFactor);

    /// <inheritdoc/>
    public int Dimension => _posterior.Dimension;

    /// <summary>Length of an observation.</summary>
    public int Features { get; }

    /// <summary>Number of ratios.</summary>
    public int Rounds => _ratios.Length;

    /// <summary>False with any round: a learned ratio does not make the density integrate to one, though <see cref="ImportanceWeights.LogEvidence"/> of <see cref="PoolWeights"/>, the log of its integral, tells by how much it fails.</summary>
    public bool IsNormalised => _ratios.Length == 0 && _posterior.IsNormalised;

    /// <summary>Weights of the pools of the last draws, one an observation: effective draws and tail index. Empty before the first, and without rounds.</summary>
    public IReadOnlyList<ImportanceWeights> PoolWeights { get; private set; } = [];

    /// <inheritdoc/>
    /// <remarks>NaN where no draw of the pool has a weight.</remarks>
    /// <exception cref="ArgumentException">Lengths do not fit, or the observation is not finite.</exception>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (x.Length != Features || thetas.Length % Dimension != 0)
        {
            throw new ArgumentException($"Expected one observation of {Features} numbers and whole rows of {Dimension} parameters, got {x.Length} and {thetas.Length} numbers.", nameof(x));
        }

        if (_ratios.Length == 0)
        {
            _posterior.Sample(x, thetas, rng);
            return;
        }

        PoolWeights = thetas.IsEmpty ? [] : [Choose(x, thetas, rng)];
    }

    /// <inheritdoc/>
    /// <remarks>NaN where no draw of a pool has a weight.</remarks>
    /// <exception cref="ArgumentException">Lengths do not fit, or an observation is not finite.</exception>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int observations = xs.Length / Features, each = count * Dimension;
        if (xs.Length != observations * Features || thetas.Length != (long)observations * each)
        {
            throw new ArgumentException($"Expected observations of {Features} numbers and [{observations}, {count}, {Dimension}] parameters, got {xs.Length} and {thetas.Length} numbers.", nameof(thetas));
        }

        if (_ratios.Length == 0)
        {
            _posterior.SampleMany(xs, count, thetas, rng);
            return;
        }

        List<ImportanceWeights> weights = [];
        for (int i = 0; count > 0 && i < observations; i++)
        {
            weights.Add(Choose(xs.Slice(i * Features, Features), thetas.Slice(i * each, each), rng));
        }

        PoolWeights = weights;
    }

    /// <summary>log q + the log-ratios: a constant that depends on x is missing.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Lengths do not fit, or the observation is not finite.</exception>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        _posterior.LogProb(x, thetas, logProbs);
        double[] observation = x.ToArray();
        Add(thetas, logProbs, (ratio, inside, _, logs) => ratio.LogLikelihood(observation, inside, logs));
    }

    /// <summary>log q + the log-ratios: a constant that depends on x is missing.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Lengths do not fit, or an observation is not finite.</exception>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        _posterior.LogProbPairs(thetas, xs, logProbs);
        double[] observations = xs.ToArray();
        Add(thetas, logProbs, (ratio, inside, rows, logs) =>
        {
            double[] own = new double[rows.Count * Features];
            for (int i = 0; i < rows.Count; i++)
            {
                observations.AsSpan(rows[i] * Features, Features).CopyTo(own.AsSpan(i * Features));
            }

            ratio.LogLikelihoodPairs(inside, own, logs);
        });
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        if (_posterior is IModule module)
        {
            tree.Add("posterior", module);
        }

        for (int i = 0; i < _ratios.Length; i++)
        {
            tree.Add($"round-{i}", _ratios[i]);
        }
    }

    private delegate void Ratios(NeuralRatio ratio, double[] inside, List<int> rows, double[] logs);

    private ImportanceWeights Choose(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        int d = Dimension, count = thetas.Length / d, pool = Math.Max(SmallestPool, checked(count * _poolFactor));
        double[] draws = new double[pool * d], logs = new double[pool], observation = x.ToArray();
        _posterior.Sample(x, draws, rng);
        Add(draws, logs, (ratio, inside, _, own) => ratio.LogLikelihood(observation, inside, own));
        var weights = ImportanceWeights.FromLog(logs);
        if (weights.IsEmpty)
        {
            thetas.Fill(double.NaN);
            return weights;
        }

        int[] chosen = weights.Resample(count, rng);
        rng.Shuffle<int>(chosen);
        for (int i = 0; i < count; i++)
        {
            draws.AsSpan(chosen[i] * d, d).CopyTo(thetas[(i * d)..]);
        }

        return weights;
    }

    // The ratios know the support's inside alone.
    private void Add(ReadOnlySpan<double> thetas, Span<double> logProbs, Ratios ratios)
    {
        if (_ratios.Length == 0)
        {
            return;
        }

        int d = Dimension;
        List<int> rows = [];
        List<double> inside = [];
        for (int i = 0; i < logProbs.Length; i++)
        {
            ReadOnlySpan<double> theta = thetas.Slice(i * d, d);
            if (_bijection.Contains(theta))
            {
                rows.Add(i);
                inside.AddRange(theta);
            }
            else
            {
                logProbs[i] = SupportBijection.LogOutside(theta);
            }
        }

        double[] points = [.. inside], logs = new double[rows.Count];
        foreach (NeuralRatio ratio in rows.Count == 0 ? [] : _ratios)
        {
            ratios(ratio, points, rows, logs);
            for (int i = 0; i < logs.Length; i++)
            {
                logProbs[rows[i]] += logs[i];
            }
        }
    }
}
