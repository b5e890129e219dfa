using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Training;

/// <summary>The order of an epoch over rows in blocks of which memory holds a part: a function of the seed, the epoch and the sizes alone.</summary>
/// <remarks>
/// Blocks come in random order and are cut into windows of about as many rows. The rows of a window are in random order, so that its blocks are mixed through each
/// other. Held-out rows are drawn in each block, as many as its share. For blocks of one length the place of each row in the epoch is uniform; two rows of one block are in the
/// same window or in neighbours.
/// </remarks>
internal sealed class BlockOrder
{
    // A window holds this many of the largest block at least, else there would be little to mix.
    private const int FewestBlocks = 4;

    // Of the slots, for held-out rows at most. Where there are more rows than memory holds, a smaller share tells as much.
    private const int HeldOutPart = 5;

    private readonly IReadOnlyList<int> _rows;
    private readonly int[] _heldOutBefore;          // rows held out in the blocks before each, and in all
    private readonly Rng _rng;

    /// <param name="rows">Of each block.</param>
    /// <param name="capacity">Slots for held-out rows and two windows.</param>
    /// <exception cref="ArgumentException">There are no rows or too many, or a block is too large for the slots.</exception>
    public BlockOrder(IReadOnlyList<int> rows, int capacity, double heldOutFraction, Rng rng)
    {
        (_rows, _rng) = (rows, rng);
        long count = rows.Sum(n => (long)n);
        if (count is < 1 or > int.MaxValue || rows.Any(n => n < 0))
        {
            throw new ArgumentException($"Expected 1 to {int.MaxValue} rows in blocks, got {count} in {rows.Count}.", nameof(rows));
        }

        Count = (int)count;
        HeldOut = Math.Min(RowPlan.HeldOutOf(Count, heldOutFraction), capacity / HeldOutPart);
        _heldOutBefore = new int[rows.Count + 1];
        long before = 0;
        int largest = 0;
        for (int b = 0; b < rows.Count; b++)
        {
            before += rows[b];
            _heldOutBefore[b + 1] = (int)(HeldOut * before / Count);
            largest = Math.Max(largest, TrainingRows(b));
        }

        int window = (capacity - HeldOut) / 2, training = Count - HeldOut;
        if (training > window && window < FewestBlocks * largest)
        {
            throw new ArgumentException(
                $"Expected room for {FewestBlocks} blocks in a window, got {window} slots for blocks of up to {largest} rows. Give more memory, or write smaller blocks.",
                nameof(capacity));
        }

        // A window ends with the block that reaches its share of the rows, and so exceeds it by less than a block.
        Windows = training <= window ? 1 : (int)Math.Ceiling(training / (double)(window - largest));
        WindowRows = Windows == 1 ? training : Math.Min(window, (training / Windows) + 1 + largest);
        FewestWindowRows = Windows == 1 ? training : (training / Windows) - largest;
    }

    public int Count { get; }

    public int HeldOut { get; }

    /// <summary>Windows an epoch.</summary>
    public int Windows { get; }

    /// <summary>The most rows that a window can have.</summary>
    public int WindowRows { get; }

    /// <summary>The fewest rows that a window can have.</summary>
    public int FewestWindowRows { get; }

    /// <summary>All slots: held-out rows, then two windows.</summary>
    public int Slots => HeldOut + (Math.Min(Windows, 2) * WindowRows);

    /// <summary>Rows of a block that are trained on.</summary>
    public int TrainingRows(int block) => _rows[block] - HeldOutRows(block);

    /// <summary>The blocks of an epoch in their order.</summary>
    public int[] Blocks(int epoch) => _rng.Split("blocks").Split(epoch).Permutation(_rows.Count);

    /// <summary>Where the blocks of each window begin in an epoch's order, and the end.</summary>
    public int[] Boundaries(ReadOnlySpan<int> blocks)
    {
        int[] first = new int[Windows + 1];
        long rows = 0, training = Count - HeldOut;
        for (int i = 0, w = 1; i < blocks.Length; i++)
        {
            rows += TrainingRows(blocks[i]);
            while (w < Windows && rows * Windows >= training * w)
            {
                first[w++] = i + 1;
            }
        }

        first[Windows] = blocks.Length;
        return first;
    }

    /// <summary>The slots of a window in the order in which they are trained on.</summary>
    /// <param name="slots">The window's slots; put into order.</param>
    public void Shuffle(int epoch, int window, Span<int> slots) => _rng.Split("order").Split(epoch).Split(window).Shuffle(slots);

    /// <summary>Gives the rows of a block their slots, in order.</summary>
    /// <param name="training">Slot of the first row that is trained on; the others follow. -1: they are not wanted.</param>
    /// <param name="withHeldOut">Whether the held-out rows are wanted, whose slots are always the same.</param>
    /// <param name="slots">Shape <c>[rows of the block]</c>; overwritten.</param>
    /// <param name="scratch">The same length; overwritten.</param>
    public void Place(int block, int training, bool withHeldOut, Span<int> slots, Span<int> scratch)
    {
        int held = HeldOutRows(block), slot = _heldOutBefore[block];
        slots.Clear();
        for (int i = 0; i < scratch.Length; i++)
        {
            scratch[i] = i;
        }

        // The first steps of a shuffle are a draw without replacement.
        Rng rng = _rng.Split("split").Split(block);
        for (int i = 0; i < held; i++)
        {
            int j = i + rng.NextInt32(scratch.Length - i);
            (scratch[i], scratch[j]) = (scratch[j], scratch[i]);
            slots[scratch[i]] = 1;
        }

        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = slots[i] == 1
                ? (withHeldOut ? slot++ : -1)
                : (training < 0 ? -1 : training++);
        }
    }

    private int HeldOutRows(int block) => _heldOutBefore[block + 1] - _heldOutBefore[block];
}
