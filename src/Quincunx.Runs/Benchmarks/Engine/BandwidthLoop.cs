using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Loads and stores at the widest registers with next to no arithmetic: the memory limit of elementwise kernels.</summary>
/// <remarks>
/// A plain store first reads the line that it changes; a streaming one bypasses the cache and does not, but whoever reads the result next has to fetch it. Which is
/// the faster depends on size and processor.
/// </remarks>
internal static unsafe class BandwidthLoop
{
    /// <summary>Elements of the vectors are cut to a multiple of this.</summary>
    public const int Granularity = 64;

    private const int Alignment = 64;

    /// <summary>Makes the vectors.</summary>
    /// <param name="elements">Of each vector.</param>
    /// <param name="threads">Share the vectors.</param>
    /// <param name="streaming">Whether stores bypass the cache.</param>
    /// <returns>One pass of a thread.</returns>
    public static Action<int> Create(BandwidthKind kind, int elements, int threads, bool streaming)
    {
        float[] a = Allocate(elements), b = kind == BandwidthKind.Triad ? Allocate(elements) : a, c = kind == BandwidthKind.Read ? a : Allocate(elements);
        int blocks = elements / Granularity;
        return thread =>
        {
            int from = (int)((long)blocks * thread / threads) * Granularity, to = (int)((long)blocks * (thread + 1) / threads) * Granularity;
            Run(kind, Aligned(a) + from, Aligned(b) + from, Aligned(c) + from, to - from, streaming);
        };
    }

    private static void Run(BandwidthKind kind, float* a, float* b, float* c, int count, bool streaming)
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                Run<Vector512<float>, Lanes512<float>>(kind, a, b, c, count, streaming);
                break;
            case SimdLevel.Avx2:
                Run<Vector256<float>, Lanes256<float>>(kind, a, b, c, count, streaming);
                break;
            default:
                Run<Vector128<float>, Lanes128<float>>(kind, a, b, c, count, streaming);
                break;
        }
    }

    private static void Run<TVector, TLanes>(BandwidthKind kind, float* a, float* b, float* c, int count, bool streaming)
        where TVector : struct
        where TLanes : struct, ILanes<float, TVector>
    {
        switch (kind)
        {
            case BandwidthKind.Read:
                Read<TVector, TLanes>(a, count);
                break;
            case BandwidthKind.Copy:
                Copy<TVector, TLanes>(a, c, count, streaming);
                break;
            default:
                Triad<TVector, TLanes>(a, b, c, count, streaming);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Read<TVector, TLanes>(float* a, int count)
        where TVector : struct
        where TLanes : struct, ILanes<float, TVector>
    {
        TVector one = TLanes.Broadcast(1), s0 = TLanes.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        for (float* end = a + count; a < end; a += 4 * TLanes.Count)
        {
            s0 = TLanes.MultiplyAdd(TLanes.Load(a), one, s0);
            s1 = TLanes.MultiplyAdd(TLanes.Load(a + TLanes.Count), one, s1);
            s2 = TLanes.MultiplyAdd(TLanes.Load(a + (2 * TLanes.Count)), one, s2);
            s3 = TLanes.MultiplyAdd(TLanes.Load(a + (3 * TLanes.Count)), one, s3);
        }

        float* sum = stackalloc float[TLanes.Count];
        TLanes.Store(sum, TLanes.MultiplyAdd(TLanes.MultiplyAdd(s0, one, s1), one, TLanes.MultiplyAdd(s2, one, s3)));
        return *sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Copy<TVector, TLanes>(float* a, float* c, int count, bool streaming)
        where TVector : struct
        where TLanes : struct, ILanes<float, TVector>
    {
        for (float* end = a + count; a < end; a += 4 * TLanes.Count, c += 4 * TLanes.Count)
        {
            Put<TVector, TLanes>(c, TLanes.Load(a), streaming);
            Put<TVector, TLanes>(c + TLanes.Count, TLanes.Load(a + TLanes.Count), streaming);
            Put<TVector, TLanes>(c + (2 * TLanes.Count), TLanes.Load(a + (2 * TLanes.Count)), streaming);
            Put<TVector, TLanes>(c + (3 * TLanes.Count), TLanes.Load(a + (3 * TLanes.Count)), streaming);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Triad<TVector, TLanes>(float* a, float* b, float* c, int count, bool streaming)
        where TVector : struct
        where TLanes : struct, ILanes<float, TVector>
    {
        TVector s = TLanes.Broadcast(0.5f);
        for (float* end = a + count; a < end; a += 4 * TLanes.Count, b += 4 * TLanes.Count, c += 4 * TLanes.Count)
        {
            Put<TVector, TLanes>(c, TLanes.MultiplyAdd(s, TLanes.Load(b), TLanes.Load(a)), streaming);
            Put<TVector, TLanes>(c + TLanes.Count, TLanes.MultiplyAdd(s, TLanes.Load(b + TLanes.Count), TLanes.Load(a + TLanes.Count)), streaming);
            Put<TVector, TLanes>(c + (2 * TLanes.Count), TLanes.MultiplyAdd(s, TLanes.Load(b + (2 * TLanes.Count)), TLanes.Load(a + (2 * TLanes.Count))), streaming);
            Put<TVector, TLanes>(c + (3 * TLanes.Count), TLanes.MultiplyAdd(s, TLanes.Load(b + (3 * TLanes.Count)), TLanes.Load(a + (3 * TLanes.Count))), streaming);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TVector, TLanes>(float* target, TVector value, bool streaming)
        where TVector : struct
        where TLanes : struct, ILanes<float, TVector>
    {
        if (!streaming)
        {
            TLanes.Store(target, value);
        }
        else if (typeof(TVector) == typeof(Vector512<float>))
        {
            Unsafe.BitCast<TVector, Vector512<float>>(value).StoreAlignedNonTemporal(target);
        }
        else if (typeof(TVector) == typeof(Vector256<float>))
        {
            Unsafe.BitCast<TVector, Vector256<float>>(value).StoreAlignedNonTemporal(target);
        }
        else
        {
            Unsafe.BitCast<TVector, Vector128<float>>(value).StoreAlignedNonTemporal(target);
        }
    }

    private static float[] Allocate(int elements)
    {
        float[] values = GC.AllocateUninitializedArray<float>(elements + (Alignment / sizeof(float)), pinned: true);
        Array.Fill(values, 1f);
        return values;
    }

    private static float* Aligned(float[] values) => (float*)(((nint)Unsafe.AsPointer(ref values[0]) + Alignment - 1) & -Alignment);
}
