namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>What the processor can do: multiply-adds in registers, and bytes to and from cache and memory.</summary>
internal static class LimitRows
{
    public const string PeakName = "fused multiply-add peak";

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        foreach (RowPlan row in Peaks<float>(bench).Concat(Peaks<double>(bench)))
        {
            yield return row;
        }

        foreach (bool large in new[] { false, true })
        {
            foreach (BandwidthKind kind in new[] { BandwidthKind.Copy, BandwidthKind.Triad, BandwidthKind.Read })
            {
                int elements = large ? bench.Effort.LargeBytes / sizeof(float) / Bench.VectorsOf(kind) : bench.Effort.Elements;
                string name = $"bandwidth, {Bench.Name(kind)}, {(large ? $"{bench.Effort.LargeBytes >> 20} MB" : $"{Bench.Count(elements)} floats")}";
                Quantity one = bench.Bandwidth(kind, elements, 1);
                foreach (int threads in Bench.ThreadCounts)
                {
                    yield return Row(name, threads, RowPlan.Float32, Units.Bandwidth, bench.Bandwidth(kind, elements, threads), one);
                }
            }
        }
    }

    private static IEnumerable<RowPlan> Peaks<T>(Bench bench)
        where T : unmanaged
        => Bench.ThreadCounts.Select(threads => Row(PeakName, threads, RowPlan.NameOf<T>(), Units.Flops, bench.Peak<T>(threads), bench.Peak<T>(1)));

    // Several cores are bounded by as many times one; one is a limit itself.
    private static RowPlan Row(string name, int threads, string dtype, string unit, Quantity figure, Quantity one) => new(
        name, threads, dtype, unit, figure,
        threads == 1 ? Bound.Measured(figure, "the limit itself") : Bound.Measured(one with { Value = () => threads * one.Value() }, $"{threads} times one core"));
}
