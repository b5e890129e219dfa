using System.Numerics;

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

    // The innermost axes over which each operand is either contiguous or constant are one run; the axes outside are walked
    // by an odometer whose steps are 0 along broadcast axes.
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

        int outerRank = rank, run = 1;
        bool movesA = false, movesB = false;
        while (outerRank > 0)
        {
            int axis = outerRank - 1, length = shape[axis];
            if (length != 1)
            {
                bool nextA = stepA[axis] != 0, nextB = stepB[axis] != 0;
                if (run > 1 && (nextA != movesA || nextB != movesB))
                {
                    break;
                }

                (movesA, movesB) = (nextA, nextB);
                run *= length;
            }

            outerRank--;
        }

        int offsetA = 0, offsetB = 0;
        for (int at = 0; at < y.Length; at += run)
        {
            Span<T> target = y.Slice(at, run);
            if (movesA && movesB)
            {
                TOperation.Forward(a.Slice(offsetA, run), b.Slice(offsetB, run), target);
            }
            else if (movesA)
            {
                TOperation.Forward(a.Slice(offsetA, run), b[offsetB], target);
            }
            else if (movesB)
            {
                TOperation.Forward(a[offsetA], b.Slice(offsetB, run), target);
            }
            else
            {
                TOperation.Forward(a.Slice(offsetA, 1), b[offsetB], target[..1]);
                target.Fill(target[0]);
            }

            for (int axis = outerRank - 1; axis >= 0; axis--)
            {
                offsetA += stepA[axis];
                offsetB += stepB[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                index[axis] = 0;
                offsetA -= stepA[axis] * shape[axis];
                offsetB -= stepB[axis] * shape[axis];
            }
        }
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
    public static int Advance(Span<int> index, ReadOnlySpan<int> steps, Shape shape, int offset)
    {
        for (int axis = index.Length - 1; axis >= 0; axis--)
        {
            offset += steps[axis];
            if (++index[axis] < shape[axis])
            {
                break;
            }

            index[axis] = 0;
            offset -= steps[axis] * shape[axis];
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
