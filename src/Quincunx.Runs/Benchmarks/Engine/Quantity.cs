namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>A figure that follows from probes once they have been measured.</summary>
/// <param name="Probes">What it needs to be measured.</param>
/// <param name="Value">Asked for after the last round.</param>
internal sealed record Quantity(IReadOnlyList<Probe> Probes, Func<double> Value)
{
    /// <summary>So much of something in each second of a call.</summary>
    public static Quantity Rate(Probe probe, double amount) => new([probe], () => amount / Median(probe.Seconds));

    /// <summary>The time of a call.</summary>
    /// <param name="perSecond">Units of the figure in a second, over the number of things that a call does.</param>
    public static Quantity Time(Probe probe, double perSecond) => new([probe], () => perSecond * Median(probe.Seconds));

    /// <summary>Time of a call of one over that of a call of the other, both from the same round.</summary>
    public static Quantity Quotient(Probe over, Probe under, double factor = 1) =>
        new([over, under], () => factor * Median([.. over.Seconds.Zip(under.Seconds, (a, b) => a / b)]));

    /// <summary>Time of a call of one beyond that of a call of the other.</summary>
    public static Quantity Difference(Probe more, Probe less, double perSecond) =>
        new([more, less], () => perSecond * Median([.. more.Seconds.Zip(less.Seconds, (a, b) => a - b)]));

    /// <summary>The larger of two.</summary>
    public static Quantity Best(Quantity a, Quantity b) => new([.. a.Probes, .. b.Probes], () => Math.Max(a.Value(), b.Value()));

    /// <summary>A figure that is no time and is found in one go.</summary>
    public static Quantity Once(Func<double> value) => new([], value);

    public static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
