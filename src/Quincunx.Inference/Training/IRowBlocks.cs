namespace Quincunx.Inference.Training;

/// <summary>Rows of a task that do not all fit in memory: they are stored in blocks, and are brought into numbered slots a window of blocks at a time.</summary>
/// <remarks>
/// What a task with blocks gets as a row, in <see cref="TrainingTask.Loss"/> and <see cref="BatchLoss.Fill"/>, is the slot that the row is in. Held-out rows stay
/// in the first slots; the others share two windows, of which one is read while the other is trained on.
/// </remarks>
public interface IRowBlocks
{
    /// <summary>Number of rows in each block; at least one block, and 2³¹ - 1 rows in all at most.</summary>
    IReadOnlyList<int> Rows { get; }

    /// <summary>The most slots that may be reserved.</summary>
    int Capacity { get; }

    /// <summary>Makes room for slots 0 to <paramref name="slots"/> - 1. Called once, before anything is loaded.</summary>
    void Reserve(int slots);

    /// <summary>Reads a block and puts its rows into slots. Called on a thread of its own, one block at a time, while losses of other slots are computed.</summary>
    /// <param name="block">Index in <see cref="Rows"/>.</param>
    /// <param name="slots">For each row of the block its slot, or -1 where the row is not wanted.</param>
    /// <param name="cancel">May be looked at while reading.</param>
    void Load(int block, ReadOnlySpan<int> slots, CancellationToken cancel);
}
