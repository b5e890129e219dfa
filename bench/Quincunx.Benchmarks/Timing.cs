using System.Diagnostics;

namespace Quincunx.Benchmarks;

/// <summary>How long things take.</summary>
internal static class Timing
{
    // Not in ticks of a TimeSpan, which are as long as the smallest kernels.
    public static double Microseconds(Action action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return (Stopwatch.GetTimestamp() - began) * 1e6 / Stopwatch.Frequency;
    }

    /// <summary>Of an even number the upper one of the two in the middle.</summary>
    public static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
