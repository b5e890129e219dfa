using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Training;

/// <summary>Which rows are held out, and which each step takes: a function of the task, the options and the seed.</summary>
internal abstract class RowPlan : IDisposable
{
    /// <param name="count">Rows of the task.</param>
    protected RowPlan(int count, int heldOut, int batchSize)
    {
        if (count - heldOut < 1)
        {
            throw new ArgumentException($"{count} rows of which {heldOut} are held out leave none to train on.", nameof(count));
        }

        (TrainingRows, HeldOutRows) = (count - heldOut, heldOut);
        Batches = Math.Max(1, (int)Math.Round(TrainingRows / (double)batchSize));
    }

    public int TrainingRows { get; }

    public int HeldOutRows { get; }

    /// <summary>Number of batches an epoch; their lengths differ by one at most.</summary>
    public int Batches { get; }

    /// <summary>Rows among which an epoch's order is random: all of them, but for tasks whose rows are not all in memory.</summary>
    public abstract int MixedRows { get; }

    public static RowPlan Of(TrainingTask task, TrainingOptions options, Rng rng) => task.Blocks is IRowBlocks blocks
        ? new StreamedPlan(blocks, options, rng)
        : new EpochPlan(task.Count, options.ValidationFraction, options.BatchSize, rng);

    /// <summary>Rows to hold out of a number of them; at least one, unless none are wanted.</summary>
    public static int HeldOutOf(int count, double fraction) => fraction == 0 ? 0 : Math.Max(1, (int)Math.Round(fraction * count));

    /// <summary>Part <paramref name="index"/> of <paramref name="length"/> things cut into <paramref name="parts"/>.</summary>
    public static Range Part(int length, int index, int parts) =>
        (int)((long)length * index / parts)..(int)((long)length * (index + 1) / parts);

    /// <summary>Goes to a batch of an epoch.</summary>
    public abstract void Begin(int epoch, int batch);

    /// <summary>The rows of a batch of this epoch, in memory until the next is asked for. Batches are asked for in order.</summary>
    public abstract ReadOnlyMemory<int> Batch(int index, CancellationToken cancel);

    /// <summary>The held-out rows, in memory.</summary>
    public abstract ReadOnlyMemory<int> HeldOut(CancellationToken cancel);

    public virtual void Dispose()
    {
    }
}
