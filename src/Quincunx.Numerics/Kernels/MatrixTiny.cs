using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Products of a few elements, where entering a method counts: a loop for each shape, which the door calls with little more than the references.</summary>
/// <remarks>Everywhere an element of C is one chain over k in rising order, as in the large products; <see cref="Dot"/> is the exception.</remarks>
internal static class MatrixTiny
{
    private const MethodImplOptions Apart = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>A product of one short element over contiguous terms: the plain loop itself, with its two roundings.</summary>
    [MethodImpl(Apart)]
    public static void Dot<T>(int k, ref T a, ref T b, ref T c, bool accumulate)
        where T : unmanaged
    {
        T sum = accumulate ? c : default;
        for (nint p = 0; p < k; p++)
        {
            sum = Lanes128<T>.MultiplyAdd(Unsafe.Add(ref a, p), Unsafe.Add(ref b, p), sum);
        }

        c = sum;
    }

    /// <summary>C [m, n] of a column and a row: k is 1.</summary>
    [MethodImpl(Apart)]
    public static void OneTerm<T>(int m, int n, ref T a, ref T b, ref T c, bool accumulate)
        where T : unmanaged
    {
        if (Simd.Level == SimdLevel.None)
        {
            OneTerm<T, Vector128<T>, Lanes128<T>>(m, n, ref a, ref b, ref c, accumulate);
        }
        else
        {
            OneTerm<T, Vector256<T>, Lanes256<T>>(m, n, ref a, ref b, ref c, accumulate);
        }
    }

    /// <summary>C [m, n] where k is the number of terms, which the compiler knows.</summary>
    [MethodImpl(Apart)]
    public static void Terms<T, TCount>(int m, int n, ref T a, ref T b, ref T c, bool transposeA, bool transposeB, bool accumulate)
        where T : unmanaged
        where TCount : struct, ITermCount
    {
        if (Simd.Level == SimdLevel.None)
        {
            Terms<T, Vector128<T>, Lanes128<T>, TCount>(m, n, ref a, ref b, ref c, transposeA, transposeB, accumulate);
        }
        else
        {
            Terms<T, Vector256<T>, Lanes256<T>, TCount>(m, n, ref a, ref b, ref c, transposeA, transposeB, accumulate);
        }
    }

