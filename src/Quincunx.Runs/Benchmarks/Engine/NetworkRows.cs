namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>A training step of a network that is nearly all matrix products.</summary>
internal static class NetworkRows
{
    public static IEnumerable<RowPlan> All(Bench bench)
    {
        int rows = bench.Effort.LargeBatch;
        foreach (int threads in new[] { 1, Bench.Cores }.Distinct())
        {
            Probe probe = bench.Time(() => bench.Own(new Step(new RegressionTask(rows), rows, threads)).Run);
            yield return new RowPlan(
                Name(rows), threads, RowPlan.Float32, Units.Flops, Quantity.Rate(probe, 1e-9 * RegressionTask.Operations(rows)), bench.PeakBound<float>(threads));
        }
    }

    public static string Name(int rows) => $"MLP step, {RegressionTask.Inputs}-{RegressionTask.Width}x{RegressionTask.Layers}-1, batch {rows}";
}
