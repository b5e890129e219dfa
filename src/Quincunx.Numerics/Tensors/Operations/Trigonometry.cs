using System.Numerics;
using Quincunx.Numerics.Kernels;

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
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Sin(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * Cos(x);
    }

    private readonly struct CosOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Cos(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => -gradient * Sin(x);
    }

    private readonly struct AtanOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Atan(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient / (1 + Square(x));
    }

    private readonly struct TanhOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Tanh(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * (1 - Square(y));
    }
}
