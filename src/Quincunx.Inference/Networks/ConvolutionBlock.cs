using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Twice norm, activation, convolution, added to what came in, and a coarser grid behind it where wanted.</summary>
/// <remarks>He et al. 2016, arXiv:1603.05027 (full pre-activation). A change of channels goes by a convolution with a window of one element. The second convolution of a residual block starts at 0.</remarks>
public sealed class ConvolutionBlock : IModule
{
    private readonly ConvolutionBlockOptions _options;
    private readonly GroupNorm? _firstNorm, _secondNorm;
    private readonly ConvolutionLayer _first, _second;
    private readonly ConvolutionLayer? _shortcut;

    /// <exception cref="ArgumentException">The window is even, or the groups of the norm do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public ConvolutionBlock(int channels, int filters, ConvolutionBlockOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        ConvolutionBlockOptions o = _options = options.Checked();
        int[] window = Each(o.Window), point = Each(1);
        var kept = new WindowOptions { Padding = [o.Window / 2], PaddingKind = o.Padding };
        _firstNorm = o.NormGroups == 0 ? null : new GroupNorm(channels, o.NormGroups, o.DType);
        _secondNorm = o.NormGroups == 0 ? null : new GroupNorm(filters, o.NormGroups, o.DType);
        _first = new ConvolutionLayer(channels, filters, window, rng.Split("first"), kept, dtype: o.DType);
        _second = new ConvolutionLayer(
            filters, filters, window, rng.Split("second"), kept, initialiser: o.IsResidual ? Initialiser.Zeros : Initialiser.HeUniform, dtype: o.DType);
        _shortcut = o.IsResidual && channels != filters
            ? new ConvolutionLayer(channels, filters, point, rng.Split("shortcut"), initialiser: Initialiser.LeCunUniform, dtype: o.DType) : null;
    }

    /// <param name="x">Shape <c>[batch, channels, …grid]</c>.</param>
    /// <returns>Shape <c>[batch, filters, …grid]</c>, each axis half as long where the grid is pooled.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or a pooled axis is shorter than 2.</exception>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor h = _second.Forward(Activated(_secondNorm, _first.Forward(Activated(_firstNorm, x))));
        h = _options.IsResidual ? h + (_shortcut?.Forward(x) ?? x) : h;
        return _options.Pooling switch
        {
            GridPooling.Mean => Tensor.AveragePool(h, [2]),
            GridPooling.Max => Tensor.MaxPool(h, [2]),
            _ => h,
        };
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        if (_firstNorm is not null && _secondNorm is not null)
        {
            tree.Add("first-norm", _firstNorm);
            tree.Add("second-norm", _secondNorm);
        }

        tree.Add("first", _first);
        tree.Add("second", _second);
        if (_shortcut is not null)
        {
            tree.Add("shortcut", _shortcut);
        }
    }

    private int[] Each(int length) => [.. Enumerable.Repeat(length, _options.Axes)];

    private Tensor Activated(GroupNorm? norm, Tensor x) => _options.Activation.Apply(norm?.Forward(x) ?? x);
}
