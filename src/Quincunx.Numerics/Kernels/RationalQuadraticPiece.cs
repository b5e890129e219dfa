using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>The pieces of one element's rational-quadratic splines that given numbers fall into.</summary>
/// <remarks>
/// All in shares of the interval [-bound, bound]: a level of 0 is -bound and one of 1 is bound. A piece is <see cref="Rows"/> registers, one
/// after the other, which is what the way back needs; the shares of all bins are cheaper to compute again than to keep.
/// <para>The steps of the kernel are methods of their own over a <see cref="ColumnTile"/>, because the runtime's compiler gives up on inlining
/// in methods that take in much more than their own length.</para>
/// </remarks>
internal static unsafe class RationalQuadraticPiece<T, TRegister>
    where T : unmanaged
    where TRegister : struct, IRegister<TRegister, T>
{
    /// <summary>Number of the bin; its left knot; its width and height.</summary>
    public const int Index = 0, X = 1, Y = 2, Width = 3, Height = 4;

    /// <summary>Slopes at its two knots, less the smallest slope.</summary>
    public const int Left = 5, Right = 6;

    /// <summary>Of all bins: a share is the smallest share + scale · exp(raw - largest).</summary>
    public const int LargestWidth = 7, WidthScale = 8, LargestHeight = 9, HeightScale = 10;

    /// <summary>Registers of a piece.</summary>
    public const int Rows = 11;

    /// <summary>Searches the piece of each level: the first one below 0 and for NaN, the last one above 1.</summary>
    /// <typeparam name="TInverse">1 if the levels are along y.</typeparam>
    /// <param name="x">The element's row of numbers, whose levels are half + share · x.</param>
    /// <param name="raw">The element's rows of raw widths, heights and slopes.</param>
    /// <param name="exponentials">Scratch for 2 <paramref name="bins"/> registers a register of columns.</param>
    public static void Find<TInverse>(ColumnTile tile, T* x, double share, T* raw, int bins, T* exponentials, T* pieces)
        where TInverse : struct, INumber
    {
        Exponentials(tile, raw, bins, exponentials, 2 * bins, pieces + (LargestWidth * TRegister.Count));
        Exponentials(tile, raw + (bins * tile.Columns), bins, exponentials + (bins * TRegister.Count), 2 * bins, pieces + (LargestHeight * TRegister.Count));
        Search<TInverse>(tile, x, share, raw + (2 * bins * tile.Columns), bins, exponentials, pieces);
        Slopes(tile, pieces);
    }

    // exp(raw - largest) of every bin, and the two registers that make shares of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Exponentials(ColumnTile tile, T* raw, int bins, T* exponentials, int step, T* normal)
    {
        TRegister rest = TRegister.Of(1 - (RationalQuadraticKernel.SmallestShare * bins)), zero = TRegister.Of(0);
        nint columns = tile.Columns, end = bins * columns;
        for (nint at = tile.From; at < tile.To; at += TRegister.Count)
        {
            T* source = raw + nint.Min(at, columns - TRegister.Count);
            TRegister largest = TRegister.Load(source), sum = zero;
            for (nint k = columns; k < end; k += columns)
            {
                // The order of the operands keeps a NaN; whichever way, it spoils the sum.
                largest = TRegister.Max(TRegister.Load(source + k), largest);
            }

            T* target = exponentials;
            for (nint k = 0; k < end; k += columns)
            {
                TRegister exponential = TRegister.Exp(TRegister.Load(source + k) - largest);
                exponential.Store(target);
                sum += exponential;
                target += TRegister.Count;
            }

            largest.Store(normal);
            (rest / sum).Store(normal + TRegister.Count);
            exponentials += step * TRegister.Count;
            normal += Rows * TRegister.Count;
        }
    }

    // Goes through the knots in order: the last one that is reached overwrites those before it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Search<TInverse>(ColumnTile tile, T* x, double share, T* slopes, int bins, T* exponentials, T* piece)
        where TInverse : struct, INumber
    {
        TRegister smallest = TRegister.Of(RationalQuadraticKernel.SmallestShare), zero = TRegister.Of(0), one = TRegister.Of(1);
        TRegister half = TRegister.Of(0.5), shareOfOne = TRegister.Of(share);
        nint columns = tile.Columns;
        for (nint at = tile.From; at < tile.To; at += TRegister.Count)
        {
            nint column = nint.Min(at, columns - TRegister.Count);
            TRegister level = TRegister.MultiplyAdd(TRegister.Load(x + column), shareOfOne, half);
            TRegister scaleX = TRegister.Load(piece + (WidthScale * TRegister.Count)), scaleY = TRegister.Load(piece + (HeightScale * TRegister.Count));
            T* exponentialsY = exponentials + (bins * TRegister.Count), source = slopes + column;
            TRegister width = TRegister.MultiplyAdd(TRegister.Load(exponentials), scaleX, smallest);
            TRegister height = TRegister.MultiplyAdd(TRegister.Load(exponentialsY), scaleY, smallest);

            // A raw slope of 0 means slope 1, as at both ends.
            TRegister slope = TRegister.Load(source), left = zero, right = slope;
            TRegister knotX = width, knotY = height, foundX = zero, foundY = zero, index = zero, number = zero;
            for (int k = 1; k < bins; k++)
            {
                exponentials += TRegister.Count;
                exponentialsY += TRegister.Count;
                source += columns;
                TRegister nextWidth = TRegister.MultiplyAdd(TRegister.Load(exponentials), scaleX, smallest);
                TRegister nextHeight = TRegister.MultiplyAdd(TRegister.Load(exponentialsY), scaleY, smallest);
                TRegister nextSlope = k < bins - 1 ? TRegister.Load(source) : zero;
                TRegister reached = TRegister.LessOrEqual(TInverse.Value == 1 ? knotY : knotX, level);
                number += one;
                index = TRegister.Select(reached, number, index);
                foundX = TRegister.Select(reached, knotX, foundX);
                foundY = TRegister.Select(reached, knotY, foundY);
                width = TRegister.Select(reached, nextWidth, width);
                height = TRegister.Select(reached, nextHeight, height);
                left = TRegister.Select(reached, slope, left);
                right = TRegister.Select(reached, nextSlope, right);
                knotX += nextWidth;
                knotY += nextHeight;
                slope = nextSlope;
            }

            index.Store(piece + (Index * TRegister.Count));
            foundX.Store(piece + (X * TRegister.Count));
            foundY.Store(piece + (Y * TRegister.Count));
            width.Store(piece + (Width * TRegister.Count));
            height.Store(piece + (Height * TRegister.Count));
            left.Store(piece + (Left * TRegister.Count));
            right.Store(piece + (Right * TRegister.Count));
            exponentials += (bins + 1) * TRegister.Count;
            piece += Rows * TRegister.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Slopes(ColumnTile tile, T* piece)
    {
        TRegister shift = TRegister.Of(RationalQuadraticKernel.SlopeShift);
        for (nint at = tile.From; at < tile.To; at += TRegister.Count)
        {
            for (int row = Left; row <= Right; row++)
            {
                T* slope = piece + (row * TRegister.Count);
                TRegister.Softplus(TRegister.Load(slope) + shift).Store(slope);
            }

            piece += Rows * TRegister.Count;
        }
    }
}
