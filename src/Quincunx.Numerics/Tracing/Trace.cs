using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Tracing;

/// <summary>The operations that one evaluation of a computation ran, in order, with the values of all their operands.</summary>
/// <remarks>Like a <see cref="Replay"/> it sees kernels, not doors: reshapes and other views are known by the memory that tensors share.</remarks>
internal sealed class Trace
{
    private Trace(IReadOnlyList<TraceStep> steps, IReadOnlyList<TracedTensor> outputs)
    {
        (Steps, Outputs) = (steps, outputs);
    }

    public IReadOnlyList<TraceStep> Steps { get; }

    /// <summary>What the computation returned.</summary>
    public IReadOnlyList<TracedTensor> Outputs { get; }

    /// <summary>Evaluates once, on this thread.</summary>
    /// <param name="inputs">Whose values may vary: the computation may not read their elements, nor those of anything computed from them.</param>
    /// <param name="obstacle">What the computation did that a list of operations cannot repeat, or null.</param>
    /// <returns>Null where there is an obstacle.</returns>
    public static Trace? Record(IReadOnlyList<Tensor> inputs, Func<IReadOnlyList<Tensor>> compute, out string? obstacle)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(compute);
        using var scope = new TensorScope();
        var watch = new TraceWatch(inputs);
        ReplayRecorder.Start(watch);
        IReadOnlyList<Tensor> outputs;
        try
        {
            outputs = compute();
        }
        finally
        {
            ReplayRecorder.Stop();
        }

        obstacle = watch.Obstacle;
        return obstacle is null ? new Trace(watch.Steps, [.. outputs.Select(TracedTensor.Of)]) : null;
    }
}
