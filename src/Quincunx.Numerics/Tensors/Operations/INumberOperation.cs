using System.Numerics;

namespace Quincunx.Numerics.Tensors;

/// <summary>An elementwise function of a tensor and one number, which is not differentiated: kernel and derivative in one place.</summary>
internal interface INumberOperation
{
    /// <summary>Whether the derivative is zero wherever it exists, so that nothing need be recorded.</summary>
    static virtual bool IsFlat => false;

    /// <summary>Fills y with f(x, number), element by element; same length; y may be x.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>gradient · ∂f/∂x, in operations; <paramref name="y"/> is f(x, number). Null where it is zero everywhere.</summary>
    static abstract Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient);
}
