using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>Classifiers side by side, each of a few of the parameters: log p(x | theta_m) / p(x) for every marginal m, the other parameters integrated over what they were drawn from.</summary>
public sealed class MarginalRatios : IModule
{
    private const int BlockRows = 1024;
    private readonly SupportBijection _bijection;
    private readonly Standardise _thetaScale;
    private readonly FeatureScaling _xScale;
    private readonly ObservationEmbedding? _embedding;
    private readonly ResidualMlp[] _networks;
    private readonly int[][] _marginals;

    /// <param name="bijection">Of the support of what parameters were drawn from.</param>
    /// <param name="thetaScale">Standardises unconstrained parameters.</param>
    /// <param name="xScale">Scales observations.</param>
    /// <param name="marginals">Indices of parameters, in each marginal distinct.</param>
    /// <param name="options">Of every network; the embedding is shared.</param>
    /// <exception cref="ArgumentException">There are no marginals, one is empty or names a parameter twice or one that there is not, or an option is out of its range.</exception>
    public MarginalRatios(SupportBijection bijection, Standardise thetaScale, FeatureScaling xScale, IReadOnlyList<IReadOnlyList<int>> marginals, NeuralRatioOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(thetaScale);
        ArgumentNullException.ThrowIfNull(xScale);
        ArgumentNullException.ThrowIfNull(marginals);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        (_bijection, _thetaScale, _xScale, Options) = (bijection, thetaScale, xScale, options.Checked());
        _marginals = [.. marginals.Select(m => m.ToArray())];
        if (_marginals.Length == 0 || Array.Exists(_marginals, m => m.Length == 0 || m.Distinct().Count() < m.Length || Array.Exists(m, j => j < 0 || j >= bijection.Dimension)))
        {
            throw new ArgumentException($"Expected marginals of distinct parameters from 0 to {bijection.Dimension - 1}, got {string.Join("; ", _marginals.Select(m => string.Join(", ", m)))}.", nameof(marginals));
        }

        _embedding = ObservationEmbedding.Of(xScale.Features, options.Observations, rng.Split("embedding"));
        var network = new ResidualMlpOptions
        {
            Width = options.Width,
            Blocks = options.Blocks,
            Activation = options.Activation,
            ContextSize = _embedding?.Outputs ?? xScale.Features,
            DType = options.DType,
        };
        _networks = [.. _marginals.Select((m, i) => new ResidualMlp(m.Length, 1, network, rng.Split(i)))];
    }

    public int Dimension => _bijection.Dimension;

    public int Features => _xScale.Features;

    /// <summary>The parameters of each marginal.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Marginals => _marginals;

    /// <summary>The interval of each parameter that was trained on; ratios are not to be asked for outside.</summary>
    public IReadOnlyList<Support> Supports => _bijection.Supports;

    public NeuralRatioOptions Options { get; }

    public FeatureScaling Scaling => _xScale;

    /// <summary>Standardised unconstrained coordinates of parameters, as training wants them.</summary>
    public void ScaleTheta(ReadOnlySpan<double> thetas, Span<double> z)
    {
        _bijection.ToUnconstrained(thetas, z);
        _thetaScale.Apply(z, z);
    }

    /// <summary>The classifiers' outputs.</summary>
    /// <param name="z">Standardised unconstrained parameters, shape <c>[m n, d]</c>.</param>
    /// <param name="x">Scaled observations, shape <c>[n, k]</c>: row i goes with rows i, n + i, … of z.</param>
    /// <returns>For each marginal, shape <c>[m n]</c>.</returns>
    public IReadOnlyList<Tensor> LogRatiosScaled(Tensor z, Tensor x)
    {
        ShapeException.ThrowUnless(z, -1, Dimension);
        Tensor columns = z.Transpose(), context = Embed(x);
        return [.. _marginals.Select((m, i) =>
            _networks[i].ForwardColumns(m.Length == 1 ? columns.Slice(0, m[0], 1) : Tensor.Concat([.. m.Select(j => columns.Slice(0, j, 1))]), context).Reshape(-1))];
    }

    /// <summary>A marginal of all parameters as a ratio of its own, which shares the weights: with the distribution trained on as its prior it gives the joint posterior.</summary>
    /// <param name="marginal">Index into <see cref="Marginals"/>.</param>
    /// <exception cref="ArgumentException">The marginal is not of all parameters in their order.</exception>
    public NeuralRatio Joint(int marginal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)marginal, (uint)_marginals.Length, nameof(marginal));
        if (!_marginals[marginal].SequenceEqual(Enumerable.Range(0, Dimension)))
        {
            throw new ArgumentException($"Expected a marginal of the {Dimension} parameters in their order, got {string.Join(", ", _marginals[marginal])}.", nameof(marginal));
        }

        return new NeuralRatio(_bijection, _thetaScale, _xScale, Options, _embedding, _networks[marginal]);
    }

    /// <summary>Log-ratios of one marginal at one observation.</summary>
    /// <param name="marginal">Index into <see cref="Marginals"/>.</param>
    /// <param name="x">Shape <c>[k]</c>, finite.</param>
    /// <param name="thetas">Whole parameter vectors, shape <c>[n, d]</c>, inside <see cref="Supports"/>; those that are not of the marginal do not matter.</param>
    /// <param name="logs">Shape <c>[n]</c>, overwritten.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, a theta is outside, or x is not finite.</exception>
    public void LogRatio(int marginal, ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)marginal, (uint)_marginals.Length, nameof(marginal));
        int d = Dimension, k = Features, n = logs.Length;
        if (x.Length != k || thetas.Length != n * d)
        {
            throw new ArgumentException($"Expected an observation of {k} numbers and {n} rows of {d} parameters, got {x.Length} and {thetas.Length} numbers.", nameof(thetas));
        }

        foreach (double value in x)
        {
            if (!double.IsFinite(value) && !(double.IsNaN(value) && Options.Missing == MissingValues.Embedded))
            {
                throw new ArgumentException($"Expected a finite observation{MissingValuesText.Hint(value)}, got {value:R}.", nameof(x));
            }
        }

        int[] own = _marginals[marginal];
        double[] z = new double[thetas.Length], scaled = new double[k], result = new double[n], part = new double[n * own.Length];
        ScaleTheta(thetas, z);
        _xScale.Apply(x, scaled);
        for (int i = 0; i < part.Length; i++)
        {
            part[i] = z[(i / own.Length * d) + own[i % own.Length]];
        }

        Parallel.For(0, (n + BlockRows - 1) / BlockRows, block =>
        {
            using var scope = new TensorScope();
            using Recording.Pause pause = Recording.Off();
            using Quincunx.Numerics.Kernels.KernelThreads.Share share = Quincunx.Numerics.Kernels.KernelThreads.One();
            int from = block * BlockRows, count = Math.Min(BlockRows, n - from);
            var points = Tensor.From(part.AsSpan(from * own.Length, count * own.Length), new Shape(count, own.Length), Options.DType);
            Tensor context = Embed(Tensor.From(scaled, new Shape(1, k), Options.DType));
            _networks[marginal].ForwardColumns(points.Transpose(), context).ToArray().CopyTo(result, from);
        });
        result.CopyTo(logs);
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

        tree.Add("marginals", _networks);
    }

    private Tensor Embed(Tensor x)
    {
        ShapeException.ThrowUnless(x, -1, Features);
        return (_embedding?.Forward(x) ?? x).Transpose();
    }
}