    /// <summary>Two elements of C that share the factors <paramref name="a"/>: two chains side by side.</summary>
    /// <param name="interleaved">Whether <paramref name="b"/> has the other factors of the two in turn, or those of one behind those of the other.</param>
    [MethodImpl(Apart)]
    public static void Pair<T>(int k, ref T a, ref T b, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
    {
        if (Simd.Level == SimdLevel.None)
        {
            Pair<T, Vector128<T>, Lanes128<T>>(k, ref a, ref b, ref c, interleaved, accumulate);
        }
        else
        {
            Pair<T, Vector256<T>, Lanes256<T>>(k, ref a, ref b, ref c, interleaved, accumulate);
        }
    }

    /// <summary>As <see cref="Pair{T}(int, ref T, ref T, ref T, bool, bool)"/>, of three elements.</summary>
    [MethodImpl(Apart)]
    public static void Triple<T>(int k, ref T a, ref T b, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
    {
        if (Simd.Level == SimdLevel.None)
        {
            Triple<T, Vector128<T>, Lanes128<T>>(k, ref a, ref b, ref c, interleaved, accumulate);
        }
        else
        {
            Triple<T, Vector256<T>, Lanes256<T>>(k, ref a, ref b, ref c, interleaved, accumulate);
        }
    }

    /// <summary>As <see cref="Pair{T}(int, ref T, ref T, ref T, bool, bool)"/> of one or two terms, without a loop.</summary>
    [MethodImpl(Apart)]
    public static void ShortPair<T>(int k, ref T a, ref T b, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
    {
        if (Simd.Level == SimdLevel.None)
        {
            ShortPair<T, Vector128<T>, Lanes128<T>>(k, ref a, ref b, ref c, interleaved, accumulate);
        }
        else
        {
            ShortPair<T, Vector256<T>, Lanes256<T>>(k, ref a, ref b, ref c, interleaved, accumulate);
        }
    }

    /// <summary>As <see cref="ShortPair{T}(int, ref T, ref T, ref T, bool, bool)"/>, of three elements.</summary>
    [MethodImpl(Apart)]
    public static void ShortTriple<T>(int k, ref T a, ref T b, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
    {
        if (Simd.Level == SimdLevel.None)
        {
            ShortTriple<T, Vector128<T>, Lanes128<T>>(k, ref a, ref b, ref c, interleaved, accumulate);
        }
        else
        {
            ShortTriple<T, Vector256<T>, Lanes256<T>>(k, ref a, ref b, ref c, interleaved, accumulate);
        }
    }

    /// <summary>C [2, 2]: four chains side by side.</summary>
    [MethodImpl(Apart)]
    public static void Square<T>(int k, ref T a, ref T b, ref T c, bool transposeA, bool transposeB, bool accumulate)
        where T : unmanaged
    {
        if (Simd.Level == SimdLevel.None)
        {
            Square<T, Vector128<T>, Lanes128<T>>(k, ref a, ref b, ref c, transposeA, transposeB, accumulate);
        }
        else
        {
            Square<T, Vector256<T>, Lanes256<T>>(k, ref a, ref b, ref c, transposeA, transposeB, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneTerm<T, TVector, TLanes>(int m, int n, ref T a, ref T b, ref T c, bool accumulate)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        if (accumulate)
        {
            for (; m > 0; m--)
            {
                for (nint j = 0; j < n; j++)
                {
                    Unsafe.Add(ref c, j) = TLanes.MultiplyAdd(a, Unsafe.Add(ref b, j), Unsafe.Add(ref c, j));
                }

                a = ref Unsafe.Add(ref a, 1);
                c = ref Unsafe.Add(ref c, n);
            }

            return;
        }

        for (; m > 0; m--)
        {
            T factor = a;
            for (nint j = 0; j < n; j++)
            {
                Unsafe.Add(ref c, j) = TLanes.MultiplyAdd(factor, Unsafe.Add(ref b, j), default);
            }

            a = ref Unsafe.Add(ref a, 1);
            c = ref Unsafe.Add(ref c, n);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Terms<T, TVector, TLanes, TCount>(int m, int n, ref T a, ref T b, ref T c, bool transposeA, bool transposeB, bool accumulate)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TCount : struct, ITermCount
    {
        nint aStep = transposeA ? m : 1, aRow = transposeA ? 1 : TCount.Value, bStep = transposeB ? 1 : n, bColumn = transposeB ? TCount.Value : 1;
        for (; m > 0; m--)
        {
            T first = a, second = Unsafe.Add(ref a, aStep);
            T third = TCount.Value > 2 ? Unsafe.Add(ref a, 2 * aStep) : default;
            T fourth = TCount.Value > 3 ? Unsafe.Add(ref a, 3 * aStep) : default;
            ref T column = ref b;
            for (int j = n; j > 0; j--)
            {
                T start = accumulate ? c : default;
                T sum = TLanes.MultiplyAdd(second, Unsafe.Add(ref column, bStep), TLanes.MultiplyAdd(first, column, start));
                if (TCount.Value > 2)
                {
                    sum = TLanes.MultiplyAdd(third, Unsafe.Add(ref column, 2 * bStep), sum);
                }

                if (TCount.Value > 3)
                {
                    sum = TLanes.MultiplyAdd(fourth, Unsafe.Add(ref column, 3 * bStep), sum);
                }

                c = sum;
                c = ref Unsafe.Add(ref c, 1);
                column = ref Unsafe.Add(ref column, bColumn);
            }

            a = ref Unsafe.Add(ref a, aRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<T, TVector, TLanes>(int k, ref T a, ref T b, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        T c0 = default, c1 = default;
        if (accumulate)
        {
            (c0, c1) = (c, Unsafe.Add(ref c, 1));
        }

        nint step = interleaved ? 2 : 1, other = interleaved ? 1 : k;
        for (; k > 0; k--)
        {
            c0 = TLanes.MultiplyAdd(a, b, c0);
            c1 = TLanes.MultiplyAdd(a, Unsafe.Add(ref b, other), c1);
            a = ref Unsafe.Add(ref a, 1);
            b = ref Unsafe.Add(ref b, step);
        }

        c = c0;
        Unsafe.Add(ref c, 1) = c1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Triple<T, TVector, TLanes>(int k, ref T a, ref T b, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        T c0 = default, c1 = default, c2 = default;
        if (accumulate)
        {
            (c0, c1, c2) = (c, Unsafe.Add(ref c, 1), Unsafe.Add(ref c, 2));
        }

        nint step = interleaved ? 3 : 1, other = interleaved ? 1 : k;
        for (; k > 0; k--)
        {
            c0 = TLanes.MultiplyAdd(a, b, c0);
            c1 = TLanes.MultiplyAdd(a, Unsafe.Add(ref b, other), c1);
            c2 = TLanes.MultiplyAdd(a, Unsafe.Add(ref b, 2 * other), c2);
            a = ref Unsafe.Add(ref a, 1);
            b = ref Unsafe.Add(ref b, step);
        }

        c = c0;
        Unsafe.Add(ref c, 1) = c1;
        Unsafe.Add(ref c, 2) = c2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ShortPair<T, TVector, TLanes>(int k, ref T a, ref T b, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        T c0 = default, c1 = default;
        if (accumulate)
        {
            (c0, c1) = (c, Unsafe.Add(ref c, 1));
        }

        if (k == 1)
        {
            c0 = TLanes.MultiplyAdd(a, b, c0);
            c1 = TLanes.MultiplyAdd(a, Unsafe.Add(ref b, 1), c1);
        }
        else
        {
            T a1 = Unsafe.Add(ref a, 1), b1 = Unsafe.Add(ref b, 1), b2 = Unsafe.Add(ref b, 2);
            (T other, T second) = interleaved ? (b1, b2) : (b2, b1);
            c0 = TLanes.MultiplyAdd(a1, second, TLanes.MultiplyAdd(a, b, c0));
            c1 = TLanes.MultiplyAdd(a1, Unsafe.Add(ref b, 3), TLanes.MultiplyAdd(a, other, c1));
        }

        c = c0;
        Unsafe.Add(ref c, 1) = c1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ShortTriple<T, TVector, TLanes>(int k, ref T a, ref T b, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        T c0 = default, c1 = default, c2 = default;
        if (accumulate)
        {
            (c0, c1, c2) = (c, Unsafe.Add(ref c, 1), Unsafe.Add(ref c, 2));
        }

        if (k == 1)
        {
            c0 = TLanes.MultiplyAdd(a, b, c0);
            c1 = TLanes.MultiplyAdd(a, Unsafe.Add(ref b, 1), c1);
            c2 = TLanes.MultiplyAdd(a, Unsafe.Add(ref b, 2), c2);
        }
        else
        {
            T a1 = Unsafe.Add(ref a, 1);
            nint step = interleaved ? 3 : 1, other = interleaved ? 1 : 2;
            c0 = TLanes.MultiplyAdd(a1, Unsafe.Add(ref b, step), TLanes.MultiplyAdd(a, b, c0));
            c1 = TLanes.MultiplyAdd(a1, Unsafe.Add(ref b, other + step), TLanes.MultiplyAdd(a, Unsafe.Add(ref b, other), c1));
            c2 = TLanes.MultiplyAdd(a1, Unsafe.Add(ref b, (2 * other) + step), TLanes.MultiplyAdd(a, Unsafe.Add(ref b, 2 * other), c2));
        }

        c = c0;
        Unsafe.Add(ref c, 1) = c1;
        Unsafe.Add(ref c, 2) = c2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square<T, TVector, TLanes>(int k, ref T a, ref T b, ref T c, bool transposeA, bool transposeB, bool accumulate)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        T c0 = default, c1 = default, c2 = default, c3 = default;
        if (accumulate)
        {
            (c0, c1, c2, c3) = (c, Unsafe.Add(ref c, 1), Unsafe.Add(ref c, 2), Unsafe.Add(ref c, 3));
        }

        nint aStep = transposeA ? 2 : 1, aOther = transposeA ? 1 : k, bStep = transposeB ? 1 : 2, bOther = transposeB ? k : 1;
        for (; k > 0; k--)
        {
            T a0 = a, a1 = Unsafe.Add(ref a, aOther), b0 = b, b1 = Unsafe.Add(ref b, bOther);
            c0 = TLanes.MultiplyAdd(a0, b0, c0);
            c1 = TLanes.MultiplyAdd(a0, b1, c1);
            c2 = TLanes.MultiplyAdd(a1, b0, c2);
            c3 = TLanes.MultiplyAdd(a1, b1, c3);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        c = c0;
        Unsafe.Add(ref c, 1) = c1;
        Unsafe.Add(ref c, 2) = c2;
        Unsafe.Add(ref c, 3) = c3;
    }
}
