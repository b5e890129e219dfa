using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Benchmarks;

/// <summary>The product against the three loops of the definition, for all combinations of small sizes and transposes.</summary>
internal static class NaiveGrid
{
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 31, 50, 64];

    /// <summary>Prints how often the product is slower than 0.9 times the loops, and the cases where it is slowest.</summary>
    public static void Run<T>(TextWriter output, int slices)
        where T : unmanaged, INumberBase<T>
    {
        // The first rounds only let the compiler finish.
        for (int warmUp = 0; warmUp < 3; warmUp++)
        {
            Measure<T>(slices: 1);
            Thread.Sleep(200);
        }

        (double Ratio, string Name)[] cases = [.. Measure<T>(slices).OrderBy(c => c.Ratio)];
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Simd.Level} {typeof(T).Name}: {cases.Length} products of sizes 1 to 64 in all transposes: {cases.Count(c => c.Ratio < 0.9)} slower than 0.9 x the plain loops; median {cases[cases.Length / 2].Ratio:F2} x, lowest:"));
        foreach ((double ratio, string name) in cases.Take(5))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ratio:F2} x  {name}"));
        }
    }

    private static List<(double Ratio, string Name)> Measure<T>(int slices)
        where T : unmanaged, INumberBase<T>
    {
        int largest = Sizes[^1] * Sizes[^1];
        T[] a = new T[largest], b = new T[largest], c = new T[largest];
        var result = new List<(double, string)>();
        foreach (int m in Sizes)
        {
            foreach (int n in Sizes)
            {
                foreach (int k in Sizes)
                {
                    for (int transposes = 0; transposes < 4; transposes++)
                    {
                        (bool transposeA, bool transposeB) = ((transposes & 1) != 0, (transposes & 2) != 0);
                        (double plain, double ours) = Best(slices, transposeA, transposeB, m, n, k, a, b, c);
                        string name = string.Create(
                            CultureInfo.InvariantCulture,
                            $"{(transposeA ? 'T' : 'N')}{(transposeB ? 'T' : 'N')} {m} x {n} x {k}: {ours:F1} ns, plain loops {plain:F1} ns");
                        result.Add((plain / ours, name));
                    }
                }
            }
        }

        return result;
    }

    // Nanoseconds a product; the best slice was not interrupted.
    private static (double Plain, double Ours) Best<T>(
        int slices, bool transposeA, bool transposeB, int m, int n, int k, T[] a, T[] b, T[] c)
        where T : unmanaged, INumberBase<T>
    {
        int repeats = Math.Clamp(20_000 / ((m * n * k) + 20), 2, 400);
        (double plain, double ours) = (double.PositiveInfinity, double.PositiveInfinity);
        for (int slice = 0; slice < slices; slice++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                Plain<T>(transposeA, transposeB, m, n, k, a, b, c);
            }

            plain = Math.Min(plain, Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats);
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                MatrixProduct.Multiply<T>(transposeA, transposeB, m, n, k, a, b, c);
            }

            ours = Math.Min(ours, Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats);
        }

        return (plain, ours);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Plain<T>(
        bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, INumberBase<T>
    {
        int aRow = transposeA ? 1 : k, aStep = transposeA ? m : 1, bStep = transposeB ? 1 : n, bColumn = transposeB ? k : 1;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = T.Zero;
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * aRow) + (p * aStep)] * b[(p * bStep) + (j * bColumn)];
                }

                c[(i * n) + j] = sum;
            }
        }
    }
}
