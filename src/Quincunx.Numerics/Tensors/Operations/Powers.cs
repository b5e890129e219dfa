using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>NaN below 0; the derivative at 0 is infinite.</summary>
    public static Tensor Sqrt(Tensor x) => Apply<SqrtOperation>(x);

    public static Tensor Square(Tensor x) => Apply<SquareOperation>(x);

    /// <summary>1 / x; ±∞ at ±0.</summary>
    public static Tensor Reciprocal(Tensor x) => Apply<ReciprocalOperation>(x);

    /// <summary>x to a fixed power; NaN for negative x and a power that is not whole; 1 for any x at power 0.</summary>
    public static Tensor Pow(Tensor x, double power) => power switch
    {
        1 => x,
        2 => Square(x),
        _ => ApplyNumber<PowNumberOperation>(x, power),
    };

    /// <summary>a to the power b, both differentiable. Where a is 0 and b is not negative, ∂/∂b is 0, its limit for b above 0.</summary>
    public static Tensor Pow(Tensor a, Tensor b) => Apply<PowOperation>(a, b);

    private readonly struct SqrtOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Sqrt(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * 0.5 / y;
    }

    private readonly struct SquareOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Square(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * x * 2.0;
    }

    private readonly struct ReciprocalOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Reciprocal(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => -gradient * y * y;
    }

    private readonly struct PowNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => PowLoop(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => number == 0 ? null : gradient * number * Pow(x, number - 1);
    }

    private readonly struct PowOperation : IBinaryOperation
    {
        public static string Name => "Pow";

        public static void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = T.Pow(a[i], b[i]);
            }
        }

        public static void Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => PowLoop(a, b, y);

        public static void Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = T.Pow(a, b[i]);
            }
        }

        public static void Forward<T>(ReadOnlySpan<T> a, RowWalk walkA, ReadOnlySpan<T> b, RowWalk walkB, Span<T> y, int columns)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (int i = 0; i < y.Length; i++)
            {
                int row = i / columns, column = i % columns;
                y[i] = T.Pow(a[(row * walkA.Step) + (walkA.Moves ? column : 0)], b[(row * walkB.Step) + (walkB.Moves ? column : 0)]);
            }
        }

        // At a = b = 0 the product b · a^(b - 1) would be 0 · ∞; the power 0 is constant there.
        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient)
        {
            Tensor flat = Equal(a, 0) * Equal(b, 0);
            return Where(flat, 0, gradient * b * Pow(Where(flat, 1, a), b - 1));
        }

        // At a = 0 the product a^b · log a would be 0 · -∞.
        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient)
        {
            Tensor flat = Equal(a, 0) * GreaterOrEqual(b, 0);
            return Where(flat, 0, gradient * y * Log(Where(flat, 1, a)));
        }
    }

    // Not TensorPrimitives.Pow: a vectorised exp(b log a) has no whole powers of negative numbers.
    private static void PowLoop<T>(ReadOnlySpan<T> x, T power, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = T.Pow(x[i], power);
        }
    }
}
