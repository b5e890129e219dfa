using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Replays;

/// <summary>A computation that was recorded once and is run again on new numbers in the same tensors.</summary>
/// <remarks>
/// <code>
/// var x = new Parameter(Tensor.Zeros(new Shape(200, 8)), isTrained: false);          // filled anew for each step
/// Replay step = Replay.Record(() => [loss = Loss(x.Value), .. Gradient.Of(loss, weights)], out string? obstacle);
/// x.Assign(batch); step.Run(); optimiser.Step(step.Outputs[1..], rate);
/// </code>
/// The first evaluation is done as always; the kernels it ran are kept, in order, with their operands. <see cref="Run"/> runs
/// them again: no shapes are checked, no rules looked up, nothing is allocated, and the intermediate results live in one block of
/// memory in which they follow each other as they are needed. The results are those of the computation itself, bit for bit.
/// <para>
/// What may change between runs is the contents of tensors that existed before: parameters and inputs, overwritten in place. Shapes, numbers,
/// indices and branches are those of the recording. A computation that reads elements, or makes tensors from numbers, on its way is refused,
/// since what it did with them would be frozen. It has to run on the recording thread as a whole. Not thread-safe: one run at a time, by any thread.
/// </para>
/// </remarks>
public sealed class Replay
{
    private readonly ReplayStep[] _steps;

    private Replay(ReplayStep[] steps, Tensor[] outputs, MemoryPlan plan)
    {
        (_steps, Outputs) = (steps, outputs);
        (PlannedBytes, LiveBytes) = (plan.PlannedBytes, plan.LiveBytes);
        OutputsAreApart = plan.AreApart(outputs);
    }

    /// <summary>What the computation returned: always the same tensors, overwritten by each run.</summary>
    public IReadOnlyList<Tensor> Outputs { get; }

    internal IReadOnlyList<ReplayStep> Steps => _steps;

    /// <summary>Kernels in a run.</summary>
    public int Kernels => _steps.Length;

    /// <summary>Size of the memory of all intermediate results and outputs, in bytes.</summary>
    public long PlannedBytes { get; }

    /// <summary>The most that intermediate results and outputs need at one time, in bytes: no plan can do with less.</summary>
    public long LiveBytes { get; }

    /// <summary>Whether each output has memory of its own, which may be changed until the next run.</summary>
    internal bool OutputsAreApart { get; }

    /// <summary>Evaluates and records.</summary>
    /// <param name="compute">Returns what is wanted of it. Runs once, here, on this thread.</param>
    /// <param name="obstacle">Why the computation cannot be run again, or null.</param>
    /// <returns>Null where there is an obstacle.</returns>
    public static Replay? Record(Func<IReadOnlyList<Tensor>> compute, out string? obstacle)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return Record(compute, new ReplayMemory(), out obstacle);
    }

    /// <summary>As the other, in memory that replays share of which one is needed at a time: a run overwrites the outputs of all.</summary>
    internal static Replay? Record(Func<IReadOnlyList<Tensor>> compute, ReplayMemory memory, out string? obstacle)
    {
        using var scope = new TensorScope();
        ReplayRecorder recorder = ReplayRecorder.Start();
        Tensor[] outputs;
        try
        {
            outputs = [.. compute()];
        }
        finally
        {
            ReplayRecorder.Stop();
        }

        obstacle = recorder.Obstacle;
        if (obstacle is not null)
        {
            return null;
        }

        // Constants to whoever reads them: their history is that of the first run.
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = outputs[i].Detach();
        }

        var plan = new MemoryPlan(recorder.Steps, outputs);
        if (plan.PlannedBytes > MemoryPlan.LargestBytes)
        {
            obstacle = $"its intermediate results take {plan.PlannedBytes} bytes, more than one array may have";
            return null;
        }

        ReplayStep[] steps = plan.Apply(scope, memory);
        scope.KeepAll();
        var replay = new Replay(steps, outputs, plan);
        replay.Run();
        return replay;
    }

    /// <summary>Computes the outputs from what the tensors that existed before the recording hold now.</summary>
    public void Run()
    {
        foreach (ReplayStep step in _steps)
        {
            step.Run();
        }
    }
}
