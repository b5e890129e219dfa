using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Rows of a matrix that meet the row of another one which their segment names.</summary>
/// <remarks>
/// Segments may repeat in any order and are below the number of rows they point at; the caller has checked them. Rows are taken in rising order, so that the
/// bits depend on the data alone. Spans do not overlap unless said otherwise.
/// </remarks>
internal static unsafe class Segments
{
    // From here on a row is worth a masked register; shorter ones go number by number.
    private const int ShortRow = 4;

    /// <summary>y[s] = f(y[s], x[i]) for each row i of segment s.</summary>
    /// <param name="x">Shape <c>[segments, inner]</c>.</param>
    /// <param name="y">Shape <c>[count, inner]</c>, holding what to begin with.</param>
    public static void Combine<T, TFunction>(ReadOnlySpan<T> x, ReadOnlySpan<int> segments, int inner, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes
    {
        Debug.Assert(x.Length >= segments.Length * inner, "x is too short.");
        fixed (T* from = x, to = y)
        {
            fixed (int* segment = segments)
            {
                switch (Simd.Level)
                {
                    case SimdLevel.Avx512:
                        Combine<T, Vector512<T>, Lanes512<T>, TFunction>(from, segment, segments.Length, inner, to);
                        break;
                    case SimdLevel.Avx2:
                        Combine<T, Vector256<T>, Lanes256<T>, TFunction>(from, segment, segments.Length, inner, to);
                        break;
                    default:
                        Combine<T, Vector128<T>, Lanes128<T>, TFunction>(from, segment, segments.Length, inner, to);
                        break;
                }
            }
        }
    }

    /// <summary>y[i] = f(x[i], table[s]) for each row i of segment s.</summary>
    /// <param name="x">Shape <c>[segments, inner]</c>.</param>
    /// <param name="table">Shape <c>[count, inner]</c>.</param>
    /// <param name="y">The shape of x, and it may be x.</param>
    public static void Map<T, TFunction>(ReadOnlySpan<T> x, ReadOnlySpan<T> table, ReadOnlySpan<int> segments, int inner, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes
    {
        Debug.Assert(x.Length >= segments.Length * inner && y.Length >= segments.Length * inner, "Spans are too short.");
        fixed (T* from = x, of = table, to = y)
        {
            fixed (int* segment = segments)
            {
                switch (Simd.Level)
                {
                    case SimdLevel.Avx512:
                        Map<T, Vector512<T>, Lanes512<T>, TFunction>(from, of, segment, segments.Length, inner, to);
                        break;
                    case SimdLevel.Avx2:
                        Map<T, Vector256<T>, Lanes256<T>, TFunction>(from, of, segment, segments.Length, inner, to);
                        break;
                    default:
                        Map<T, Vector128<T>, Lanes128<T>, TFunction>(from, of, segment, segments.Length, inner, to);
                        break;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<T, TVector, TLanes, TFunction>(T* x, int* segments, int count, int inner, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TFunction : struct, IBinaryLanes
    {
        int rest = inner % TLanes.Count;
        TVector mask = TLanes.Mask(rest);
        for (int i = 0; i < count; i++, x += inner)
        {
            T* target = y + ((nint)segments[i] * inner);
            if (inner < ShortRow)
            {
                for (int j = 0; j < inner; j++)
                {
                    target[j] = One<T, TFunction>(target[j], x[j]);
                }

                continue;
            }

            int column = 0;
            for (; column < inner - rest; column += TLanes.Count)
            {
                TLanes.Store(target + column, TFunction.Of<T, TVector, TLanes>(TLanes.Load(target + column), TLanes.Load(x + column)));
            }

            if (rest > 0)
            {
                TVector value = TFunction.Of<T, TVector, TLanes>(TLanes.LoadMasked(target + column, mask), TLanes.LoadMasked(x + column, mask));
                TLanes.StorePart(target + column, value, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<T, TVector, TLanes, TFunction>(T* x, T* table, int* segments, int count, int inner, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TFunction : struct, IBinaryLanes
    {
        int rest = inner % TLanes.Count;
        TVector mask = TLanes.Mask(rest);
        for (int i = 0; i < count; i++, x += inner, y += inner)
        {
            T* other = table + ((nint)segments[i] * inner);
            if (inner < ShortRow)
            {
                for (int j = 0; j < inner; j++)
                {
                    y[j] = One<T, TFunction>(x[j], other[j]);
                }

                continue;
            }

            int column = 0;
            for (; column < inner - rest; column += TLanes.Count)
            {
                TLanes.Store(y + column, TFunction.Of<T, TVector, TLanes>(TLanes.Load(x + column), TLanes.Load(other + column)));
            }

            if (rest > 0)
            {
                TVector value = TFunction.Of<T, TVector, TLanes>(TLanes.LoadMasked(x + column, mask), TLanes.LoadMasked(other + column, mask));
                TLanes.StorePart(y + column, value, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T One<T, TFunction>(T a, T b)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes =>
        Lanes128<T>.First(TFunction.Of<T, Vector128<T>, Lanes128<T>>(Lanes128<T>.Broadcast(a), Lanes128<T>.Broadcast(b)));
}
