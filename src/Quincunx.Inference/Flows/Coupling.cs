using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>The second half of a column is transformed with parameters computed from the first half and the context.</summary>
/// <remarks>
/// Dinh, Sohl-Dickstein and Bengio 2017, arXiv:1605.08803. Both directions take one pass. A column of one element has an empty first half: its
/// parameters come from the context alone, or, without one, from a trained constant.
/// </remarks>
public sealed class Coupling : IBijection
{
    private readonly IElementwiseTransform _transform;
    private readonly ResidualMlp _network;
    private readonly int _kept;

    public Coupling(
        int dimension, int contextSize, int hidden, int blocks, IElementwiseTransform transform, Rng rng, Activation activation = Activation.Relu, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(transform);
        (Dimension, _transform, _kept) = (dimension, transform, dimension / 2);
        var options = new ResidualMlpOptions { Width = hidden, Blocks = blocks, Activation = activation, ContextSize = contextSize, Output = Initialiser.Zeros, DType = dtype };
        _network = new ResidualMlp(Math.Max(1, _kept), (dimension - _kept) * transform.ParametersPerElement, options, rng);
    }

    public int Dimension { get; }

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor? context) => Apply(x, context, inverse: false);

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor? context) => Apply(y, context, inverse: true);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("network", _network);
    }

    private Transformed Apply(Tensor x, Tensor? context, bool inverse)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        Tensor kept = _kept == 0 ? Tensor.Zeros(new Shape(1, x.Shape[1]), x.DType) : x.Slice(0, 0, _kept);
        Tensor moved = x.Slice(0, _kept, Dimension - _kept), raw = _network.ForwardColumns(kept, context);
        Transformed result = inverse ? _transform.Inverse(moved, raw) : _transform.Forward(moved, raw);
        return _kept == 0 ? result : result with { Value = Tensor.Concat([kept, result.Value], axis: 0) };
    }
}
