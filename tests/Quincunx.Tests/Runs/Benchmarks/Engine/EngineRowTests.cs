using Quincunx.Runs.Benchmarks.Engine;

namespace Quincunx.Tests.Runs.Benchmarks.Engine;

public sealed class EngineRowTests
{
    [Fact]
    public void Finish_RateBesideAMeasuredLimit_IsMedianOverMedian()
    {
        // 4 units of work in 2, 1 and 4 seconds: the median rate is 2; the limit's 4 units in 1, 1 and 0.5 seconds make 4.
        Probe probe = Measured(2, 1, 4), limit = Measured(1, 1, 0.5);
        var plan = new RowPlan("work", 1, RowPlan.Float32, Units.Flops, Quantity.Rate(probe, 4), Bound.Measured(Quantity.Rate(limit, 4), "measured peak, 1 core"));
        Assert.Equal([probe, limit], plan.Probes);
        Assert.Equal(new EngineRow("work", 1, "float32", 2, "GFLOP/s", 0.5, "4 GFLOP/s (measured peak, 1 core)"), plan.Finish());
    }

    [Fact]
    public void Finish_TimeBesideATarget_IsTargetOverMedian()
    {
        Probe probe = Measured(0.002, 0.009, 0.001);
        var plan = new RowPlan("step", 1, RowPlan.Float32, Units.Milliseconds, Quantity.Time(probe, 1e3), Bound.Target(0.5));
        Assert.Equal(new EngineRow("step", 1, "float32", 2, "ms", 0.25, "0.5 ms (target)"), plan.Finish());
    }

    [Fact]
    public void Finish_QuotientOfTwoProbes_IsTheMedianOfTheRounds()
    {
        // 3, 1 and 2 of the same rounds; the quotient of the medians would be 1.5.
        Quantity speedup = Quantity.Quotient(Measured(6, 2, 2), Measured(2, 2, 1), factor: 1);
        Assert.Equal(2, speedup.Value());
        Assert.Equal(4, Quantity.Quotient(Measured(6, 2, 2), Measured(2, 2, 1), factor: 2).Value());
        Assert.Equal(1e9, Quantity.Difference(Measured(6, 2, 2), Measured(2, 2, 1), perSecond: 1e9).Value());
    }

    [Theory]
    [InlineData(150, 200, Units.Flops, 0.75)]
    [InlineData(30, 40, Units.Bandwidth, 0.75)]
    [InlineData(3, 2, Units.Elements, 1.5)]
    [InlineData(0.45, 0.9, Units.Speedup, 0.5)]
    [InlineData(1.6, 1.2, Units.Milliseconds, 0.75)]
    [InlineData(125, 250, Units.Nanoseconds, 2)]
    [InlineData(2, 4, Units.Ulp, 2)]
    [InlineData(8, 4, Units.Cost, 0.5)]
    [InlineData(3, 1.5, Units.Memory, 0.5)]
    [InlineData(0, 0, Units.Bytes, 1)]
    [InlineData(0, 2, Units.Ulp, 1)]
    [InlineData(16, 0, Units.Bytes, 0)]
    public void Share_OfRatesAndCosts_IsOneAtTheBound(double median, double bound, string unit, double share) =>
        Assert.Equal(share, Units.Share(median, bound, unit), 1e-15);

    [Theory]
    [InlineData(241.4, "241")]
    [InlineData(38.04, "38")]
    [InlineData(38.06, "38.1")]
    [InlineData(0.2504, "0.25")]
    [InlineData(12345.6, "12346")]
    [InlineData(0.00123456, "0.00123")]
    [InlineData(0, "0")]
    [InlineData(double.NaN, "NaN")]
    public void Number_HasThreeDigits(double value, string text) => Assert.Equal(text, Bound.Number(value));

    [Theory]
    [InlineData(1f, 1f, 0)]
    [InlineData(1f, 1.0000001f, 1)]
    [InlineData(1f, 0.99999994f, 1)]
    [InlineData(0f, -0f, 0)]
    [InlineData(-1e-45f, 1e-45f, 2)]
    [InlineData(float.MaxValue, float.PositiveInfinity, 1)]
    [InlineData(float.NaN, float.NaN, 0)]
    [InlineData(float.NaN, 1f, double.PositiveInfinity)]
    public void Distance_OfFloats_CountsThoseBetween(float a, float b, double units)
    {
        Assert.Equal(units, AccuracyRows.Distance(a, b));
        Assert.Equal(units, AccuracyRows.Distance(b, a));
    }

    [Fact]
    public void Table_WithAPeer_HasItsFigureAndOurSpeedOverIts()
    {
        EngineRow[] rows =
        [
            new("product", 1, "float32", 200, Units.Flops, 0.8, "250 GFLOP/s (measured peak, 1 core)"),
            new("step", 1, "float32", 0.5, Units.Milliseconds, 2, "1 ms (target)"),
            new("step", 2, "float32", 0.4, Units.Milliseconds, 2.5, "1 ms (target)"),
        ];
        var peer = new PeerReport("torch 1", "one core", [new("product", 1, "float32", 100, Units.Flops), new("step", 1, "float32", 10, Units.Milliseconds)]);
        EngineTable table = EngineTable.Of(rows, peer);
        Assert.Equal(["name", "threads", "dtype", "median", "unit", "share", "torch", "speed", "bound"], table.Header);
        Assert.Equal(["product", "1", "float32", "200", "GFLOP/s", "0.80", "100", "2.00", "250 GFLOP/s (measured peak, 1 core)"], table.Rows[0]);
        Assert.Equal(["step", "1", "float32", "0.5", "ms", "2.00", "10", "20.00", "1 ms (target)"], table.Rows[1]);
        Assert.Equal(["step", "2", "float32", "0.4", "ms", "2.50", "", "", "1 ms (target)"], table.Rows[2]);
        Assert.Equal(7, EngineTable.Of(rows, peer: null).Header.Count);
    }

    [Theory]
    [InlineData(2, 0.97, false)]
    [InlineData(2, 0.5, true)]
    [InlineData(1, 0.5, false)]
    public void Warning_WhereCoresAddUpToLess_SaysSo(int threads, double share, bool warns)
    {
        string? warning = FreeCores.Warning([new EngineRow(LimitRows.PeakName, threads, "float32", 240, Units.Flops, share, "480 GFLOP/s (2 times one core)")]);
        Assert.Equal(warns ? "Other programs kept the cores busy: 2 cores together reached 1 times the peak of one. Rows of several threads, of torch too, say little." : null, warning);
    }

    // Slices of the given times of a call.
    private static Probe Measured(params double[] seconds)
    {
        int slice = -1;
        var probe = new Probe(() => calls => calls * seconds[Math.Max(slice, 0)]);
        probe.WarmUp(TimeProvider.System, Effort.Smoke, CancellationToken.None);
        for (slice = 0; slice < seconds.Length; slice++)
        {
            probe.Measure();
        }

        return probe;
    }
}
