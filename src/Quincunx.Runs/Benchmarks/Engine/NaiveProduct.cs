using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>The three loops of the definition: what a kernel has to beat, also at size 1.</summary>
internal static class NaiveProduct
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply<T>(bool transposeB, int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = T.Zero;
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * k) + p] * (transposeB ? b[(j * k) + p] : b[(p * n) + j]);
                }

                c[(i * n) + j] = sum;
            }
        }
    }
}
