using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The X with <c>A X = b</c>, or <c>Aᵀ X = b</c>, for each square matrix A over the last two axes.</summary>
    /// <param name="a">Shape <c>[…, n, n]</c>.</param>
    /// <param name="b">Shape <c>[…, n, m]</c>; leading axes broadcast with those of <paramref name="a"/>.</param>
    /// <param name="transpose">Whether the transpose of A is solved with.</param>
    /// <returns>Shape <c>[…, n, m]</c>; ±∞ or NaN where a pivot is exactly 0.</returns>
    /// <remarks>
    /// By LU factors with partial pivoting, n³/3 multiply-adds a matrix and n² a right-hand side; derivatives of any order use the same
    /// factors again. Their rule is b̄ = A⁻ᵀ X̄, Ā = -b̄ Xᵀ (Giles 2008, section 2.3.1).
    /// </remarks>
    /// <exception cref="ShapeException">A is not square, or its length is not that of <paramref name="b"/>.</exception>
    public static Tensor Solve(Tensor a, Tensor b, bool transpose = false)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        a.RequireSameType(b);
        if (a.Rank < 2 || b.Rank < 2 || a.Shape[-1] != a.Shape[-2] || a.Shape[-1] != b.Shape[-2])
        {
            throw ShapeException.Pair("Solve", a.Shape, b.Shape, "expected [..., n, n] and [..., n, m].");
        }

        Shape.BroadcastOuter("Solve", a.Shape, b.Shape, out _, out _);
        return SolveFactored(a, LuOf(a), b, transpose);
    }

    /// <summary>The inverse of each square matrix over the last two axes.</summary>
    /// <param name="a">Shape <c>[…, n, n]</c>.</param>
    /// <returns>The same shape; ±∞ or NaN where a pivot is exactly 0.</returns>
    /// <remarks>To solve with, <see cref="Solve"/> is cheaper and more accurate.</remarks>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    public static Tensor Inverse(Tensor a)
    {
        RequireSquare("Inverse", a);
        return SolveFactored(a, LuOf(a), Eye(a.Shape[-1], a.DType), transpose: false);
    }

    private static void RequireSquare(string operation, Tensor a)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank < 2 || a.Shape[-1] != a.Shape[-2])
        {
            throw new ShapeException($"{operation}: expected shape [..., n, n], got {a.Shape}.");
        }
    }

    /// <summary>Packed factors as <see cref="LuFactor"/> has them, shape <c>[…, n + 1, n]</c>; not recorded.</summary>
    private static Tensor LuOf(Tensor a)
    {
        Tensor lu = Allocate(a.Shape.With(a.Rank - 2, a.Shape[-1] + 1), a.DType);
        return Kernel.Run(new LuKernel(a, lu), lu, a);
    }

    // The factors hold what a holds: they carry the values through all orders of derivatives, and a carries the record.
    private static Tensor SolveFactored(Tensor a, Tensor lu, Tensor b, bool transpose)
    {
        Shape outer = Shape.BroadcastOuter("Solve", a.Shape, b.Shape, out Shape outerA, out _);
        var shape = new Shape([.. outer.Lengths, b.Shape[-2], b.Shape[-1]]);
        Tensor x = Allocate(shape, b.DType);
        using (Recording.Off())
        {
            Tensor wide = b.BroadcastTo(shape);
            Kernel.Run(new LuSolveKernel(lu, outerA, wide, x, outer, transpose), x, lu, wide);
        }

        return Recording.Of(
            x,
            (x, gradient, pull) =>
            {
                Tensor a = pull.Inputs[0], back = SolveFactored(a, lu, gradient, !transpose);
                if (pull.Wanted[0])
                {
                    Tensor da = transpose ? MatMul(x, back, transposeB: true) : MatMul(back, x, transposeB: true);
                    pull.Set(0, -da.SumTo(a.Shape));
                }

                if (pull.Wanted[1])
                {
                    pull.Set(1, back.SumTo(pull.Inputs[1].Shape));
                }
            },
            a,
            b);
    }

    private readonly struct LuKernel(Tensor a, Tensor lu) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = a.Shape[-1], length = LuFactor.Length(n), matrices = n == 0 ? 0 : a.Count / (n * n);
            ReadOnlySpan<T> from = a.Elements<T>();
            Span<T> to = lu.Writable<T>();
            for (int i = 0; i < matrices; i++)
            {
                Span<T> packed = to.Slice(i * length, length);
                from.Slice(i * n * n, n * n).CopyTo(packed);
                LuFactor.Compute(packed, n);
            }
        }
    }

    private readonly struct LuSolveKernel(Tensor lu, Shape outerA, Tensor b, Tensor x, Shape outer, bool transpose) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            ReadOnlySpan<T> packed = lu.Elements<T>();
            Span<T> into = x.Writable<T>();
            b.Elements<T>().CopyTo(into);
            int n = b.Shape[-2], m = b.Shape[-1], length = LuFactor.Length(n), at = 0;
            Span<int> steps = stackalloc int[outer.Rank], index = stackalloc int[outer.Rank];
            Broadcasting.Steps(outerA, outer.Rank, steps);
            index.Clear();
            for (int batch = 0; batch < outer.Count; batch++)
            {
                LuFactor.Solve(packed.Slice(at * length, length), into.Slice(batch * n * m, n * m), n, m, transpose);
                at = Broadcasting.Advance(index, steps, outer, at);
            }
        }
    }
}
