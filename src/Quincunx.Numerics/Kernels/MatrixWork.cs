using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quincunx.Numerics.Kernels;

/// <summary>Hands a matrix product, or a batch of them, to the kernels of the <see cref="Simd.Level"/>, on one thread or more.</summary>
internal static unsafe class MatrixWork
{
    private const int LeastFetchedSide = 32, LeastFetchedBytes = 8 * 1024, MostFetchedBytes = 256 * 1024;

    public static void Run<T>(in MatrixOperands<T> x, int threads)
        where T : unmanaged
    {
        if (threads <= 1)
        {
            Single(x);
            return;
        }

        // Cuts along the longer side. Where the cuts are does not matter to the result.
        MatrixShare<T>.Run(x, batch: 1, 0, 0, 0, threads);
    }

    public static void RunBatch<T>(in MatrixOperands<T> x, int batch, nint strideA, nint strideB, nint strideC, int threads)
        where T : unmanaged
    {
        if (threads > 1 && batch >= threads)
        {
            MatrixShare<T>.Run(x, batch, strideA, strideB, strideC, threads);
            return;
        }

        if (threads <= 1)
        {
            Sequence(x, 0, batch, strideA, strideB, strideC);
            return;
        }

        for (int i = 0; i < batch; i++)
        {
            Run(x.Moved(i * strideA, i * strideB, i * strideC), threads);
        }
    }

    /// <summary>Products <paramref name="from"/> to <paramref name="to"/> (excluded) of a batch whose operands lie whole in memory, on the calling thread.</summary>
    public static void Sequence<T>(in MatrixOperands<T> x, int from, int to, nint strideA, nint strideB, nint strideC)
        where T : unmanaged
    {
        for (int i = from; i < to; i++)
        {
            // The next operands come from the outer caches while this product is computed: it pays where they are more than the innermost cache holds
            // and not more than the second, and where the product takes longer than they do.
            if (i + 1 < to && Math.Min(x.M, Math.Min(x.N, x.K)) >= LeastFetchedSide)
            {
                Fetch(x.A + ((i + 1) * strideA), strideA == 0 ? 0 : x.M * x.K);
                Fetch(x.B + ((i + 1) * strideB), strideB == 0 ? 0 : x.K * x.N);
            }

            Single(x.Moved(i * strideA, i * strideB, i * strideC));
        }
    }

    private static void Fetch<T>(T* from, long count)
        where T : unmanaged
    {
        const int Line = 64;
        if (Sse.IsSupported && count * sizeof(T) is > LeastFetchedBytes and <= MostFetchedBytes)
        {
            for (long i = 0; i < count * sizeof(T); i += Line)
            {
                Sse.Prefetch1((byte*)from + i);
            }
        }
    }

    public static void Single<T>(in MatrixOperands<T> x)
        where T : unmanaged
    {
        if (x.M == 0 || x.N == 0)
        {
            return;
        }

        if (MatrixSmall.Takes(x))
        {
            MatrixSmall.Run(x);
            return;
        }

        if (x.N == 1 && x.M > 1 && x.CRow == 1 && (x.StartRow == 1 || x.Start is null) && x.Bias is null)
        {
            // A column is a row of the transposed product, and fills whole registers there.
            Single(x with { M = 1, N = x.M, A = x.B, AStep = x.BStep, ARow = 0, B = x.A, BStep = x.AStep, BColumn = x.ARow });
            return;
        }

        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                MatrixBlocks.Run<T, Vector512<T>, Lanes512<T>>(x);
                break;
            case SimdLevel.Avx2:
                MatrixBlocks.Run<T, Vector256<T>, Lanes256<T>>(x);
                break;
            default:
                MatrixBlocks.Run<T, Vector128<T>, Lanes128<T>>(x);
                break;
        }
    }
}
