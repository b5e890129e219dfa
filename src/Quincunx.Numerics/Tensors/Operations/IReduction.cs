using System.Numerics;

namespace Quincunx.Numerics.Tensors;

/// <summary>A reduction over one axis, with the property that reducing over two axes is reducing over each in turn.</summary>
internal interface IReduction
{
    static abstract string Name { get; }

    /// <summary>Whether an empty axis has a value: the identity of the reduction.</summary>
    static abstract bool AllowsEmpty { get; }

    /// <param name="x">Shape <c>[outer, length, inner]</c>.</param>
    /// <param name="y">Shape <c>[outer, inner]</c>; not x.</param>
    static abstract void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>d loss / dx; <paramref name="y"/> and <paramref name="gradient"/> keep the reduced axes with length 1.</summary>
    static abstract Tensor Backward(Tensor x, Tensor y, Tensor gradient);
}
