namespace Quincunx.Inference.Training;

/// <summary>Some blocks of an epoch that are in memory together, or will be.</summary>
internal sealed class RowWindow(int firstSlot, int capacity)
{
    private readonly int[] _order = new int[capacity];

    public int Epoch { get; private set; }

    /// <summary>Number of the window in its epoch.</summary>
    public int Index { get; private set; }

    /// <summary>Its first row's place in the epoch.</summary>
    public int Start { get; private set; }

    /// <summary>The place after its last row.</summary>
    public int End => Start + Rows;

    public int Rows { get; private set; }

    /// <summary>Its slots in the order in which they are trained on.</summary>
    public ReadOnlyMemory<int> Order => _order.AsMemory(0, Rows);

    /// <summary>Reads the blocks of a window into its slots.</summary>
    /// <param name="load">Reads a block, with the slot of its first row.</param>
    public void Fill(BlockOrder order, int epoch, int index, Action<int, int> load)
    {
        int[] blocks = order.Blocks(epoch), first = order.Boundaries(blocks);
        (Epoch, Index, Start, Rows) = (epoch, index, 0, 0);
        for (int i = 0; i < first[index + 1]; i++)
        {
            int rows = order.TrainingRows(blocks[i]);
            if (i < first[index])
            {
                Start += rows;
                continue;
            }

            load(blocks[i], firstSlot + Rows);
            Rows += rows;
        }

        for (int i = 0; i < Rows; i++)
        {
            _order[i] = firstSlot + i;
        }

        order.Shuffle(epoch, index, _order.AsSpan(0, Rows));
    }
}
