using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>A classifier that has learned the ratio p(x | theta) / p(x) from simulations, or that times a function of x.</summary>
/// <remarks>The network sees the unconstrained coordinates of the prior's support, standardised, and scaled observations. A ratio has no Jacobian: it is the same in all coordinates.</remarks>
public sealed class NeuralRatio : ILikelihoodEstimator, IModule
{
    private const int BlockRows = 1024;
    private readonly SupportBijection _bijection;
    private readonly Standardise _thetaScale;
    private readonly FeatureScaling _xScale;
    private readonly ObservationEmbedding? _embedding;
    private readonly ResidualMlp _network;

    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetaScale">Standardises unconstrained parameters.</param>
    /// <param name="xScale">Scales observations.</param>
    public NeuralRatio(SupportBijection bijection, Standardise thetaScale, FeatureScaling xScale, NeuralRatioOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(thetaScale);
        ArgumentNullException.ThrowIfNull(xScale);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        (_bijection, _thetaScale, _xScale, Options) = (bijection, thetaScale, xScale, options.Checked());
        _embedding = ObservationEmbedding.Of(xScale.Features, options.Observations, rng.Split("embedding"));
        var network = new ResidualMlpOptions
        {
            Width = options.Width,
            Blocks = options.Blocks,
            Activation = options.Activation,
            ContextSize = _embedding?.Outputs ?? xScale.Features,
            DType = options.DType,
        };
        _network = new ResidualMlp(bijection.Dimension, 1, network, rng.Split("classifier"));
    }

    /// <summary>Of modules that there are.</summary>
    internal NeuralRatio(SupportBijection bijection, Standardise thetaScale, FeatureScaling xScale, NeuralRatioOptions options, ObservationEmbedding? embedding, ResidualMlp network) =>
        (_bijection, _thetaScale, _xScale, Options, _embedding, _network) = (bijection, thetaScale, xScale, options, embedding, network);

    /// <inheritdoc/>
    public int Dimension => _bijection.Dimension;

    /// <inheritdoc/>
    public int Features => _xScale.Features;

    /// <summary>False: ratios are not densities of x.</summary>
    public bool IsNormalised => false;

    /// <summary>Whether the numbers estimate log p(x | theta) / p(x) itself, where p(x) is over the parameters trained on; otherwise any function of x may have been added.</summary>
    public bool IsProperRatio => Options.Loss != RatioLoss.Contrastive;

    public NeuralRatioOptions Options { get; }

    public FeatureScaling Scaling => _xScale;

    /// <summary>Standardised unconstrained coordinates of parameters, as training wants them.</summary>
    public void ScaleTheta(ReadOnlySpan<double> thetas, Span<double> z)
    {
        _bijection.ToUnconstrained(thetas, z);
        _thetaScale.Apply(z, z);
    }

    /// <summary>The classifier's output: the log-ratio of standardised unconstrained parameters and scaled observations.</summary>
    /// <param name="z">Shape <c>[m n, d]</c>.</param>
    /// <param name="x">Shape <c>[n, k]</c>: row i goes with rows i, n + i, 2 n + i, … of z.</param>
    /// <returns>Shape <c>[m n]</c>.</returns>
    public Tensor LogRatioScaled(Tensor z, Tensor x)
    {
        ShapeException.ThrowUnless(z, -1, Dimension);
        ShapeException.ThrowUnless(x, -1, Features);
        return _network.ForwardColumns(z.Transpose(), (_embedding?.Forward(x) ?? x).Transpose()).Reshape(-1);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Lengths do not fit, a theta is outside the support, or x is not finite.</exception>
    public void LogLikelihood(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logs)
    {
        Check(thetas, x, logs.Length, observations: 1);
        Run(thetas, x, logs, []);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Lengths do not fit, a theta is outside the support, or an x is not finite.</exception>
    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs)
    {
        Check(thetas, xs, logs.Length, observations: logs.Length);
        Run(thetas, xs, logs, []);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Lengths do not fit, a theta is outside the support, or an x is not finite.</exception>
    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients)
    {
        Check(thetas, xs, logs.Length, observations: logs.Length);
        if (gradients.Length != thetas.Length)
        {
            throw new ArgumentException($"Expected gradients of the shape of the parameters, [{logs.Length}, {Dimension}], got {gradients.Length} numbers.", nameof(gradients));
        }

        Run(thetas, xs, logs, gradients);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _thetaScale);
        tree.Add("x", _xScale);
        if (_embedding is not null)
        {
            tree.Add("embedding", _embedding);
        }

        tree.Add("classifier", _network);
    }

    private void Run(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients)
    {
        int d = Dimension, k = Features, n = logs.Length;
        bool one = xs.Length == k;
        double[] z = new double[thetas.Length], standard = new double[z.Length], scaled = new double[xs.Length], result = new double[n];
        double[] slopes = gradients.IsEmpty ? [] : new double[z.Length];
        _bijection.ToUnconstrained(thetas, z);
        _thetaScale.Apply(z, standard);
        _xScale.Apply(xs, scaled);
        Parallel.For(0, (n + BlockRows - 1) / BlockRows, block =>
        {
            using var scope = new TensorScope();
            using KernelThreads.Share share = KernelThreads.One();
            int from = block * BlockRows, count = Math.Min(BlockRows, n - from);
            var points = Tensor.From(standard.AsSpan(from * d, count * d), new Shape(count, d), Options.DType);
            Tensor x = one ? Tensor.From(scaled, new Shape(1, k), Options.DType) : Tensor.From(scaled.AsSpan(from * k, count * k), new Shape(count, k), Options.DType);
            if (slopes.Length == 0)
            {
                using Recording.Pause pause = Recording.Off();
                LogRatioScaled(points, x).ToArray().CopyTo(result, from);
                return;
            }

            points = points.Track();
            Tensor log = LogRatioScaled(points, x);
            log.ToArray().CopyTo(result, from);

            // Rows do not know each other, so the gradient of the sum holds that of each.
            Gradient.Of(log.Sum(), points).ToArray().CopyTo(slopes, from * d);
        });

        result.CopyTo(logs);
        for (int i = 0; i < slopes.Length; i++)
        {
            gradients[i] = slopes[i] / _thetaScale.Scale[i % d] * _bijection.SlopeToUnconstrained(i % d, z[i]);
        }
    }

    private void Check(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, int rows, int observations)
    {
        if (thetas.Length != rows * Dimension || xs.Length != observations * Features)
        {
            throw new ArgumentException(
                $"Expected {rows} rows of {Dimension} parameters and {observations} observations of {Features} numbers, got {thetas.Length} and {xs.Length} numbers.", nameof(thetas));
        }

        for (int i = 0; i < xs.Length; i++)
        {
            if (!double.IsFinite(xs[i]) && !(double.IsNaN(xs[i]) && Options.Missing == MissingValues.Embedded))
            {
                throw new ArgumentException($"Expected finite observations{MissingValuesText.Hint(xs[i])}, got {xs[i]:R} as number {i % Features} of observation {i / Features}.", nameof(xs));
            }
        }
    }
}
