using System.Numerics;
using Quincunx.Numerics.Autodiff;

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

        Shape outerA = new(a.Shape.Lengths[..^2]), outerB = new(b.Shape.Lengths[..^2]);
        Shape outer = Shape.Broadcast("MatMul", outerA, outerB);
        Tensor y = Allocate(new Shape([.. outer.Lengths, m, n]), a.DType);
        if (a.DType == DType.Float32)
        {
            Batches<float>(a, outerA, b, outerB, y, outer, transposeA, transposeB, m, n, k);
        }
        else
        {
            Batches<double>(a, outerA, b, outerB, y, outer, transposeA, transposeB, m, n, k);
        }

        return Recording.Of(
            y,
            (_, gradient, pull) =>
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
            },
            a,
            b);
    }

    private static void Batches<T>(
        Tensor a, Shape outerA, Tensor b, Shape outerB, Tensor y, Shape outer, bool transposeA, bool transposeB, int m, int n, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> left = a.AsSpan<T>(), right = b.AsSpan<T>();
        Span<T> into = y.Writable<T>();
        Span<int> stepA = stackalloc int[outer.Rank], stepB = stackalloc int[outer.Rank];
        Broadcasting.Steps(outerA, outer.Rank, stepA);
        Broadcasting.Steps(outerB, outer.Rank, stepB);
        for (int batch = 0; batch < outer.Count; batch++)
        {
            int rest = batch, atA = 0, atB = 0;
            for (int axis = outer.Rank - 1; axis >= 0; axis--)
            {
                int index = rest % outer[axis];
                rest /= outer[axis];
                atA += index * stepA[axis];
                atB += index * stepB[axis];
            }

            Product(transposeA, transposeB, m, n, k, left.Slice(atA * m * k, m * k), right.Slice(atB * k * n, k * n), into.Slice(batch * m * n, m * n));
        }
    }

    private static void Product<T>(
        bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = T.Zero;
                for (int l = 0; l < k; l++)
                {
                    sum += a[transposeA ? (l * m) + i : (i * k) + l] * b[transposeB ? (j * k) + l : (l * n) + j];
                }

                y[(i * n) + j] = sum;
            }
        }
    }
}
