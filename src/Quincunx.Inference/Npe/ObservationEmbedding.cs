using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <summary>What a flow is conditioned on, made of a scaled observation: gaps filled, compressed, and passed through layers, each where wanted.</summary>
/// <remarks>
/// Of an observation x with gaps the network sees (x m + f (1 - m), m), where m is 1 for what was observed and f is trained: one network for every pattern of gaps. The mean of the posterior of a
/// linear model given some of its outputs is another linear map for each pattern, so that layers should follow.
/// </remarks>
internal sealed class ObservationEmbedding : IModule
{
    private readonly int _features, _compressed;
    private readonly Parameter? _fill;
    private readonly Linear? _compression;
    private readonly Mlp? _layers;

    private ObservationEmbedding(int features, NeuralPosteriorOptions options, Rng rng)
    {
        (_features, _compressed) = (features, features - options.ContextFeatures);
        bool gaps = options.Missing == MissingValues.Embedded;
        _fill = gaps ? new Parameter(Tensor.Zeros(new Shape(features))) : null;
        _compression = options.Compression > 0 ? new Linear(_compressed, options.Compression, rng.Split("compression"), Initialiser.LeCunUniform) : null;
        Outputs = (_compression is null ? features : options.Compression + options.ContextFeatures) + (gaps ? features : 0);
        if (options.EmbeddingHidden.Count > 0)
        {
            _layers = new Mlp(Outputs, options.EmbeddingHidden, options.EmbeddingOutputs, rng, options.Flow.Activation);
            Outputs = options.EmbeddingOutputs;
        }
    }

    /// <summary>Numbers that the flow is conditioned on.</summary>
    public int Outputs { get; }

    /// <summary>Null where the flow is conditioned on the scaled observation itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for more numbers than an observation has.</exception>
    public static ObservationEmbedding? Of(int features, NeuralPosteriorOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options.EmbeddingHidden);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ContextFeatures);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.ContextFeatures, features);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Compression);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Compression, features - options.ContextFeatures);
        return options.EmbeddingHidden.Count == 0 && options.Compression == 0 && options.Missing == MissingValues.Refused ? null : new ObservationEmbedding(features, options, rng);
    }

    /// <param name="x">Scaled, shape <c>[n, features]</c>.</param>
    /// <returns>Shape <c>[n, Outputs]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        ShapeException.ThrowUnless(x, -1, _features);

        // An example is a column here, as in the layers.
        Tensor? observed = null;
        x = x.Transpose();
        if (_fill is not null)
        {
            observed = Tensor.Equal(x, x);
            x = Tensor.Where(observed, x, _fill.Value.ExpandAxis(-1));
        }

        if (_compression is not null)
        {
            Tensor numbers = _compression.ForwardColumns(_compressed == _features ? x : x.Slice(0, 0, _compressed));
            x = _compressed == _features ? numbers : Tensor.Concat([numbers, x.Slice(0, _compressed)]);
        }

        x = observed is null ? x : Tensor.Concat([x, observed]);
        return (_layers is null ? x : _layers.ForwardColumns(x)).Transpose();
    }

    /// <summary>Lets the compression start at principal components: directions of largest variance, each divided by the standard deviation of the data along it.</summary>
    /// <param name="first">Scaled rows, shape <c>[n, features]</c>; NaN, where something is missing, counts as 0.</param>
    /// <param name="second">
    /// Other observations of the same outputs, or the same rows again. With other ones, their covariance with the first has no share of the noise, which is independent between the two.
    /// </param>
    public void StartCompression(double[] first, double[] second)
    {
        if (_compression is null)
        {
            return;
        }

        using var scope = new TensorScope();
        int n = first.Length / _features, kept = _compression.Outputs;
        Tensor a = Centred(first, n, out Tensor mean), b = ReferenceEquals(first, second) ? a : Centred(second, n, out _);
        Tensor product = Tensor.MatMul(a, b, transposeA: true) * (0.5 / n);
        (_, Tensor vectors) = Tensor.SymmetricEigen(product + product.MatrixTranspose());
        Tensor directions = vectors.Slice(1, _compressed - kept).Transpose();
        Tensor spread = Tensor.Sqrt(Tensor.Square(Tensor.MatMul(a, directions, transposeB: true)).Mean(0));
        Tensor weight = directions / Tensor.Maximum(spread, 1e-6).ExpandAxis(-1);
        _compression.Weight.Assign(weight.To(_compression.Weight.DType));
        _compression.Bias.Assign((-Tensor.MatMul(weight, mean.ExpandAxis(-1)).Reshape(kept)).To(_compression.Bias.DType));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        // The layers keep the names they had before there was anything beside them.
        _layers?.Describe(tree);
        if (_compression is not null)
        {
            tree.Add("compression", _compression);
        }

        if (_fill is not null)
        {
            tree.Add("fill", _fill);
        }
    }

    private Tensor Centred(double[] rows, int n, out Tensor mean)
    {
        Tensor all = Tensor.From(Array.ConvertAll(rows, v => double.IsNaN(v) ? 0 : v), new Shape(n, _features), DType.Float64).Slice(1, 0, _compressed);
        mean = all.Mean(0);
        return all - mean;
    }
}
