using System.Diagnostics;
using System.Globalization;
using Quincunx.Numerics.Kernels;
using Quincunx.Runs.Benchmarks.Engine;

namespace Quincunx.Benchmarks;

/// <summary>Prints the measured limit of one core and the share of it that the matrix product reaches.</summary>
/// <remarks>Limit and products are timed in turn within one run, so that a machine that slows down slows both. Each slice is
/// short, below a scheduler's, so that the best of them was not interrupted; medians are printed beside it.</remarks>
internal static class PeakCommand
{
    private static readonly (bool A, bool B, int M, int N, int K)[] Shapes =
    [
        (false, false, 1, 1, 1), (false, false, 4, 4, 4), (false, true, 1, 64, 64), (false, true, 10, 10, 10),
        (false, true, 200, 10, 10), (false, true, 200, 50, 50), (false, false, 200, 64, 64), (false, true, 200, 64, 64),
        (true, false, 64, 64, 200), (false, true, 200, 100, 64), (true, false, 10, 64, 200), (false, true, 200, 1, 64),
        (false, false, 128, 128, 128), (false, true, 128, 128, 128), (true, false, 128, 128, 128),
        (false, false, 256, 256, 256), (false, true, 256, 256, 256), (false, false, 512, 512, 512), (false, true, 512, 512, 512),
        (true, false, 512, 512, 512), (false, false, 1024, 1024, 1024),
    ];

    public static void Run(TextWriter output, int rounds, SimdLevel lowest)
    {
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>().Where(l => l <= Simd.Best && l >= lowest).Reverse())
        {
            Simd.Level = level;
            Measure<float>(output, rounds);
            Measure<double>(output, rounds);
        }

        Simd.Level = Simd.Best;
    }

    private static void Measure<T>(TextWriter output, int rounds)
        where T : unmanaged
    {
        Func<double>[] cases = [.. Shapes.Select(s => Case<T>(s.A, s.B, s.M, s.N, s.K))];
        var limits = new double[rounds];
        double[][] rates = [.. Shapes.Select(_ => new double[rounds])];
        for (int round = -3; round < rounds; round++)
        {
            // The first rounds only let the compiler finish.
            int slot = Math.Max(round, 0);
            long start = Stopwatch.GetTimestamp();
            PeakLoop.Run<T>();
            limits[slot] = PeakLoop.Operations<T>() / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            for (int i = 0; i < cases.Length; i++)
            {
                rates[i][slot] = cases[i]();
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Simd.Level} {typeof(T).Name}: limit of one core, measured: median {Median(limits):F1}, best {limits.Max():F1} GFLOP/s"));
        for (int i = 0; i < Shapes.Length; i++)
        {
            (bool a, bool b, int m, int n, int k) = Shapes[i];
            (double median, double best) = (Median(rates[i]), rates[i].Max());
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {(a ? 'T' : 'N')}{(b ? 'T' : 'N')} {m,5} x {n,5} x {k,5}  median {median,7:F1} = {median / Median(limits),6:P1}  best {best,7:F1} = {best / limits.Max(),6:P1} {2e-3 * m * n * k / best,11:F3} us"));
        }
    }

    private static Func<double> Case<T>(bool transposeA, bool transposeB, int m, int n, int k)
        where T : unmanaged
    {
        // The values stay zero: the rate does not depend on them.
        T[] a = new T[m * k], b = new T[k * n], c = new T[m * n];
        double flops = 2.0 * m * n * k;
        int repeats = (int)Math.Clamp(8e7 / (flops + 500), 1, 100_000);
        return () =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                MatrixProduct.Multiply<T>(transposeA, transposeB, m, n, k, a, b, c);
            }

            return flops * repeats / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        };
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
