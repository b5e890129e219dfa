using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <content>
/// Over contiguous elements. Element i of a block belongs to lane i mod 4L, where L elements are 64 bytes, whatever the width of the
/// registers: lanes L apart are separate accumulators, and wider registers only take more of them at a time. At the end the
/// accumulators are combined as ((0, 2), (1, 3)), and then the second half of the L lanes with the first until one is left. Blocks are combined
/// in pairs.
/// </content>
internal static unsafe partial class Reductions
{
    // Short enough that plain lanes lose no more than a few units, long enough that pairing costs little.
    private const int Block = 1024;

    private static T OfSpan<T, TReduction>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, T whole)
        where T : unmanaged
        where TReduction : struct, IReductionLanes
    {
        fixed (T* first = x, second = y)
        {
            return Simd.Level switch
            {
                SimdLevel.Avx512 => OfRow<T, Vector512<T>, Lanes512<T>, TReduction>(first, second, x.Length, whole),
                SimdLevel.Avx2 => OfRow<T, Vector256<T>, Lanes256<T>, TReduction>(first, second, x.Length, whole),
                _ => OfRow<T, Vector128<T>, Lanes128<T>, TReduction>(first, second, x.Length, whole),
            };
        }
    }

    // The reduction of each row of x [rows, length].
    private static void OfRows<T, TReduction>(ReadOnlySpan<T> x, int rows, int length, Span<T> y)
        where T : unmanaged
        where TReduction : struct, IReductionLanes
    {
        fixed (T* from = x, to = y)
        {
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    OfRows<T, Vector512<T>, Lanes512<T>, TReduction>(from, rows, length, to);
                    break;
                case SimdLevel.Avx2:
                    OfRows<T, Vector256<T>, Lanes256<T>, TReduction>(from, rows, length, to);
                    break;
                default:
                    OfRows<T, Vector128<T>, Lanes128<T>, TReduction>(from, rows, length, to);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OfRows<T, TVector, TLanes, TReduction>(T* x, int rows, int length, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        if (length > TLanes.Count)
        {
            for (int row = 0; row < rows; row++, x += length)
            {
                y[row] = OfRow<T, TVector, TLanes, TReduction>(x, x, length, default);
            }

            return;
        }

        TVector mask = TLanes.Mask(length), empty = TReduction.Empty<T, TVector, TLanes>();
        TVector neutral = TReduction.Neutral<T, TVector, TLanes>();
        for (int row = 0; row < rows; row++, x += length)
        {
            TVector part = TLanes.Select(mask, TLanes.LoadMasked(x, mask), neutral);
            y[row] = TReduction.OfLanes<T, TVector, TLanes>(TReduction.Add<T, TVector, TLanes>(empty, part, part, TLanes.Zero));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T OfRow<T, TVector, TLanes, TReduction>(T* x, T* y, int count, T whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        if (count > Block)
        {
            return OfLongRow<T, TVector, TLanes, TReduction>(x, y, count, whole);
        }

        return TReduction.OfLanes<T, TVector, TLanes>(OfBlock<T, TVector, TLanes, TReduction>(x, y, count, TLanes.Broadcast(whole)));
    }

    // Cut at a whole number of blocks, so that only the last block is ragged.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T OfLongRow<T, TVector, TLanes, TReduction>(T* x, T* y, int count, T whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        int half = ((count / 2) + Block - 1) / Block * Block;
        T first = OfRow<T, TVector, TLanes, TReduction>(x, y, half, whole);
        T second = OfRow<T, TVector, TLanes, TReduction>(x + half, y + half, count - half, whole);
        return TLanes.First(TReduction.Combine<T, TVector, TLanes>(TLanes.Broadcast(first), TLanes.Broadcast(second)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfBlock<T, TVector, TLanes, TReduction>(T* x, T* y, int count, TVector whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        int line = 64 / sizeof(T);
        TVector result = OfSomeLanes<T, TVector, TLanes, TReduction>(x, y, count, 0, whole);

        // By type, which the compiler decides before it looks at the code behind.
        if (typeof(TLanes) == typeof(Lanes256<T>))
        {
            return TReduction.Combine<T, TVector, TLanes>(
                result, OfSomeLanes<T, TVector, TLanes, TReduction>(x, y, count, line / 2, whole));
        }

        if (typeof(TLanes) == typeof(Lanes128<T>))
        {
            TVector second = OfSomeLanes<T, TVector, TLanes, TReduction>(x, y, count, line / 4, whole);
            TVector third = OfSomeLanes<T, TVector, TLanes, TReduction>(x, y, count, line / 2, whole);
            TVector fourth = OfSomeLanes<T, TVector, TLanes, TReduction>(x, y, count, 3 * line / 4, whole);
            result = TReduction.Combine<T, TVector, TLanes>(result, third);
            return TReduction.Combine<T, TVector, TLanes>(result, TReduction.Combine<T, TVector, TLanes>(second, fourth));
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfSomeLanes<T, TVector, TLanes, TReduction>(T* x, T* y, int count, int offset, TVector whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes => TReduction.IsLong
            ? OfLanesInTurn<T, TVector, TLanes, TReduction>(x, count, offset, whole)
            : OfLanesFrom<T, TVector, TLanes, TReduction>(x, y, count, offset, whole);

    // As OfLanesFrom for a long function, of which there is one copy: the accumulators take turns in being the first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TVector OfLanesInTurn<T, TVector, TLanes, TReduction>(T* x, int count, int offset, TVector whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        int line = 64 / sizeof(T);
        TVector r0 = TReduction.Empty<T, TVector, TLanes>(), r1 = r0, r2 = r0, r3 = r0, neutral = TReduction.Neutral<T, TVector, TLanes>();
        x += offset;
        int left = count - offset;
        for (int turns = (count + (4 * line) - 1) / (4 * line) * 4; turns > 0; turns--, x += line, left -= line)
        {
            TVector next = r0;
            if (left > 0)
            {
                TVector mask = TLanes.Mask(left);
                TVector element = left >= TLanes.Count ? TLanes.Load(x) : TLanes.Select(mask, TLanes.LoadMasked(x, mask), neutral);
                next = TReduction.Add<T, TVector, TLanes>(r0, element, element, whole);
            }

            (r0, r1, r2, r3) = (r1, r2, r3, next);
        }

        return TReduction.Combine<T, TVector, TLanes>(
            TReduction.Combine<T, TVector, TLanes>(r0, r2), TReduction.Combine<T, TVector, TLanes>(r1, r3));
    }

    // Of a block, the registers that begin at the offset in each 64 bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfLanesFrom<T, TVector, TLanes, TReduction>(T* x, T* y, int count, int offset, TVector whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        int line = 64 / sizeof(T);
        TVector r0 = TReduction.Empty<T, TVector, TLanes>(), r1 = r0, r2 = r0, r3 = r0;
        x += offset;
        y += offset;
        int left = count;
        for (; left >= 4 * line; left -= 4 * line, x += 4 * line, y += 4 * line)
        {
            r0 = TReduction.Add<T, TVector, TLanes>(r0, TLanes.Load(x), TLanes.Load(y), whole);
            r1 = TReduction.Add<T, TVector, TLanes>(r1, TLanes.Load(x + line), TLanes.Load(y + line), whole);
            r2 = TReduction.Add<T, TVector, TLanes>(r2, TLanes.Load(x + (2 * line)), TLanes.Load(y + (2 * line)), whole);
            r3 = TReduction.Add<T, TVector, TLanes>(r3, TLanes.Load(x + (3 * line)), TLanes.Load(y + (3 * line)), whole);
        }

        left -= offset;
        if (left > 0)
        {
            r0 = AddPart<T, TVector, TLanes, TReduction>(r0, x, y, left, whole);
            r1 = AddPart<T, TVector, TLanes, TReduction>(r1, x + line, y + line, left - line, whole);
            r2 = AddPart<T, TVector, TLanes, TReduction>(r2, x + (2 * line), y + (2 * line), left - (2 * line), whole);
            r3 = AddPart<T, TVector, TLanes, TReduction>(r3, x + (3 * line), y + (3 * line), left - (3 * line), whole);
        }

        return TReduction.Combine<T, TVector, TLanes>(
            TReduction.Combine<T, TVector, TLanes>(r0, r2), TReduction.Combine<T, TVector, TLanes>(r1, r3));
    }

    // A register of which so many lanes exist: none, some or all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddPart<T, TVector, TLanes, TReduction>(TVector result, T* x, T* y, int count, TVector whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        TVector mask = TLanes.Mask(count), neutral = TReduction.Neutral<T, TVector, TLanes>();
        TVector first = TLanes.Select(mask, TLanes.LoadMasked(x, mask), neutral);
        TVector second = TReduction.TakesPairs ? TLanes.Select(mask, TLanes.LoadMasked(y, mask), neutral) : first;
        return TReduction.Add<T, TVector, TLanes>(result, first, second, whole);
    }
}
