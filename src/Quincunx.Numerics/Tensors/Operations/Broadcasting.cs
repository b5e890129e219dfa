using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

/// <summary>Runs a two-operand kernel over broadcast operands in the longest contiguous runs there are.</summary>
internal static class Broadcasting
{
    public static void Run<T, TOperation>(
        Shape shapeA, ReadOnlySpan<T> a, Shape shapeB, ReadOnlySpan<T> b, Shape shape, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation
    {
        if (y.IsEmpty)
        {
            return;
        }

        if (a.Length == y.Length && b.Length == y.Length)
        {
            TOperation.Forward(a, b, y);
        }
        else if (b.Length == 1 && a.Length == y.Length)
        {
            TOperation.Forward(a, b[0], y);
        }
        else if (a.Length == 1 && b.Length == y.Length)
        {
            TOperation.Forward(a[0], b, y);
        }
        else
        {
            Strided<T, TOperation>(shapeA, a, shapeB, b, shape, y);
        }
    }

    // The innermost axes along which each operand either moves or repeats are the columns, the axes before them that can be
    // walked in equal steps are the rows, and an odometer whose steps are 0 along broadcast axes walks the rest.
    private static void Strided<T, TOperation>(
        Shape shapeA, ReadOnlySpan<T> a, Shape shapeB, ReadOnlySpan<T> b, Shape shape, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation
    {
        int rank = shape.Rank;
        Span<int> stepA = stackalloc int[rank], stepB = stackalloc int[rank], index = stackalloc int[rank];
        Steps(shapeA, rank, stepA);
        Steps(shapeB, rank, stepB);
        index.Clear();
        int axis = rank;
        (int columns, int byColumnA, int byColumnB) = Joined(shape, stepA, stepB, ref axis);
        (int rows, int byRowA, int byRowB) = Joined(shape, stepA, stepB, ref axis);
        var walkA = new RowWalk(byRowA, byColumnA != 0);
        var walkB = new RowWalk(byRowB, byColumnB != 0);
        int offsetA = 0, offsetB = 0, block = rows * columns;
        for (int at = 0; at < y.Length; at += block)
        {
            TOperation.Forward(a[offsetA..], walkA, b[offsetB..], walkB, y.Slice(at, block), columns);
            for (int i = axis - 1; i >= 0; i--)
            {
                offsetA += stepA[i];
                offsetB += stepB[i];
                if (++index[i] < shape[i])
                {
                    break;
                }

                index[i] = 0;
                offsetA -= stepA[i] * shape[i];
                offsetB -= stepB[i] * shape[i];
            }
        }
    }

    // The most axes before this one that both operands walk in equal steps: their joint length and the steps.
    private static (int Length, int StepA, int StepB) Joined(Shape shape, ReadOnlySpan<int> stepA, ReadOnlySpan<int> stepB, ref int axis)
    {
        int length = 1, a = 0, b = 0;
        for (; axis > 0; axis--)
        {
            int next = shape[axis - 1], nextA = stepA[axis - 1], nextB = stepB[axis - 1];
            if (next == 1)
            {
                continue;
            }

            if (length > 1 && (nextA != a * length || nextB != b * length))
            {
                break;
            }

            (a, b) = length > 1 ? (a, b) : (nextA, nextB);
            length *= next;
        }

        return (length, a, b);
    }

    /// <summary>Fills y with x, repeated along the axes that x lacks or has with length 1.</summary>
    public static void Copy<T>(Shape shapeX, ReadOnlySpan<T> x, Shape shape, Span<T> y)
        where T : unmanaged
    {
        if (x.Length == 1)
        {
            y.Fill(x[0]);
            return;
        }

        // The innermost axes that are whole in x are one run, copied as often as the axis before them repeats.
        int rank = shape.Rank, skipped = rank - shapeX.Rank;
        Span<int> steps = stackalloc int[rank], index = stackalloc int[rank];
        Steps(shapeX, rank, steps);
        index.Clear();
        int run = 1, outer = rank;
        while (outer > skipped && shape[outer - 1] == shapeX[outer - 1 - skipped])
        {
            run *= shape[--outer];
        }

        int repeats = outer > 0 && steps[outer - 1] == 0 ? shape[--outer] : 1;
        int offset = 0;
        for (int at = 0; at < y.Length; at += run * repeats)
        {
            ReadOnlySpan<T> source = x.Slice(offset, run);
            Span<T> target = y.Slice(at, run * repeats);
            if (run == 1)
            {
                target.Fill(source[0]);
            }
            else
            {
                for (int r = 0; r < repeats; r++)
                {
                    source.CopyTo(target[(r * run)..]);
                }
            }

            offset = Advance(index[..outer], steps, shape, offset);
        }
    }

    /// <summary>Moves an odometer over the leading axes on by one.</summary>
    /// <returns>The operand's offset at the new place.</returns>
    public static int Advance(Span<int> index, ReadOnlySpan<int> steps, Shape shape, int offset) => Advance(index, steps, shape.Lengths, offset);

    /// <summary>Moves an odometer over the leading axes on by one.</summary>
    /// <returns>The operand's offset at the new place.</returns>
    public static int Advance(Span<int> index, ReadOnlySpan<int> steps, ReadOnlySpan<int> lengths, int offset)
    {
        for (int axis = index.Length - 1; axis >= 0; axis--)
        {
            offset += steps[axis];
            if (++index[axis] < lengths[axis])
            {
                break;
            }

            index[axis] = 0;
            offset -= steps[axis] * lengths[axis];
        }

        return offset;
    }

    /// <summary>Distance in memory between neighbours along each broadcast axis; 0 where the operand repeats.</summary>
    public static void Steps(Shape operand, int rank, Span<int> steps)
    {
        int step = 1;
        for (int i = 1; i <= rank; i++)
        {
            int length = i <= operand.Rank ? operand[^i] : 1;
            steps[^i] = length == 1 ? 0 : step;
            step *= length;
        }
    }
}
