using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <content>
/// Down the columns of a matrix. Rows are added four at a time, in pairs, to a row of results in the first cache, so that memory is read nearly in order; blocks of rows
/// in pairs. A narrow matrix is read as one of fewer, longer rows, whose parts are combined at the end.
/// </content>
internal static unsafe partial class Reductions
{
    // Of results at a time, of rows added without pairing, and of columns below which rows are joined.
    private const int Panel = 1024, RowBlock = 256, Narrow = 64, Joined = 128;

    // The reduction of the first columns of x [rows, stride]; the numbers belonging to each column are in `whole`, which may be null.
    // In order: no rows are joined, so that a column has the same bits however many there are.
    private static void OfColumns<T, TReduction>(T* x, int rows, int stride, int columns, T* whole, T* y, bool inOrder = false)
        where T : unmanaged
        where TReduction : struct, IReductionLanes
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                OfColumns<T, Vector512<T>, Lanes512<T>, TReduction>(x, rows, stride, columns, whole, y, inOrder);
                break;
            case SimdLevel.Avx2:
                OfColumns<T, Vector256<T>, Lanes256<T>, TReduction>(x, rows, stride, columns, whole, y, inOrder);
                break;
            default:
                OfColumns<T, Vector128<T>, Lanes128<T>, TReduction>(x, rows, stride, columns, whole, y, inOrder);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OfColumns<T, TVector, TLanes, TReduction>(
        T* x, int rows, int stride, int columns, T* whole, T* y, bool inOrder)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        if (!inOrder && columns < Narrow && columns == stride && rows > 1)
        {
            OfNarrow<T, TVector, TLanes, TReduction>(x, rows, columns, whole, y);
            return;
        }

        for (int from = 0; from < columns; from += Panel)
        {
            int count = Math.Min(Panel, columns - from);
            OfPanel<T, TVector, TLanes, TReduction>(x + from, rows, stride, count, whole is null ? null : whole + from, y + from);
        }
    }

    // Below Narrow columns: `joined` rows are one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void OfNarrow<T, TVector, TLanes, TReduction>(T* x, int rows, int columns, T* whole, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        int joined = 1;
        while (joined * columns < Joined && 2 * joined <= rows)
        {
            joined *= 2;
        }

        int width = joined * columns, rest = rows % joined * columns;
        T* sums = stackalloc T[2 * Joined];
        T* repeated = stackalloc T[2 * Joined];
        if (whole is not null)
        {
            for (int i = 0; i < width; i++)
            {
                repeated[i] = whole[i % columns];
            }

            whole = repeated;
        }

        OfPanel<T, TVector, TLanes, TReduction>(x, rows / joined, width, width, whole, sums);
        if (rest > 0)
        {
            AddRow<T, TVector, TLanes, TReduction>(x + (rows / joined * width), rest, whole, sums);
        }

        for (joined /= 2; joined > 0; joined /= 2)
        {
            CombineRow<T, TVector, TLanes, TReduction>(sums + (joined * columns), joined * columns, sums);
        }

        new ReadOnlySpan<T>(sums, columns).CopyTo(new Span<T>(y, columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void OfPanel<T, TVector, TLanes, TReduction>(T* x, int rows, int stride, int columns, T* whole, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        if (rows > RowBlock)
        {
            int half = ((rows / 2) + RowBlock - 1) / RowBlock * RowBlock;
            T* second = stackalloc T[Panel];
            OfPanel<T, TVector, TLanes, TReduction>(x, half, stride, columns, whole, y);
            OfPanel<T, TVector, TLanes, TReduction>(x + ((nint)half * stride), rows - half, stride, columns, whole, second);
            CombineRow<T, TVector, TLanes, TReduction>(second, columns, y);
            return;
        }

        int row = 0;
        TVector empty = TReduction.Empty<T, TVector, TLanes>();
        for (int j = 0; j < columns; j += TLanes.Count)
        {
            StoreSome<T, TVector, TLanes>(y + j, empty, columns - j);
        }

        if (!TReduction.IsLong)
        {
            for (; row + 4 <= rows; row += 4)
            {
                AddFourRows<T, TVector, TLanes, TReduction>(x + ((nint)row * stride), stride, columns, whole, y);
            }
        }

        for (; row < rows; row++)
        {
            AddRow<T, TVector, TLanes, TReduction>(x + ((nint)row * stride), columns, whole, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddFourRows<T, TVector, TLanes, TReduction>(T* x, nint stride, int columns, T* whole, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        int j = 0;
        for (; j <= columns - TLanes.Count; j += TLanes.Count)
        {
            // A constant that no part of a register is left out by: the masks vanish.
            AddFour<T, TVector, TLanes, TReduction>(x + j, stride, TLanes.Count, whole is null ? null : whole + j, y + j);
        }

        if (j < columns)
        {
            AddFour<T, TVector, TLanes, TReduction>(x + j, stride, columns - j, whole is null ? null : whole + j, y + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour<T, TVector, TLanes, TReduction>(T* x, nint stride, int left, T* whole, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        TVector empty = TReduction.Empty<T, TVector, TLanes>();
        TVector number = whole is null ? TLanes.Zero : LoadSome<T, TVector, TLanes>(whole, left);
        TVector a = AddTwo<T, TVector, TLanes, TReduction>(empty, x, stride, left, number);
        TVector b = AddTwo<T, TVector, TLanes, TReduction>(empty, x + (2 * stride), stride, left, number);
        a = TReduction.Combine<T, TVector, TLanes>(a, b);
        a = TReduction.Combine<T, TVector, TLanes>(LoadSome<T, TVector, TLanes>(y, left), a);
        StoreSome<T, TVector, TLanes>(y, a, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddTwo<T, TVector, TLanes, TReduction>(TVector result, T* x, nint stride, int left, TVector whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        TVector first = LoadSome<T, TVector, TLanes>(x, left), second = LoadSome<T, TVector, TLanes>(x + stride, left);
        result = TReduction.Add<T, TVector, TLanes>(result, first, first, whole);
        return TReduction.Add<T, TVector, TLanes>(result, second, second, whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddRow<T, TVector, TLanes, TReduction>(T* x, int columns, T* whole, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        for (int j = 0; j < columns; j += TLanes.Count)
        {
            int left = columns - j;
            TVector number = whole is null ? TLanes.Zero : LoadSome<T, TVector, TLanes>(whole + j, left);
            TVector element = LoadSome<T, TVector, TLanes>(x + j, left);
            TVector result = LoadSome<T, TVector, TLanes>(y + j, left);
            StoreSome<T, TVector, TLanes>(y + j, TReduction.Add<T, TVector, TLanes>(result, element, element, number), left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void CombineRow<T, TVector, TLanes, TReduction>(T* x, int columns, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TReduction : struct, IReductionLanes
    {
        for (int j = 0; j < columns; j += TLanes.Count)
        {
            int left = columns - j;
            TVector a = LoadSome<T, TVector, TLanes>(y + j, left), b = LoadSome<T, TVector, TLanes>(x + j, left);
            StoreSome<T, TVector, TLanes>(y + j, TReduction.Combine<T, TVector, TLanes>(a, b), left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadSome<T, TVector, TLanes>(T* x, int left)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector> => left >= TLanes.Count ? TLanes.Load(x) : TLanes.LoadMasked(x, TLanes.Mask(left));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSome<T, TVector, TLanes>(T* y, TVector value, int left)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        if (left >= TLanes.Count)
        {
            TLanes.Store(y, value);
        }
        else
        {
            TLanes.StorePart(y, value, left);
        }
    }
}
