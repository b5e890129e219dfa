using Quincunx.Inference.Flows;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Bytes that steady training steps leave to the garbage collector, and the memory that a step holds at its peak.</summary>
internal static class MemoryRows
{
    private const int WarmUpSteps = 100, Parts = 8;

    // Until replays are no longer compared with the loss itself.
    private const int StepsToSettle = 6;

    // The counter is the process's, and threads of the runtime may have allocated an object of their own meanwhile.
    private const int Attempts = 3;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        int steps = bench.Effort.AllocationSteps, rows = bench.Effort.LargeBatch;
        yield return Allocated(bench, PosteriorRows.Name("spline"), steps, () => Posterior(FlowKind.SplineAutoregressive));
        yield return Allocated(bench, PosteriorRows.Name("affine"), steps, () => Posterior(FlowKind.AffineAutoregressive));
        yield return Allocated(bench, RatioRows.Name, steps, () => new Step(new RatioTask(new PosteriorData()), RatioRows.Batch, threads: 1));

        // A large batch is taken in parts, one after the other on each core; one of the rows of a part shows what such a part needs.
        yield return Held(rows, Bench.Cores);
        yield return Held(rows / Parts, 1);
    }

    private static RowPlan Allocated(Bench bench, string name, int steps, Func<Step> create) => new(
        $"{name}: allocated in {Bench.Count(steps)} steps", 1, RowPlan.Float32, Units.Bytes,
        Quantity.Once(() =>
        {
            using Step step = create();
            Take(step, Math.Min(steps, WarmUpSteps), bench.Cancel);
            return Enumerable.Range(0, Attempts).Min(_ => BytesOf(step, steps, bench.Cancel));
        }),
        Bound.Target(0));

    private static long BytesOf(Step step, int steps, CancellationToken cancel)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Take(step, steps, cancel);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static void Take(Step step, int count, CancellationToken cancel)
    {
        for (int i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            step.Run();
        }
    }

    private static Step Posterior(FlowKind kind)
    {
        var data = new PosteriorData();
        return new Step(data.Task(data.Network(kind)), PosteriorRows.Batch, threads: 1);
    }

    private static RowPlan Held(int rows, int threads) => new(
        $"{NetworkRows.Name(rows)}: peak memory over live tensors of the batch", threads, RowPlan.Float32, Units.Memory,
        Quantity.Once(() => OnFreshThread(() => Peak(rows, threads)) / RegressionTask.LiveBytes(rows)), Bound.Target(1.5));

    // Buffers are kept for the next step, so that what a step has left behind on the heap is what it held at its peak, and the optimiser's two moments.
    private static double Peak(int rows, int threads)
    {
        var task = new RegressionTask(rows);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using var step = new Step(task, rows, threads);
        for (int i = 0; i < StepsToSettle; i++)
        {
            step.Run();
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(task);
        return after - before - (2 * sizeof(float) * RegressionTask.Weights);
    }

    // Pools belong to threads: on a thread that has computed before, a step would find its memory there.
    private static double OnFreshThread(Func<double> work)
    {
        double result = 0;
        var thread = new Thread(() => result = work());
        thread.Start();
        thread.Join();
        return result;
    }
}
