using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Brings each group of channels of each example to mean 0 and variance 1 over channels and grid, then applies a trained gain and offset per channel.</summary>
/// <remarks>
/// Wu and He 2018, arXiv:1803.08494. One group is a layer norm of the whole example. An example does not depend on the others of its batch, as it does in a batch norm, so that training and
/// evaluation are the same function.
/// </remarks>
public sealed class GroupNorm : IModule
{
    // As in LayerNorm.
    private const double Epsilon = 1e-5;

    private readonly int _groups;

    /// <param name="groups">Divides the channels.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public GroupNorm(int channels, int groups = 1, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (channels % groups != 0)
        {
            throw new ArgumentException($"Expected groups that divide the channels, got {groups} groups and {channels} channels.", nameof(groups));
        }

        _groups = groups;
        Gain = new Parameter(Tensor.Ones(new Shape(channels), dtype));
        Offset = new Parameter(Tensor.Zeros(new Shape(channels), dtype));
    }

    /// <summary>Shape <c>[channels]</c>.</summary>
    public Parameter Gain { get; }

    /// <summary>Shape <c>[channels]</c>.</summary>
    public Parameter Offset { get; }

    /// <param name="x">Shape <c>[batch, channels, …grid]</c>.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ShapeException">The channels are others.</exception>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank < 2 || x.Shape[1] != Gain.Count)
        {
            throw new ShapeException($"Expected shape [batch, {Gain.Count}, ...grid], got {x.Shape}.");
        }

        int batch = x.Shape[0], channels = Gain.Count, elements = batch == 0 ? 0 : x.Count / batch / _groups, places = elements * _groups / channels;
        Tensor groups = x.Reshape(batch, _groups, elements);
        Tensor centred = groups - groups.Mean(-1, keepAxes: true);
        Tensor variance = Tensor.Square(centred).Mean(-1, keepAxes: true);
        Tensor normal = (centred / Tensor.Sqrt(variance + Epsilon)).Reshape(batch, channels, places);
        return ((normal * Gain.Value.Reshape(channels, 1)) + Offset.Value.Reshape(channels, 1)).Reshape(x.Shape);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("gain", Gain);
        tree.Add("offset", Offset);
    }
}
