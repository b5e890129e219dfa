using System.Numerics;
using Quincunx.Numerics.Autodiff;

namespace Quincunx.Numerics.Tensors;

/// <summary>An elementwise function of one tensor: kernel and derivative in one place.</summary>
internal interface IUnaryOperation
{
    /// <summary>Fills y with f(x), element by element; same length; y may be x.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>gradient · f′(x), in operations; <paramref name="y"/> is f(x).</summary>
    static abstract Tensor Backward(Tensor x, Tensor y, Tensor gradient);
}

public sealed partial class Tensor
{
    internal static Tensor Apply<TOperation>(Tensor x)
        where TOperation : struct, IUnaryOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Allocate(x.Shape, x.DType);
        if (x.DType == DType.Float32)
        {
            TOperation.Forward(x.AsSpan<float>(), y.Writable<float>());
        }
        else
        {
            TOperation.Forward(x.AsSpan<double>(), y.Writable<double>());
        }

        return Recording.Of(y, UnaryRule<TOperation>.Rule, x);
    }

    private static class UnaryRule<TOperation>
        where TOperation : struct, IUnaryOperation
    {
        public static readonly PullBack Rule =
            static (y, gradient, pull) => pull.Set(0, TOperation.Backward(pull.Inputs[0], y, gradient));
    }
}
