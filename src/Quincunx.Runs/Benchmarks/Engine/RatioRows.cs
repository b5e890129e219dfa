namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>A training step of a ratio estimator, alone and as two networks side by side.</summary>
internal static class RatioRows
{
    public const int Batch = 200;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        var data = new Lazy<PosteriorData>();
        Probe one = bench.Time(() => bench.Own(new Step(new RatioTask(data.Value), Batch, threads: 1)).Run);
        yield return new RowPlan(Name, 1, RowPlan.Float32, Units.Milliseconds, Quantity.Time(one, 1e3), Bound.Target(0.25));
        if (Bench.Cores > 1)
        {
            Probe two = bench.TimeTogether(2, () =>
            {
                Step[] steps = [.. Enumerable.Range(0, 2).Select(_ => bench.Own(new Step(new RatioTask(data.Value), Batch, threads: 1)))];
                return thread => steps[thread].Run();
            });
            yield return new RowPlan(
                $"{Name}, two networks side by side over one", 2, RowPlan.Float32, Units.Speedup, Quantity.Quotient(one, two, factor: 2), Bound.Target(1.5));
        }
    }

    public static string Name => $"ratio step, batch {Batch}";
}
