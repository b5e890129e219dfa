using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Multiply-adds between registers and nothing else: the arithmetic limit of a core at the level in use.</summary>
internal static class PeakLoop
{
    private const int Iterations = 100_000;

    // Twelve independent chains hide the latency of the instruction on every current processor.
    private const int Chains = 12;

    /// <summary>Floating-point operations of a run, a multiply-add counting as two.</summary>
    public static double Operations<T>()
        where T : unmanaged
        => 2.0 * Chains * Iterations * Simd.Level switch
        {
            SimdLevel.Avx512 => Vector512<T>.Count,
            SimdLevel.Avx2 => Vector256<T>.Count,
            _ => Vector128<T>.Count,
        };

    /// <summary>Runs the loop, some tenths of a millisecond.</summary>
    public static void Run<T>()
        where T : unmanaged
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                Loop<T, Vector512<T>, Lanes512<T>>();
                break;
            case SimdLevel.Avx2:
                Loop<T, Vector256<T>, Lanes256<T>>();
                break;
            default:
                Loop<T, Vector128<T>, Lanes128<T>>();
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Loop<T, TVector, TLanes>()
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector x = TLanes.Broadcast(default);
        TVector c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x, c6 = x, c7 = x, c8 = x, c9 = x, c10 = x, c11 = x;
        for (int i = Iterations; i > 0; i--)
        {
            c0 = TLanes.MultiplyAdd(x, x, c0);
            c1 = TLanes.MultiplyAdd(x, x, c1);
            c2 = TLanes.MultiplyAdd(x, x, c2);
            c3 = TLanes.MultiplyAdd(x, x, c3);
            c4 = TLanes.MultiplyAdd(x, x, c4);
            c5 = TLanes.MultiplyAdd(x, x, c5);
            c6 = TLanes.MultiplyAdd(x, x, c6);
            c7 = TLanes.MultiplyAdd(x, x, c7);
            c8 = TLanes.MultiplyAdd(x, x, c8);
            c9 = TLanes.MultiplyAdd(x, x, c9);
            c10 = TLanes.MultiplyAdd(x, x, c10);
            c11 = TLanes.MultiplyAdd(x, x, c11);
        }

        T* sink = stackalloc T[TLanes.Count];
        TLanes.Store(sink, c0);
        TLanes.Store(sink, c1);
        TLanes.Store(sink, c2);
        TLanes.Store(sink, c3);
        TLanes.Store(sink, c4);
        TLanes.Store(sink, c5);
        TLanes.Store(sink, c6);
        TLanes.Store(sink, c7);
        TLanes.Store(sink, c8);
        TLanes.Store(sink, c9);
        TLanes.Store(sink, c10);
        TLanes.Store(sink, c11);
    }
}
