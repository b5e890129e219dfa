using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>What <see cref="Trainer"/> minimises: the mean over rows of a loss, in the trained parameters of a module.</summary>
public abstract class TrainingTask
{
    /// <summary>Whose parameters are trained.</summary>
    public abstract IModule Module { get; }

    /// <summary>Number of rows; fixed while training runs.</summary>
    public abstract int Count { get; }

    /// <summary>Where the rows are read from while training runs, for a task that does not have them all in memory; null where it has.</summary>
    public virtual IRowBlocks? Blocks => null;

    /// <summary>The sum (not the mean) of the losses of some rows. Called from several threads at once, with different rows.</summary>
    /// <param name="rows">Indices below <see cref="Count"/>; of a task with <see cref="Blocks"/>, slots that hold rows.</param>
    /// <param name="rng">The stream of this call alone, for dropout, noise or contrastive draws.</param>
    /// <returns>One element. A weighted loss has weights of mean 1, since the trainer divides by the number of rows.</returns>
    /// <remarks>That of <see cref="Batch"/>, where a task says it once.</remarks>
    public virtual Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        BatchLoss batch = Batch(rows.Length) ?? throw new NotSupportedException($"{GetType().Name} has neither a loss nor batches.");
        batch.Fill(rows, rng);
        return batch.Loss();
    }

    /// <summary>The same sum for batches of one size, as a computation that can be recorded once and replayed; null to evaluate <see cref="Loss"/> each time.</summary>
    /// <param name="rows">Rows of a batch.</param>
    /// <returns>A new object with its own inputs: several are in use at once. In <see cref="Mode.Training"/>, with the numbers of <see cref="Loss"/>.</returns>
    public virtual BatchLoss? Batch(int rows) => null;

    /// <summary>Rows of the batch that so many are filled into: more where <see cref="BatchLoss.Fill"/> fills up the rest, so that one recording serves several numbers.</summary>
    internal virtual int BatchRows(int rows) => rows;

    /// <summary>Called on one thread before each epoch, and again where an epoch is resumed; not for a task with <see cref="Blocks"/>. A task with endless data replaces the training rows here.</summary>
    /// <param name="epoch">From 0; the first call after resumption may have any.</param>
    /// <param name="trainingRows">The rows that may change, ascending; the others are held out and must stay.</param>
    /// <param name="rng">The same stream each time: split it by epoch. What is put into the rows may depend on this and the epoch alone.</param>
    public virtual void PrepareEpoch(int epoch, ReadOnlySpan<int> trainingRows, Rng rng)
    {
    }
}
