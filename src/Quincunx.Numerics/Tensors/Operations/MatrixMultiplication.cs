using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Matrix product over the last two axes, batched and broadcast over the axes before them.</summary>
    /// <param name="a">Shape <c>[…, m, k]</c>, or <c>[…, k, m]</c> if transposed.</param>
    /// <param name="b">Shape <c>[…, k, n]</c>, or <c>[…, n, k]</c> if transposed.</param>
    /// <returns>Shape <c>[…, m, n]</c>.</returns>
    /// <exception cref="ShapeException">The inner lengths differ, or an operand has fewer than two axes.</exception>
    public static Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        a.RequireSameType(b);
        if (a.Rank < 2 || b.Rank < 2)
        {
            throw ShapeException.Pair("MatMul", a.Shape, b.Shape, "each needs at least two axes.");
        }

        (int m, int k) = transposeA ? (a.Shape[-1], a.Shape[-2]) : (a.Shape[-2], a.Shape[-1]);
        (int kb, int n) = transposeB ? (b.Shape[-1], b.Shape[-2]) : (b.Shape[-2], b.Shape[-1]);
        if (k != kb)
        {
            throw ShapeException.Pair("MatMul", a.Shape, b.Shape, $"inner lengths {k} and {kb} differ.");
        }

        if (b.Rank == 2 && a.Rank > 2 && !transposeA)
        {
            // One product with all rows of all batches; so is its derivative.
            return MatMul(a.Reshape(new Shape(new Shape(a.Shape.Lengths[..^1]).Count, k)), b, transposeA: false, transposeB)
                .Reshape(a.Shape.With(a.Rank - 1, n));
        }

        Shape outer = Shape.BroadcastOuter("MatMul", a.Shape, b.Shape, out Shape outerA, out Shape outerB);
        Tensor y = Allocate(new Shape([.. outer.Lengths, m, n]), a.DType);
        Kernel.Run(new ProductKernel(a, outerA, b, outerB, y, outer, transposeA, transposeB), y, a, b);
        return Recording.Of(y, MatMulRules[(transposeA ? 2 : 0) + (transposeB ? 1 : 0)], a, b);
    }

    private static readonly PullBack[] MatMulRules =
    [
        MatMulRule(transposeA: false, transposeB: false), MatMulRule(transposeA: false, transposeB: true),
        MatMulRule(transposeA: true, transposeB: false), MatMulRule(transposeA: true, transposeB: true),
    ];

    private static PullBack MatMulRule(bool transposeA, bool transposeB) => (_, gradient, pull) =>
    {
        Tensor a = pull.Inputs[0], b = pull.Inputs[1];
        if (pull.Wanted[0])
        {
            Tensor da = transposeA
                ? MatMul(b, gradient, transposeB, transposeB: true)
                : MatMul(gradient, b, transposeA: false, !transposeB);
            pull.Set(0, da.SumTo(a.Shape));
        }

        if (pull.Wanted[1])
        {
            Tensor db = transposeB
                ? MatMul(gradient, a, transposeA: true, transposeA)
                : MatMul(a, gradient, !transposeA);
            pull.Set(1, db.SumTo(b.Shape));
        }
    };

    private readonly struct ProductKernel(
        Tensor a, Shape outerA, Tensor b, Shape outerB, Tensor y, Shape outer, bool transposeA, bool transposeB) : INotedKernel
    {
        public OperationNote Note => new("MatMul", ("transposeA", transposeA), ("transposeB", transposeB));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int m = y.Shape[-2], n = y.Shape[-1], k = transposeA ? a.Shape[-2] : a.Shape[-1];
            ReadOnlySpan<T> left = a.Elements<T>(), right = b.Elements<T>();
            Span<T> into = y.Writable<T>();
            if ((outerA.Count == 1 || outerA.Count == outer.Count) && (outerB.Count == 1 || outerB.Count == outer.Count))
            {
                MatrixProduct.MultiplyBatch(
                    transposeA, transposeB, outer.Count, m, n, k, left, outerA.Count == 1 ? 0 : m * k, right, outerB.Count == 1 ? 0 : k * n, into, m * n,
                    accumulate: false, KernelThreads.Count);
                return;
            }

            Span<int> stepA = stackalloc int[outer.Rank], stepB = stackalloc int[outer.Rank], indexA = stackalloc int[outer.Rank];
            Span<int> indexB = stackalloc int[outer.Rank];
            Broadcasting.Steps(outerA, outer.Rank, stepA);
            Broadcasting.Steps(outerB, outer.Rank, stepB);
            indexA.Clear();
            indexB.Clear();
            int atA = 0, atB = 0;
            for (int batch = 0; batch < outer.Count; batch++)
            {
                MatrixProduct.Multiply(
                    transposeA, transposeB, m, n, k, left.Slice(atA * m * k, m * k), right.Slice(atB * k * n, k * n), into.Slice(batch * m * n, m * n),
                    accumulate: false, KernelThreads.Count);
                atA = Broadcasting.Advance(indexA, stepA, outer, atA);
                atB = Broadcasting.Advance(indexB, stepB, outer, atB);
            }
        }
    }
}
