using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>What networks on grids begin with: a convolution that keeps the grid's size, and blocks of them.</summary>
internal sealed class ConvolutionStack : IModule
{
    private readonly ConvolutionLayer _first;
    private readonly ConvolutionBlock[] _blocks;
    private readonly Activation _activation;

    /// <param name="filters">Of the first convolution, then of each block.</param>
    /// <param name="options">Of each block.</param>
    /// <exception cref="ArgumentException">There is no first convolution, the window is even, or the groups of the norm do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public ConvolutionStack(int channels, IReadOnlyList<int> filters, ConvolutionBlockOptions options, Rng rng)
    {
        if (filters is not { Count: > 0 })
        {
            throw new ArgumentException("Expected the filters of at least one convolution, got none.", nameof(filters));
        }

        ConvolutionBlockOptions o = options.Checked();
        _activation = o.Activation;
        _first = new ConvolutionLayer(
            channels, filters[0], [.. Enumerable.Repeat(o.Window, o.Axes)], rng.Split("first"), new WindowOptions { Padding = [o.Window / 2], PaddingKind = o.Padding }, dtype: o.DType);
        _blocks = [.. Enumerable.Range(1, filters.Count - 1).Select(i => new ConvolutionBlock(filters[i - 1], filters[i], o, rng.Split(i)))];
    }

    /// <param name="x">Shape <c>[batch, channels, …grid]</c>.</param>
    /// <returns>Activated, shape <c>[batch, filters, …]</c> with what pooling leaves of the grid.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x)
    {
        Tensor h = _first.Forward(x);
        foreach (ConvolutionBlock block in _blocks)
        {
            h = block.Forward(h);
        }

        return _activation.Apply(h);
    }

    /// <summary>The mean over the grid.</summary>
    /// <param name="h">Shape <c>[batch, filters, …]</c>.</param>
    public static Tensor MeanOverGrid(Tensor h) => h.Mean([.. Enumerable.Range(2, h.Rank - 2)]);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        tree.Add("first", _first);
        tree.Add("blocks", _blocks);
    }
}
