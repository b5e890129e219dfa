using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>What a flow or a classifier is conditioned on, made of a scaled observation: gaps filled, compressed, and summarised, each where wanted.</summary>
/// <remarks>
/// Of an observation x with gaps the network sees (x m + f (1 - m), m), where m is 1 for what was observed and f is trained: one network for every pattern of gaps. The mean of the posterior of a
/// linear model given some of its outputs is another linear map for each pattern, so that layers should follow.
/// </remarks>
internal sealed class ObservationEmbedding : IModule
{
    private readonly int _features, _data, _compressed;
    private readonly bool _gaps, _fillsData, _whole;
    private readonly Parameter? _fill;
    private readonly Linear? _compression;
    private readonly IEmbedding? _layers;

    private ObservationEmbedding(int features, ObservationOptions options, Rng rng)
    {
        EmbeddingOptions? embedding = options.Embedding;
        (_features, _data, _gaps) = (features, features - options.Context, options.HasGaps);
        (_whole, _fillsData) = (embedding?.TakesWholeRows ?? true, embedding?.FillsGaps ?? true);
        int filled = _fillsData ? features : options.Context;
        _fill = _gaps && filled > 0 ? new Parameter(Tensor.Zeros(new Shape(filled), options.DType)) : null;
        _compression = options.Compression > 0 ? new Linear(_data, options.Compression, rng.Split("compression"), Initialiser.LeCunUniform, options.DType) : null;
        _compressed = _compression is null ? _data : options.Compression;
        int beside = options.Context + (_gaps ? _whole ? features : options.Context : 0);
        _layers = embedding?.Create(
            _whole ? new EmbeddingInput(_compressed + beside, HasGaps: false, options.Activation, options.DType) : new EmbeddingInput(_data, _gaps, options.Activation, options.DType), rng);
        Outputs = embedding is null ? _compressed + beside : embedding.Outputs + (_whole ? 0 : beside);
        Summaries = embedding?.Outputs ?? 0;
    }

    /// <summary>Numbers that the flow is conditioned on.</summary>
    public int Outputs { get; }

    // Of the embedding alone.
    private int Summaries { get; }

    /// <summary>Null where the flow is conditioned on the scaled observation itself.</summary>
    /// <exception cref="ArgumentException">The options ask for more numbers than an observation has, do not go together, or have a layout that does not fit.</exception>
    public static ObservationEmbedding? Of(int features, ObservationOptions options, Rng rng) =>
        options.Checked(features) is { Embedding: null, Compression: 0, HasGaps: false } ? null : new ObservationEmbedding(features, options, rng);

    /// <param name="x">Scaled, shape <c>[n, features]</c>.</param>
    /// <returns>Shape <c>[n, Outputs]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        ShapeException.ThrowUnless(x, -1, _features);
        Tensor? observed = _gaps ? Tensor.Equal(x, x) : null;
        Tensor? context = _data < _features ? Filled(x.Slice(1, _data), observed?.Slice(1, _data), _fillsData ? _data : 0) : null;
        Tensor? seen = _data < _features ? observed?.Slice(1, 0, _data) : observed;
        Tensor data = _data < _features ? x.Slice(1, 0, _data) : x;
        data = _fillsData || seen is null ? Filled(data, seen, 0) : Tensor.Where(seen, data, 0.0);
        if (_whole)
        {
            data = _compression?.Forward(data) ?? data;
            Tensor row = Joined([data, context, observed]);
            return _layers is null ? row : Summary(_layers.Forward(row, null), x);
        }

        return Joined([Summary(_layers!.Forward(data, seen), x), context, context is null ? null : observed?.Slice(1, _data)]);
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
        Tensor directions = vectors.Slice(1, _data - kept).Transpose();
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

    private static Tensor Joined(Tensor?[] parts)
    {
        Tensor[] there = [.. parts.OfType<Tensor>()];
        return there.Length == 1 ? there[0] : Tensor.Concat(there, axis: 1);
    }

    // The trained numbers from `from` on where something is missing.
    private Tensor Filled(Tensor x, Tensor? observed, int from) =>
        observed is null || _fill is null ? x : Tensor.Where(observed, x, _fill.Count == x.Shape[1] ? _fill.Value : _fill.Value.Slice(0, from, x.Shape[1]));

    private Tensor Summary(Tensor summaries, Tensor x)
    {
        ShapeException.ThrowUnless(summaries, x.Shape[0], Summaries);
        return summaries;
    }

    private Tensor Centred(double[] rows, int n, out Tensor mean)
    {
        Tensor all = Tensor.From(Array.ConvertAll(rows, v => double.IsNaN(v) ? 0 : v), new Shape(n, _features), DType.Float64).Slice(1, 0, _data);
        mean = all.Mean(0);
        return all - mean;
    }
}
