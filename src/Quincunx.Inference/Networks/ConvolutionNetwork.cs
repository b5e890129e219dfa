using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>From a grid to a row: a convolution, blocks of them, the mean over what is left of the grid, a linear map. A summary of images, lattices and time series.</summary>
/// <remarks>Takes grids of any size. With circular padding and no pooling a shift of the grid does not change the result.</remarks>
public sealed class ConvolutionNetwork : IModule
{
    private readonly ConvolutionLayer _first;
    private readonly ConvolutionBlock[] _blocks;
    private readonly Linear _last;
    private readonly Activation _activation;

    /// <param name="filters">Of the first convolution, then of each block.</param>
    /// <param name="options">Of each block.</param>
    /// <exception cref="ArgumentException">There is no first convolution, the window is even, or the groups of the norm do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public ConvolutionNetwork(int channels, IReadOnlyList<int> filters, int outputs, ConvolutionBlockOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        if (filters.Count == 0)
        {
            throw new ArgumentException("Expected the filters of at least one convolution.", nameof(filters));
        }

        ConvolutionBlockOptions o = options.Checked();
        var kept = new WindowOptions { Padding = [o.Window / 2], PaddingKind = o.Padding };
        _activation = o.Activation;
        _first = new ConvolutionLayer(channels, filters[0], [.. Enumerable.Repeat(o.Window, o.Axes)], rng.Split("first"), kept, dtype: o.DType);
        _blocks = [.. Enumerable.Range(1, filters.Count - 1).Select(i => new ConvolutionBlock(filters[i - 1], filters[i], o, rng.Split(i)))];
        _last = new Linear(filters[^1], outputs, rng.Split("last"), Initialiser.LeCunUniform, o.DType);
    }

    /// <param name="x">Shape <c>[batch, channels, …grid]</c>.</param>
    /// <returns>Shape <c>[batch, outputs]</c>.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x)
    {
        Tensor h = _first.Forward(x);
        foreach (ConvolutionBlock block in _blocks)
        {
            h = block.Forward(h);
        }

        int[] grid = [.. Enumerable.Range(2, h.Rank - 2)];
        return _last.Forward(_activation.Apply(h).Mean(grid));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("first", _first);
        tree.Add("blocks", _blocks);
        tree.Add("last", _last);
    }
}
