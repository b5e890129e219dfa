namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Units of the rows, and which way each is better.</summary>
internal static class Units
{
    public const string Flops = "GFLOP/s", Bandwidth = "GB/s", Elements = "G/s", Speedup = "times the speed", Steps = "steps/s";
    public const string Milliseconds = "ms", Nanoseconds = "ns", Ulp = "ulp", Bytes = "B", Cost = "times the cost", Memory = "times the memory";

    public static bool MoreIsBetter(string unit) => unit is Flops or Bandwidth or Elements or Speedup or Steps;

    /// <summary>Share of the bound, 1 at it; a cost of nothing is at any bound.</summary>
    public static double Share(double median, double bound, string unit) =>
        MoreIsBetter(unit) ? median / bound
        : median > 0 ? bound / median
        : 1;
}
