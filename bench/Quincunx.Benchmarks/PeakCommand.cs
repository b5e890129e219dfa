using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Quincunx.Numerics.Kernels;
using Quincunx.Runs.Benchmarks.Engine;

namespace Quincunx.Benchmarks;

/// <summary>Prints the measured limit of one core, the share of it that the matrix products reach, and how they compare with plain loops.</summary>
/// <remarks>Limit and products are timed in turn within one run, so that a machine that slows down slows both. Each slice is
/// short, below a scheduler's, so that the best of them was not interrupted; medians are printed beside it.</remarks>
internal static class PeakCommand
{
    public static void Run(TextWriter output, int rounds, SimdLevel lowest)
    {
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>().Where(l => l <= Simd.Best && l >= lowest).Reverse())
        {
            Simd.Level = level;
            Measure<float>(output, rounds);
            Measure<double>(output, rounds);
            NaiveGrid.Run<float>(output, slices: 12);
            NaiveGrid.Run<double>(output, slices: 12);
        }

        Simd.Level = Simd.Best;
    }

    private static void Measure<T>(TextWriter output, int rounds)
        where T : unmanaged, INumberBase<T>
    {
        PeakCase[] cases = [.. PeakCases.All<T>()];
        var limits = new double[rounds];
        double[][] rates = [.. cases.Select(_ => new double[rounds])];
        for (int round = -3; round < rounds; round++)
        {
            // The first rounds only let the compiler finish.
            int slot = Math.Max(round, 0);
            long start = Stopwatch.GetTimestamp();
            PeakLoop.Run<T>();
            limits[slot] = PeakLoop.Operations<T>() / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            for (int i = 0; i < cases.Length; i++)
            {
                rates[i][slot] = Rate(cases[i]);
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Simd.Level} {typeof(T).Name}: limit of one core, measured: median {Median(limits):F1}, best {limits.Max():F1} GFLOP/s"));
        for (int i = 0; i < cases.Length; i++)
        {
            (double median, double best) = (Median(rates[i]), rates[i].Max());
            int other = Array.FindIndex(cases, c => c.Name == cases[i].Against);
            string ratio = other < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  {best / rates[other].Max():F2} x {cases[other].Name}");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {cases[i].Name,-44} median {median,7:F1} = {median / Median(limits),6:P1}  best {best,7:F1} = {best / limits.Max(),6:P1} {1e-3 * cases[i].Operations / best,11:F3} us{ratio}"));
        }
    }

    // GFLOP/s in a slice of about half a millisecond, or of one product. One before it brings into the caches what the other cases drove out.
    private static double Rate(PeakCase product)
    {
        int repeats = (int)Math.Clamp(8e7 / (product.Operations + 500), 1, 100_000);
        product.Run(1);
        long start = Stopwatch.GetTimestamp();
        product.Run(repeats);
        return product.Operations * repeats / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
