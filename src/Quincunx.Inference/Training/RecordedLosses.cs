using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>Losses and gradients of one or several parts in one recorded computation, which is replayed in each step.</summary>
/// <remarks>Parts come one after the other, in the same memory but for their gradients: what one has computed is in the caches for itself and in nobody's way.</remarks>
internal sealed class RecordedLosses(IReadOnlyList<LossPart> parts)
{
    // Runs of a recording that are compared with the loss itself, on batches it was not recorded on.
    private const int ComparedRuns = 2;

    // Batches of a training differ by one row; who passes many sizes has each of the rest evaluated.
    private const int MostRecordings = 8;

    private readonly List<Recorded> _recordings = [];
    private readonly ReplayMemory _memory = new();

    /// <summary>How many steps were replays.</summary>
    public long Replays { get; private set; }

    /// <summary>Why there are none, or null.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Computes losses and gradients of all parts, of which each has begun a step.</summary>
    /// <returns>False where that cannot be replayed: each part is to be evaluated.</returns>
    public bool TryRun()
    {
        if (Obstacle is not null)
        {
            return false;
        }

        Recorded? recorded = Find();
        if (recorded is not null)
        {
            Array.ForEach(recorded.Batches, b => b.Fill());
            recorded.Replay.Run();
        }
        else
        {
            recorded = _recordings.Count == MostRecordings ? null : Record();
            if (recorded is null)
            {
                return false;
            }
        }

        Array.ForEach(recorded.Batches, b => b.Read());
        if (recorded.Runs <= ComparedRuns)
        {
            if (!parts.All(p => p.Agrees()))
            {
                Obstacle = "a replay did not give the numbers of the loss, which must depend on something besides its inputs and weights";
                return false;
            }

            if (recorded.Runs++ == ComparedRuns)
            {
                // From here on nothing is evaluated on this thread, and what that took is free.
                foreach (LossPart part in parts)
                {
                    part.ForgetEvaluation();
                }

                StoragePool.Current.Trim();
            }
        }

        Replays++;
        return true;
    }

    private Recorded? Find()
    {
        foreach (Recorded recorded in _recordings)
        {
            bool fits = true;
            for (int i = 0; fits && i < parts.Count; i++)
            {
                fits = recorded.Rows[i] == parts[i].Capacity;
            }

            if (fits)
            {
                return recorded;
            }
        }

        return null;
    }

    private Recorded? Record()
    {
        var batches = new LossPart.Batch[parts.Count];
        for (int i = 0; i < batches.Length; i++)
        {
            if (parts[i].Prepare() is not { } batch)
            {
                Obstacle = "the task offers no batch of fixed size";
                return null;
            }

            batches[i] = batch;
        }

        int[] ends = new int[batches.Length];
        Replay? replay = Replay.Record(
            () =>
            {
                List<Tensor> outputs = [];
                for (int i = 0; i < batches.Length; i++)
                {
                    outputs.AddRange(batches[i].Differentiate());
                    ends[i] = outputs.Count;
                }

                return outputs;
            },
            _memory, out string? obstacle);
        if (replay is null)
        {
            Obstacle = obstacle;
            return null;
        }

        for (int i = 0, first = 0; i < batches.Length; first = ends[i++])
        {
            batches[i].Bind([.. replay.Outputs.Skip(first).Take(ends[i] - first)], replay.OutputsAreApart);
        }

        var recorded = new Recorded([.. parts.Select(p => p.Capacity)], batches, replay);
        _recordings.Add(recorded);
        return recorded;
    }

    private sealed class Recorded(int[] rows, LossPart.Batch[] batches, Replay replay)
    {
        public int[] Rows { get; } = rows;

        public LossPart.Batch[] Batches { get; } = batches;

        public Replay Replay { get; } = replay;

        public int Runs { get; set; }
    }
}
