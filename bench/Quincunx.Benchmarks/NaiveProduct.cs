using System.Runtime.CompilerServices;

namespace Quincunx.Benchmarks;

/// <summary>The three loops of the definition: what a kernel has to beat, also at size 1.</summary>
internal static class NaiveProduct
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply(bool transposeB, int m, int n, int k, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * k) + p] * (transposeB ? b[(j * k) + p] : b[(p * n) + j]);
                }

                c[(i * n) + j] = sum;
            }
        }
    }
}
