using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

/// <summary>An elementwise function of two tensors that broadcast: kernels and derivatives in one place.</summary>
internal interface IBinaryOperation
{
    static abstract string Name { get; }

    /// <summary>Whether both derivatives are zero wherever they exist, so that nothing need be recorded.</summary>
    static virtual bool IsFlat => false;

    /// <summary>Fills y with f(a, b), element by element; same lengths; y may be a or b.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>As above with one b for all elements.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>As above with one a for all elements.</summary>
    static abstract void Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>As above for each row of a matrix y with so many columns; a and b have a part for each row, or the same for all.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> a, RowWalk walkA, ReadOnlySpan<T> b, RowWalk walkB, Span<T> y, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>gradient · ∂f/∂a in the broadcast shape, or null where it is zero everywhere.</summary>
    static abstract Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient);

    /// <summary>gradient · ∂f/∂b in the broadcast shape, or null where it is zero everywhere.</summary>
    static abstract Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient);
}
