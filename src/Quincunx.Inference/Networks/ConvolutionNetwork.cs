using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>From a grid to a row: a convolution, blocks of them, the mean over what is left of the grid, a linear map. A summary of images, lattices and time series.</summary>
/// <remarks>Takes grids of any size. With circular padding and no pooling a shift of the grid does not change the result.</remarks>
public sealed class ConvolutionNetwork : IModule
{
    private readonly ConvolutionStack _convolutions;
    private readonly Linear _last;

    /// <param name="filters">Of the first convolution, then of each block.</param>
    /// <param name="options">Of each block.</param>
    /// <exception cref="ArgumentException">There is no first convolution, the window is even, or the groups of the norm do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public ConvolutionNetwork(int channels, IReadOnlyList<int> filters, int outputs, ConvolutionBlockOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        _convolutions = new ConvolutionStack(channels, filters, options, rng);
        _last = new Linear(filters[^1], outputs, rng.Split("last"), Initialiser.LeCunUniform, options.DType);
    }

    /// <param name="x">Shape <c>[batch, channels, …grid]</c>.</param>
    /// <returns>Shape <c>[batch, outputs]</c>.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x) => _last.Forward(ConvolutionStack.MeanOverGrid(_convolutions.Forward(x)));

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        _convolutions.Describe(tree);
        tree.Add("last", _last);
    }
}
