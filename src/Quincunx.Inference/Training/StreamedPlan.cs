using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Training;

/// <summary>The plan of a task whose rows are read from blocks while it is trained.</summary>
internal sealed class StreamedPlan : RowPlan
{
    private readonly BlockOrder _order;
    private readonly IRowBlocks _blocks;
    private readonly int _epochs;
    private readonly int[] _heldOut, _across;
    private readonly bool[] _heldOutLoaded;
    private readonly RowWindow[] _windows;
    private readonly List<RowWindow> _taken = new(2);
    private WindowLoader? _loader;
    private (int Epoch, int Window) _next;              // what the loader gives next

    /// <exception cref="ArgumentException">The slots are too few for the blocks or for a batch.</exception>
    public StreamedPlan(IRowBlocks blocks, TrainingOptions options, Rng rng)
        : this(blocks, new BlockOrder(blocks.Rows, blocks.Capacity, options.ValidationFraction, rng), options)
    {
    }

    private StreamedPlan(IRowBlocks blocks, BlockOrder order, TrainingOptions options)
        : base(order.Count, order.HeldOut, options.BatchSize)
    {
        (_blocks, _order, _epochs) = (blocks, order, options.MaxEpochs);
        int longest = (TrainingRows + Batches - 1) / Batches;
        if (longest > order.FewestWindowRows)
        {
            // It might need three windows at once, and there are two.
            throw new ArgumentException(
                $"Expected batches of at most {order.FewestWindowRows} rows, since so many are surely in memory together, got {longest}. Give more memory, or smaller batches.",
                nameof(options));
        }

        _heldOut = [.. Enumerable.Range(0, HeldOutRows)];
        _heldOutLoaded = new bool[blocks.Rows.Count];
        _across = new int[longest];
        _windows = [.. Enumerable.Range(0, Math.Min(2, order.Windows)).Select(i => new RowWindow(HeldOutRows + (i * order.WindowRows), order.WindowRows))];
        blocks.Reserve(order.Slots);
    }

    public override int MixedRows => _order.WindowRows;

    public override void Begin(int epoch, int batch)
    {
        foreach (RowWindow window in _taken)
        {
            _loader!.Release(window);
        }

        _taken.Clear();
        int wanted = WindowOf(epoch, Part(TrainingRows, batch, Batches).Start.Value);
        if (_loader is null || _next != (epoch, wanted))
        {
            _loader?.Dispose();
            _loader = new WindowLoader(_order, _blocks, _windows, _heldOutLoaded, epoch, wanted, _epochs);
            _next = (epoch, wanted);
        }
    }

    public override ReadOnlyMemory<int> Batch(int index, CancellationToken cancel)
    {
        (int from, int to) = (Part(TrainingRows, index, Batches).Start.Value, Part(TrainingRows, index, Batches).End.Value);
        if (_taken.Count > 0 && _taken[0].End <= from)
        {
            _loader!.Release(_taken[0]);
            _taken.RemoveAt(0);
        }

        while (_taken.Count == 0 || _taken[^1].End < to)
        {
            _taken.Add(_loader!.Take(cancel));
            _next = _next.Window + 1 < _order.Windows ? (_next.Epoch, _next.Window + 1) : (_next.Epoch + 1, 0);
        }

        RowWindow first = _taken[0];
        if (to <= first.End)
        {
            return first.Order[(from - first.Start)..(to - first.Start)];
        }

        ReadOnlyMemory<int> head = first.Order[(from - first.Start)..], tail = _taken[1].Order[..(to - first.End)];
        head.CopyTo(_across);
        tail.CopyTo(_across.AsMemory(head.Length));
        return _across.AsMemory(0, to - from);
    }

    public override ReadOnlyMemory<int> HeldOut(CancellationToken cancel)
    {
        if (HeldOutRows > 0)
        {
            _loader!.WaitForHeldOut(cancel);
        }

        return _heldOut;
    }

    public override void Dispose() => _loader?.Dispose();

    // The window that has a place of an epoch.
    private int WindowOf(int epoch, int place)
    {
        int[] blocks = _order.Blocks(epoch), first = _order.Boundaries(blocks);
        for (int w = 0, end = 0; w < _order.Windows; w++)
        {
            for (int i = first[w]; i < first[w + 1]; i++)
            {
                end += _order.TrainingRows(blocks[i]);
            }

            if (place < end)
            {
                return w;
            }
        }

        return _order.Windows - 1;
    }
}
