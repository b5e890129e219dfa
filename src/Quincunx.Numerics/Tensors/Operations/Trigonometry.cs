using System.Numerics;
using System.Numerics.Tensors;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>x in radians; NaN at ±∞.</summary>
    public static Tensor Sin(Tensor x) => Apply<SinOperation>(x);

    /// <summary>x in radians; NaN at ±∞.</summary>
    public static Tensor Cos(Tensor x) => Apply<CosOperation>(x);

    /// <summary>In radians, between -π/2 and π/2.</summary>
    public static Tensor Atan(Tensor x) => Apply<AtanOperation>(x);

    public static Tensor Tanh(Tensor x) => Apply<TanhOperation>(x);

    private readonly struct SinOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Sin(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * Cos(x);
    }

    private readonly struct CosOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Cos(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => -gradient * Sin(x);
    }

    private readonly struct AtanOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Atan(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient / (1 + Square(x));
    }

    private readonly struct TanhOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => ScalarMap.Run<T, ScalarMap.TanhFunction>(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * (1 - Square(y));
    }
}
