using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Copies and adds slices by index, in one loop: a call for each of many short slices would take longer than the slices.</summary>
/// <remarks>The indices are below the length of the axis; the caller has checked them.</remarks>
internal static unsafe class Slices
{
    /// <summary>y[o, i, :] = x[o, indices[i], :].</summary>
    /// <param name="x">Shape <c>[outer, length, inner]</c>.</param>
    /// <param name="y">Shape <c>[outer, indices, inner]</c>; not x.</param>
    public static void Select<T>(ReadOnlySpan<T> x, Span<T> y, ReadOnlySpan<int> indices, int outer, int length, int inner)
        where T : unmanaged
    {
        Debug.Assert(x.Length >= outer * length * inner && y.Length >= outer * indices.Length * inner, "Spans are too short.");
        fixed (T* from = x, to = y)
        {
            fixed (int* index = indices)
            {
                switch (Simd.Level)
                {
                    case SimdLevel.Avx512:
                        Select<T, Vector512<T>, Lanes512<T>>(from, to, index, indices.Length, outer, length, inner);
                        break;
                    case SimdLevel.Avx2:
                        Select<T, Vector256<T>, Lanes256<T>>(from, to, index, indices.Length, outer, length, inner);
                        break;
                    default:
                        Select<T, Vector128<T>, Lanes128<T>>(from, to, index, indices.Length, outer, length, inner);
                        break;
                }
            }
        }
    }

    /// <summary>y[o, indices[i], :] += source[o, i, :], in the order of the indices, which may repeat.</summary>
    /// <param name="source">Shape <c>[outer, indices, inner]</c>.</param>
    /// <param name="y">Shape <c>[outer, length, inner]</c>; not the source.</param>
    public static void Add<T>(ReadOnlySpan<T> source, Span<T> y, ReadOnlySpan<int> indices, int outer, int length, int inner)
        where T : unmanaged
    {
        Debug.Assert(y.Length >= outer * length * inner && source.Length >= outer * indices.Length * inner, "Spans are too short.");
        fixed (T* from = source, to = y)
        {
            fixed (int* index = indices)
            {
                switch (Simd.Level)
                {
                    case SimdLevel.Avx512:
                        Add<T, Vector512<T>, Lanes512<T>>(from, to, index, indices.Length, outer, length, inner);
                        break;
                    case SimdLevel.Avx2:
                        Add<T, Vector256<T>, Lanes256<T>>(from, to, index, indices.Length, outer, length, inner);
                        break;
                    default:
                        Add<T, Vector128<T>, Lanes128<T>>(from, to, index, indices.Length, outer, length, inner);
                        break;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Select<T, TVector, TLanes>(T* x, T* y, int* indices, int count, int outer, int length, int inner)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        for (int o = 0; o < outer; o++, x += (nint)length * inner)
        {
            for (int i = 0; i < count; i++, y += inner)
            {
                T* source = x + ((nint)indices[i] * inner);
                if (inner == 1)
                {
                    *y = *source;
                    continue;
                }

                for (int j = 0; j < inner; j += TLanes.Count)
                {
                    int left = inner - j;
                    if (left >= TLanes.Count)
                    {
                        TLanes.Store(y + j, TLanes.Load(source + j));
                    }
                    else
                    {
                        TLanes.StorePart(y + j, TLanes.LoadMasked(source + j, TLanes.Mask(left)), left);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add<T, TVector, TLanes>(T* source, T* y, int* indices, int count, int outer, int length, int inner)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        for (int o = 0; o < outer; o++, y += (nint)length * inner)
        {
            for (int i = 0; i < count; i++, source += inner)
            {
                T* target = y + ((nint)indices[i] * inner);
                for (int j = 0; j < inner; j += TLanes.Count)
                {
                    int left = inner - j;
                    if (left >= TLanes.Count)
                    {
                        TLanes.Store(target + j, TLanes.Add(TLanes.Load(target + j), TLanes.Load(source + j)));
                    }
                    else
                    {
                        TVector mask = TLanes.Mask(left);
                        TVector sum = TLanes.Add(TLanes.LoadMasked(target + j, mask), TLanes.LoadMasked(source + j, mask));
                        TLanes.StorePart(target + j, sum, left);
                    }
                }
            }
        }
    }
}
