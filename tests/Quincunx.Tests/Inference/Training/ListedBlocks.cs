using Quincunx.Inference.Training;

namespace Quincunx.Tests.Inference.Training;

/// <summary>Blocks that only remember which row is in which slot, for a task that has all rows in memory.</summary>
internal sealed class ListedBlocks(IReadOnlyList<int> rows, int capacity) : IRowBlocks
{
    private readonly int[] _first = [.. rows.Select((_, b) => rows.Take(b).Sum())];
    private int[] _rowOf = [];

    public IReadOnlyList<int> Rows => rows;

    public int Capacity => capacity;

    /// <summary>Blocks read, in order.</summary>
    public List<int> Loads { get; } = [];

    /// <summary>Called before each block is read, on the reading thread, with what that thread is told to stop by.</summary>
    public Action<int, CancellationToken>? Loading { get; init; }

    public int RowIn(int slot) => _rowOf[slot];

    public void Reserve(int slots) => _rowOf = [.. Enumerable.Repeat(-1, slots)];

    public void Load(int block, ReadOnlySpan<int> slots, CancellationToken cancel)
    {
        Loading?.Invoke(block, cancel);
        lock (Loads)
        {
            Loads.Add(block);
        }

        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] >= 0)
            {
                _rowOf[slots[i]] = _first[block] + i;
            }
        }
    }
}
