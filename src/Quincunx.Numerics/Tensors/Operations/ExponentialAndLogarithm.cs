using System.Numerics;
using System.Numerics.Tensors;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    public static Tensor Exp(Tensor x) => Apply<ExpOperation>(x);

    /// <summary>Natural logarithm; -∞ at 0 and NaN below.</summary>
    public static Tensor Log(Tensor x) => Apply<LogOperation>(x);

    private readonly struct ExpOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Exp(x, y);

        public static Tensor Backward(Tensor x, Tensor y, Tensor gradient) => gradient * y;
    }

    private readonly struct LogOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Log(x, y);

        public static Tensor Backward(Tensor x, Tensor y, Tensor gradient) => gradient / x;
    }
}
