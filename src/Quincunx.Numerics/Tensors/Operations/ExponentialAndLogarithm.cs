using System.Numerics;
using System.Numerics.Tensors;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    public static Tensor Exp(Tensor x) => Apply<ExpOperation>(x);

    /// <summary>Natural logarithm; -∞ at 0 and NaN below.</summary>
    public static Tensor Log(Tensor x) => Apply<LogOperation>(x);

    /// <summary>log(1 + x), exact to the last digits near 0; -∞ at -1 and NaN below.</summary>
    public static Tensor Log1p(Tensor x) => Apply<Log1pOperation>(x);

    /// <summary>exp(x) - 1, exact to the last digits near 0.</summary>
    public static Tensor Expm1(Tensor x) => Apply<Expm1Operation>(x);

    private readonly struct ExpOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Exp(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * y;
    }

    private readonly struct LogOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Log(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient / x;
    }

    private readonly struct Log1pOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => ScalarMap.Run<T, ScalarMap.Log1pFunction>(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient / (1 + x);
    }

    private readonly struct Expm1Operation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => ScalarMap.Run<T, ScalarMap.Expm1Function>(x, y);

        // exp(x) and not y + 1, which loses its digits as x falls.
        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * Exp(x);
    }
}
