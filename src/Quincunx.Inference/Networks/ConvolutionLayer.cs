using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>A convolution with trained weights over one to three axes of a grid.</summary>
public sealed class ConvolutionLayer : IModule
{
    private readonly WindowOptions _window;
    private readonly int _groups;

    /// <param name="lengths">Lengths of the window, one for each axis of the grid.</param>
    /// <param name="window">Strides, padding and dilation; null for strides of 1 and no padding.</param>
    /// <param name="groups">Divides channels and filters.</param>
    /// <exception cref="ArgumentException">The groups do not divide channels and filters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public ConvolutionLayer(
        int channels, int filters, IReadOnlyList<int> lengths, Rng rng, WindowOptions? window = null, int groups = 1,
        Initialiser initialiser = Initialiser.HeUniform, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (channels % groups != 0 || filters % groups != 0)
        {
            throw new ArgumentException($"Expected groups that divide channels and filters, got {groups} groups, {channels} channels and {filters} filters.", nameof(groups));
        }

        (_window, _groups) = (window ?? new WindowOptions(), groups);
        int elements = lengths.Aggregate(1, (product, length) => product * length);
        Tensor weight = initialiser.Draw(filters, channels / groups * elements, rng, dtype);
        Weight = new Parameter(weight.Reshape(new Shape([filters, channels / groups, .. lengths])));
        Bias = new Parameter(Tensor.Zeros(new Shape(filters), dtype));
    }

    /// <summary>Shape <c>[filters, channels / groups, …window]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>Shape <c>[filters]</c>.</summary>
    public Parameter Bias { get; }

    /// <param name="x">Shape <c>[batch, channels, …grid]</c>.</param>
    /// <returns>Shape <c>[batch, filters, …places]</c>; <see cref="WindowOptions"/> has their number.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x) => Tensor.Convolution(x, Weight.Value, Bias.Value, _window, _groups);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("weight", Weight);
        tree.Add("bias", Bias);
    }
}
