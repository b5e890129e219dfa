using System.Numerics;
using System.Numerics.Tensors;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The X with <c>T X = b</c>, or <c>Tᵀ X = b</c>, for each triangular matrix T over the last two axes.</summary>
    /// <param name="triangle">Shape <c>[…, n, n]</c>; the other triangle is not read. A 0 on the diagonal gives ±∞ or NaN.</param>
    /// <param name="b">Shape <c>[…, n, m]</c>; leading axes broadcast with those of the triangle.</param>
    /// <param name="upper">Whether T is upper triangular.</param>
    /// <param name="transpose">Whether the transpose of T is solved with.</param>
    /// <returns>Shape <c>[…, n, m]</c>.</returns>
    /// <exception cref="ShapeException">T is not square, or its length is not that of <paramref name="b"/>.</exception>
    public static Tensor SolveTriangular(Tensor triangle, Tensor b, bool upper = false, bool transpose = false)
    {
        ArgumentNullException.ThrowIfNull(triangle);
        ArgumentNullException.ThrowIfNull(b);
        triangle.RequireSameType(b);
        if (triangle.Rank < 2 || b.Rank < 2 || triangle.Shape[-1] != triangle.Shape[-2] || triangle.Shape[-1] != b.Shape[-2])
        {
            throw ShapeException.Pair("SolveTriangular", triangle.Shape, b.Shape, "expected [..., n, n] and [..., n, m].");
        }

        Shape outer = Shape.BroadcastOuter("SolveTriangular", triangle.Shape, b.Shape, out Shape outerT, out _);
        var shape = new Shape([.. outer.Lengths, b.Shape[-2], b.Shape[-1]]);
        Tensor x = Allocate(shape, b.DType);
        using (Recording.Off())
        {
            Tensor wide = b.BroadcastTo(shape);
            Kernel.Run(new SolveKernel(triangle, outerT, wide, x, outer, upper, transpose), x, triangle, wide);
        }

        return Recording.Of(
            x,
            (x, gradient, pull) =>
            {
                // From T X = b: b̄ = T⁻ᵀ X̄ and T̄ = -b̄ Xᵀ, of which only the triangle counts.
                Tensor t = pull.Inputs[0];
                Tensor back = SolveTriangular(t, gradient, upper, !transpose);
                if (pull.Wanted[0])
                {
                    Tensor dt = transpose ? MatMul(x, back, transposeB: true) : MatMul(back, x, transposeB: true);
                    pull.Set(0, -(upper ? dt.Triu() : dt.Tril()).SumTo(t.Shape));
                }

                if (pull.Wanted[1])
                {
                    pull.Set(1, back.SumTo(pull.Inputs[1].Shape));
                }
            },
            triangle,
            b);
    }

    private readonly struct SolveKernel(Tensor triangle, Shape outerT, Tensor b, Tensor x, Shape outer, bool upper, bool transpose) : INotedKernel
    {
        public OperationNote Note => new("SolveTriangular", ("upper", upper), ("transpose", transpose));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => SolveBatches<T>(triangle, outerT, b, x, outer, upper, transpose);
    }

    private static void SolveBatches<T>(Tensor triangle, Shape outerT, Tensor b, Tensor x, Shape outer, bool upper, bool transpose)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> t = triangle.Elements<T>();
        Span<T> into = x.Writable<T>();
        b.Elements<T>().CopyTo(into);
        int n = b.Shape[-2], m = b.Shape[-1], at = 0;
        Span<int> steps = stackalloc int[outer.Rank], index = stackalloc int[outer.Rank];
        Broadcasting.Steps(outerT, outer.Rank, steps);
        index.Clear();
        for (int batch = 0; batch < outer.Count; batch++)
        {
            Solve(t.Slice(at * n * n, n * n), into.Slice(batch * n * m, n * m), n, m, upper, transpose);
            at = Broadcasting.Advance(index, steps, outer, at);
        }
    }

    // In place, by rows of X, so that all right-hand sides move together.
    private static void Solve<T>(ReadOnlySpan<T> t, Span<T> x, int n, int m, bool upper, bool transpose)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool downwards = upper == transpose;
        for (int k = 0; k < n; k++)
        {
            int i = downwards ? k : n - 1 - k;
            Span<T> row = x.Slice(i * m, m);
            for (int l = 0; l < k; l++)
            {
                int j = downwards ? l : n - 1 - l;
                TensorPrimitives.MultiplyAdd(x.Slice(j * m, m), -t[transpose ? (j * n) + i : (i * n) + j], row, row);
            }

            TensorPrimitives.Divide(row, t[(i * n) + i], row);
        }
    }
}
