using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The determinant of each square matrix over the last two axes.</summary>
    /// <param name="a">Shape <c>[…, n, n]</c>.</param>
    /// <returns>Shape <c>[…]</c>; 0 for a matrix with an exactly zero pivot. It overflows where <see cref="LogDeterminant"/> does not.</returns>
    /// <remarks>The derivative is det A · A⁻ᵀ (Giles 2008, section 2.2.4): NaN for a matrix that is exactly singular, although the limit exists.</remarks>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    public static Tensor Determinant(Tensor a)
    {
        RequireSquare("Determinant", a);
        Tensor lu = LuOf(a), y = Allocate(new Shape(a.Shape.Lengths[..^2]), a.DType);
        Kernel.Run(new DeterminantKernel(lu, y), y, lu);
        return Recording.Of(y, (y, gradient, pull) => pull.Set(0, TimesInverse(pull.Inputs[0], lu, gradient * y)), a);
    }

    /// <summary>Sign and logarithm of the size of the determinant of each square matrix over the last two axes.</summary>
    /// <param name="a">Shape <c>[…, n, n]</c>.</param>
    /// <returns>
    /// Two tensors of shape <c>[…]</c>: -1, 0 or 1, a constant to differentiation, and log |det A|, -∞ where the sign is 0. Both are NaN where the matrix holds NaN.
    /// </returns>
    /// <remarks>The derivative of the logarithm is A⁻ᵀ; it does not exist for singular matrices.</remarks>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    public static (Tensor Sign, Tensor LogAbs) LogDeterminant(Tensor a)
    {
        RequireSquare("LogDeterminant", a);
        var shape = new Shape(a.Shape.Lengths[..^2]);
        Tensor lu = LuOf(a), sign = Allocate(shape, a.DType), log = Allocate(shape, a.DType);
        Kernel.Run(new LogDeterminantKernel(lu, sign, log), [sign, log], [lu]);
        return (sign, Recording.Of(log, (_, gradient, pull) => pull.Set(0, TimesInverse(pull.Inputs[0], lu, gradient)), a));
    }

    // Numbers of shape […] times A⁻ᵀ.
    private static Tensor TimesInverse(Tensor a, Tensor lu, Tensor factor)
    {
        int n = a.Shape[-1];
        return SolveFactored(a, lu, Eye(n, a.DType), transpose: true) * factor.Reshape(new Shape([.. factor.Shape.Lengths, 1, 1]));
    }

    private readonly struct DeterminantKernel(Tensor lu, Tensor y) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = lu.Shape[-1];
            Span<T> into = y.Writable<T>();
            for (int i = 0; i < into.Length; i++)
            {
                ReadOnlySpan<T> packed = lu.Elements<T>().Slice(i * LuFactor.Length(n), LuFactor.Length(n));
                T product = LuFactor.IsOdd(packed, n) ? -T.One : T.One;
                for (int k = 0; k < n; k++)
                {
                    product *= packed[(k * n) + k];
                }

                into[i] = product;
            }
        }
    }

    private readonly struct LogDeterminantKernel(Tensor lu, Tensor sign, Tensor log) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = lu.Shape[-1];
            Span<T> signs = sign.Writable<T>(), logs = log.Writable<T>();
            for (int i = 0; i < signs.Length; i++)
            {
                ReadOnlySpan<T> packed = lu.Elements<T>().Slice(i * LuFactor.Length(n), LuFactor.Length(n));
                (T product, T sum) = (LuFactor.IsOdd(packed, n) ? -T.One : T.One, T.Zero);
                for (int k = 0; k < n; k++)
                {
                    T pivot = packed[(k * n) + k];
                    product *= T.IsNaN(pivot) ? pivot : T.CreateTruncating(T.Sign(pivot));
                    sum += T.Log(T.Abs(pivot));
                }

                (signs[i], logs[i]) = (product, sum);
            }
        }
    }
}
