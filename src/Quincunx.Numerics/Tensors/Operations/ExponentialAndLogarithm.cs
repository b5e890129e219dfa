using System.Numerics;
using Quincunx.Numerics.Kernels;

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
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Exp(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * y;
    }

    private readonly struct LogOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Log(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient / x;
    }

    private readonly struct Log1pOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Log1p(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient / (1 + x);
    }

    private readonly struct Expm1Operation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Expm1(x, y);

        // exp(x) and not y + 1, which loses its digits as x falls.
        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * Exp(x);
    }
}
