using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>The way back through one element's rational-quadratic splines, from their pieces.</summary>
internal static unsafe class RationalQuadraticGradient<T, TRegister>
    where T : unmanaged
    where TRegister : struct, IRegister<TRegister, T>
{
    /// <summary>Registers of scratch that a register of columns takes.</summary>
    public const int Rows = 6;

    // In the scratch: derivatives with respect to the shares of widths ahead of the bin and in it, the same of heights, and those of the raw slopes.
    private const int Widths = 0, Heights = 2, Left = 4, Right = 5;

    /// <summary>Derivatives with respect to x and the raw parameters.</summary>
    /// <param name="x">The element's row.</param>
    /// <param name="raw">Its rows of raw widths, heights and slopes.</param>
    /// <param name="gradientY">Derivatives with respect to its row of results.</param>
    /// <param name="gradientLog">Derivatives with respect to log f′.</param>
    /// <param name="scratch">Scratch for <see cref="Rows"/> registers a register of columns.</param>
    /// <param name="gradientX">A row, overwritten.</param>
    /// <param name="gradientRaw">Rows as <paramref name="raw"/>, overwritten.</param>
    public static void Of(
        ColumnTile tile, T* x, T* raw, int bins, double bound, T* pieces, T* gradientY, T* gradientLog, T* scratch, T* gradientX, T* gradientRaw)
    {
        Derive(tile, x, bound, pieces, gradientY, gradientLog, scratch, gradientX);
        nint heights = bins * tile.Columns;
        Shares(
            tile, raw, bins, pieces, RationalQuadraticPiece<T, TRegister>.X, RationalQuadraticPiece<T, TRegister>.Width,
            RationalQuadraticPiece<T, TRegister>.LargestWidth, scratch + (Widths * TRegister.Count), gradientRaw);
        Shares(
            tile, raw + heights, bins, pieces, RationalQuadraticPiece<T, TRegister>.Y, RationalQuadraticPiece<T, TRegister>.Height,
            RationalQuadraticPiece<T, TRegister>.LargestHeight, scratch + (Heights * TRegister.Count), gradientRaw + heights);
        Slopes(tile, bins, pieces, scratch, gradientRaw + heights + heights);
        ClearOutside(tile, x, bins, bound, gradientRaw);
    }

    // f = y + height m / d and log f′ = 2 log s + log q - 2 log d, differentiated by ξ, s, left and right.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Derive(ColumnTile tile, T* x, double bound, T* piece, T* gradientY, T* gradientLog, T* scratch, T* gradientX)
    {
        TRegister one = TRegister.Of(1), smallest = TRegister.Of(RationalQuadraticKernel.SmallestSlope);
        TRegister limit = TRegister.Of(bound), span = TRegister.Of(2 * bound);
        for (nint at = tile.From; at < tile.To; at += TRegister.Count)
        {
            nint column = nint.Min(at, tile.Columns - TRegister.Count);
            TRegister value = TRegister.Load(x + column), byY = TRegister.Load(gradientY + column);
            TRegister byLog = TRegister.Load(gradientLog + column), twiceByLog = byLog + byLog;
            TRegister knot = TRegister.MultiplyAdd(TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.X * TRegister.Count)), span, -limit);
            TRegister width = TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Width * TRegister.Count)) * span;
            TRegister height = TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Height * TRegister.Count)) * span;
            TRegister softLeft = TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Left * TRegister.Count)), left = softLeft + smallest;
            TRegister softRight = TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Right * TRegister.Count)), right = softRight + smallest;
            TRegister inverseWidth = one / width, xi = (value - knot) / width, rest = one - xi;
            TRegister s = height / width, bend = left + right - (s + s), a = xi * rest, slopeOfA = rest - xi, slopeOfD = one - (a + a);
            TRegister inverseD = one / TRegister.MultiplyAdd(bend, a, s), share = TRegister.MultiplyAdd(s * xi, xi, left * a) * inverseD;
            TRegister q = TRegister.MultiplyAdd(right * xi, xi, TRegister.MultiplyAdd(left * rest, rest, (s + s) * a));
            TRegister overQ = byLog / q, overD = twiceByLog * inverseD, scale = byY * height * inverseD;

            TRegister byXi = (scale * (((s + s) * xi) + (slopeOfA * (left - (share * bend)))))
                + ((overQ + overQ) * ((right * xi) - (left * rest) + (s * slopeOfA))) - (overD * bend * slopeOfA);
            TRegister byS = (scale * ((xi * xi) - (share * slopeOfD))) + (twiceByLog / s) + ((overQ + overQ) * a) - (overD * slopeOfD);
            TRegister both = a * TRegister.MultiplyAdd(scale, share, overD);
            TRegister byLeft = (scale * a) + (overQ * rest * rest) - both, byRight = (overQ * xi * xi) - both, byX = byXi * inverseWidth;

            // The left knot is the sum of the widths (heights) before the bin, and d softplus(v)/dv = 1 - exp(-softplus(v)).
            (-byX * span).Store(scratch + (Widths * TRegister.Count));
            (TRegister.MultiplyAdd(byXi, xi, byS * s) * inverseWidth * -span).Store(scratch + ((Widths + 1) * TRegister.Count));
            (byY * span).Store(scratch + (Heights * TRegister.Count));
            (TRegister.MultiplyAdd(byY, share, byS * inverseWidth) * span).Store(scratch + ((Heights + 1) * TRegister.Count));
            (-byLeft * TRegister.Expm1(-softLeft)).Store(scratch + (Left * TRegister.Count));
            (-byRight * TRegister.Expm1(-softRight)).Store(scratch + (Right * TRegister.Count));
            TRegister outside = TRegister.Select(TRegister.AreEqual(value, value), byY, value);
            TRegister.Select(TRegister.Less(TRegister.Abs(value), limit), byX, outside).Store(gradientX + column);
            piece += RationalQuadraticPiece<T, TRegister>.Rows * TRegister.Count;
            scratch += Rows * TRegister.Count;
        }
    }

    // A share is smallest + p with p = scale exp(raw - largest) and Σ p = 1 - K smallest. The derivative of raw is that of the share, less the
    // mean of all with weights p, times p.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Shares(ColumnTile tile, T* raw, int bins, T* piece, int knot, int share, int normal, T* scratch, T* gradientRaw)
    {
        TRegister smallest = TRegister.Of(RationalQuadraticKernel.SmallestShare), zero = TRegister.Of(0), one = TRegister.Of(1);
        TRegister inverseRest = TRegister.Of(1 / (1 - (RationalQuadraticKernel.SmallestShare * bins)));
        nint columns = tile.Columns, end = bins * columns;
        for (nint at = tile.From; at < tile.To; at += TRegister.Count)
        {
            nint column = nint.Min(at, columns - TRegister.Count);
            TRegister ahead = TRegister.Load(scratch), own = TRegister.Load(scratch + TRegister.Count), index = TRegister.Load(piece);
            TRegister before = TRegister.Load(piece + (knot * TRegister.Count)) - (smallest * index);
            TRegister mean = inverseRest * TRegister.MultiplyAdd(before, ahead, (TRegister.Load(piece + (share * TRegister.Count)) - smallest) * own);
            TRegister largest = TRegister.Load(piece + (normal * TRegister.Count)), scale = TRegister.Load(piece + ((normal + 1) * TRegister.Count));
            TRegister factor = scale * (ahead - mean), factorOfBin = scale * (own - mean), factorBehind = -(scale * mean), number = zero;
            T* source = raw + column, target = gradientRaw + column;
            for (nint k = 0; k < end; k += columns)
            {
                TRegister isBin = TRegister.AreEqual(index, number), exponential = TRegister.Exp(TRegister.Load(source + k) - largest);
                (exponential * TRegister.Select(isBin, factorOfBin, factor)).Store(target + k);
                factor = TRegister.Select(isBin, factorBehind, factor);
                number += one;
            }

            piece += RationalQuadraticPiece<T, TRegister>.Rows * TRegister.Count;
            scratch += Rows * TRegister.Count;
        }
    }

    // Inner slope k is at the right of bin k and at the left of bin k + 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Slopes(ColumnTile tile, int bins, T* piece, T* scratch, T* gradientRaw)
    {
        TRegister zero = TRegister.Of(0), one = TRegister.Of(1);
        nint columns = tile.Columns, end = (bins - 1) * columns;
        for (nint at = tile.From; at < tile.To; at += TRegister.Count)
        {
            TRegister byLeft = TRegister.Load(scratch + (Left * TRegister.Count)), byRight = TRegister.Load(scratch + (Right * TRegister.Count));
            TRegister index = TRegister.Load(piece), number = zero, slope = TRegister.Select(TRegister.AreEqual(index, zero), byRight, zero);
            T* target = gradientRaw + nint.Min(at, columns - TRegister.Count);
            for (nint k = 0; k < end; k += columns)
            {
                number += one;
                TRegister isBin = TRegister.AreEqual(index, number);
                TRegister.Select(isBin, byLeft, slope).Store(target + k);
                slope = TRegister.Select(isBin, byRight, zero);
            }

            piece += RationalQuadraticPiece<T, TRegister>.Rows * TRegister.Count;
            scratch += Rows * TRegister.Count;
        }
    }

    // Where the map is the identity, no raw parameter counts, NaN or not.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ClearOutside(ColumnTile tile, T* x, int bins, double bound, T* gradientRaw)
    {
        TRegister limit = TRegister.Of(bound);
        nint columns = tile.Columns, end = RationalQuadraticKernel.ParametersPerElement(bins) * columns;
        for (nint at = tile.From; at < tile.To; at += TRegister.Count)
        {
            nint column = nint.Min(at, columns - TRegister.Count);
            TRegister inside = TRegister.Less(TRegister.Abs(TRegister.Load(x + column)), limit);
            for (T* target = gradientRaw + column, last = target + end; !TRegister.All(inside) && target < last; target += columns)
            {
                (TRegister.Load(target) & inside).Store(target);
            }
        }
    }
}
