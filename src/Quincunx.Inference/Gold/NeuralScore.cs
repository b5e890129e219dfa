using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Gold;

/// <summary>A learned score of the outputs at one theta: t(x) = ∇ log p(x | theta) at the reference, one number a parameter.</summary>
/// <remarks>Near the reference t(x) is a sufficient statistic. Its mean there is 0, and that of the network over the simulations it was trained on is made so.</remarks>
public sealed class NeuralScore : IModule
{
    private const int BlockRows = 4096;
    private readonly Parameter _reference, _centre;
    private readonly Standardise _scoreScale;
    private readonly FeatureScaling _xScale;
    private readonly Mlp _network;

    internal NeuralScore(double[] reference, Standardise scoreScale, FeatureScaling xScale, GoldScoreOptions options, Rng rng)
    {
        _reference = Constant(reference);
        _centre = Constant(new double[reference.Length]);
        (_scoreScale, _xScale) = (scoreScale, xScale);
        _network = new Mlp(xScale.Features, options.Hidden, reference.Length, rng, options.Activation);
    }

    /// <summary>Numbers of a score: parameters.</summary>
    public int Dimension => _reference.Count;

    /// <summary>Numbers of an observation.</summary>
    public int Features => _xScale.Features;

    /// <summary>The theta at which it is the score. Shape <c>[d]</c>.</summary>
    public IReadOnlyList<double> Reference => _reference.Value.ToArray();

    /// <summary>Scores of events.</summary>
    /// <param name="xs">Finite, shape <c>[n, features]</c>.</param>
    /// <param name="scores">Shape <c>[n, d]</c>, overwritten: the slope of log p(x | theta) in theta, in one over the units of theta.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is not finite.</exception>
    public void Evaluate(ReadOnlySpan<double> xs, Span<double> scores)
    {
        int k = Features, d = Dimension, n = xs.Length / k;
        if (xs.Length != n * k || scores.Length != n * d)
        {
            throw new ArgumentException($"Expected rows of {k} outputs and as many scores of {d} numbers, got {xs.Length} and {scores.Length} numbers.", nameof(xs));
        }

        int bad = SimulationSet.FirstNonFinite(xs);
        if (bad >= 0)
        {
            throw new ArgumentException($"Expected finite observations, got {xs[bad]:R} as number {bad % k} of observation {bad / k}.", nameof(xs));
        }

        double[] scaled = new double[xs.Length], result = new double[scores.Length];
        _xScale.Apply(xs, scaled);
        Parallel.For(0, (n + BlockRows - 1) / BlockRows, block =>
        {
            using var scope = new TensorScope();
            using KernelThreads.Share share = KernelThreads.One();
            using Recording.Pause pause = Recording.Off();
            int from = block * BlockRows, count = Math.Min(BlockRows, n - from);
            Scaled(Tensor.From(scaled.AsSpan(from * k, count * k), new Shape(count, k), DType.Float32)).ToArray().CopyTo(result, from * d);
        });

        ReadOnlySpan<double> mean = _scoreScale.Mean, scale = _scoreScale.Scale, centre = _centre.Value.AsSpan<double>();
        for (int i = 0; i < result.Length; i++)
        {
            scores[i] = mean[i % d] + (scale[i % d] * result[i]) - centre[i % d];
        }
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("reference", _reference);
        tree.Add("centre", _centre);
        tree.Add("score", _scoreScale);
        tree.Add("x", _xScale);
        tree.Add("network", _network);
    }

    /// <summary>The network's output: the standardised score of scaled outputs.</summary>
    /// <param name="x">Shape <c>[n, features]</c>.</param>
    internal Tensor Scaled(Tensor x) => _network.Forward(x);

    /// <summary>Standard deviations of the joint scores it was trained on.</summary>
    internal ReadOnlySpan<double> Scale => _scoreScale.Scale;

    internal void ScaleX(ReadOnlySpan<double> xs, Span<double> scaled) => _xScale.Apply(xs, scaled);

    /// <summary>Shifts scores so that their mean over some events at the reference is 0.</summary>
    internal void Centre(ReadOnlySpan<double> xs)
    {
        int d = Dimension, n = xs.Length / Features;
        double[] scores = new double[n * d], centre = [.. _centre.Value.AsSpan<double>()];
        Evaluate(xs, scores);
        for (int i = 0; i < scores.Length; i++)
        {
            centre[i % d] += scores[i] / n;
        }

        _centre.Assign(centre);
    }

    private static Parameter Constant(double[] values) => new(Tensor.From(values, new Shape(values.Length)), isTrained: false);
}
