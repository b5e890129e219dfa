using System.Numerics;

namespace Quincunx.Numerics.Tensors;

/// <summary>An elementwise function of one tensor: kernel and derivative in one place.</summary>
internal interface IUnaryOperation
{
    /// <summary>Whether the derivative is zero wherever it exists, so that nothing need be recorded.</summary>
    static virtual bool IsFlat => false;

    /// <summary>Fills y with f(x), element by element; same length; y may be x.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>gradient · f′(x), in operations; <paramref name="y"/> is f(x). Null where it is zero everywhere.</summary>
    static abstract Tensor? Backward(Tensor x, Tensor y, Tensor gradient);
}
