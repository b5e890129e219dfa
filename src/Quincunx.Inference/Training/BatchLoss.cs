using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>The loss of a <see cref="TrainingTask"/> over batches of one size, as a fixed function of inputs that are filled anew for each batch.</summary>
/// <remarks>
/// It is evaluated once, and from then on the kernels that ran are run again on new inputs and weights (<see cref="Quincunx.Numerics.Replays.Replay"/>). The
/// first runs are compared with <see cref="TrainingTask.Loss"/>, bit for bit; where they differ, or where the computation cannot be recorded,
/// training evaluates the loss itself in every step.
/// </remarks>
public abstract class BatchLoss
{
    /// <summary>Overwrites the inputs in place.</summary>
    /// <param name="rows">As many as the batch has; fewer where a task says that it fills up the rest.</param>
    /// <param name="rng">The stream that <see cref="TrainingTask.Loss"/> would get; not to be kept.</param>
    public abstract void Fill(ReadOnlySpan<int> rows, Rng rng);

    /// <summary>The sum of the losses of the rows filled in last: operations on inputs and weights alone, the same each time.</summary>
    /// <returns>One element.</returns>
    public abstract Tensor Loss();
}
