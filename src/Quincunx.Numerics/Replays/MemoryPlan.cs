using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Replays;

/// <summary>Where in one block of memory each intermediate result of a recorded computation lives, so that those needed at one time do not overlap.</summary>
/// <remarks>
/// Largest first, each at the lowest place that is free while it lives (Pisarchyk and Lee 2020, arXiv:2001.03288, "greedy by size"). A kernel never writes where it reads.
/// </remarks>
internal sealed class MemoryPlan
{
    private readonly List<ReplayStep> _steps = [];
    private readonly List<Life> _lives = [];

    public MemoryPlan(IReadOnlyList<ReplayStep> recorded, IReadOnlyList<Tensor> outputs)
    {
        KeepNeeded(recorded, outputs);
        FindLives(outputs);
        Place();
        LiveBytes = MostAlive();
    }

    /// <summary>The most that one array can hold, alignment included.</summary>
    public static long LargestBytes => Array.MaxLength - StoragePool.Alignment;

    public long PlannedBytes { get; private set; }

    public long LiveBytes { get; }

    /// <summary>Moves the results to their places and returns the kernels to run.</summary>
    /// <param name="scope">Owns the memory in which the results lie now.</param>
    public ReplayStep[] Apply(TensorScope scope, ReplayMemory memory)
    {
        foreach (Life life in _lives)
        {
            scope.GiveBack(life.Storage);
        }

        memory.Place(_lives.Select(l => (l.Storage, (int)l.Offset)), (int)PlannedBytes);
        return [.. _steps];
    }

    /// <summary>Whether each of some tensors has memory of its own among the results: who changes one in place changes nothing else.</summary>
    public bool AreApart(IReadOnlyList<Tensor> tensors) =>
        tensors.DistinctBy(t => t.Storage).Count() == tensors.Count && tensors.All(t => _lives.Any(l => l.Storage == t.Storage));

    // Kernels whose results nobody reads are left out; what is written in several goes is needed as a whole.
    private void KeepNeeded(IReadOnlyList<ReplayStep> recorded, IReadOnlyList<Tensor> outputs)
    {
        var needed = new HashSet<Storage>(outputs.Select(o => o.Storage), ReferenceEqualityComparer.Instance);
        for (int i = recorded.Count - 1; i >= 0; i--)
        {
            if (recorded[i].Written.Any(needed.Contains))
            {
                needed.UnionWith(recorded[i].Read);
                _steps.Add(recorded[i]);
            }
        }

        _steps.Reverse();
    }

    private void FindLives(IReadOnlyList<Tensor> outputs)
    {
        var found = new Dictionary<Storage, Life>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < _steps.Count; i++)
        {
            ReplayStep step = _steps[i];
            foreach (Storage storage in step.Written)
            {
                if (!found.TryGetValue(storage, out Life? written))
                {
                    found.Add(storage, written = new Life(storage, i));
                    _lives.Add(written);
                }

                written.Last = i;
            }

            foreach (Storage storage in step.Read)
            {
                // What no kernel writes existed before, or is a constant: it stays where it is.
                if (found.TryGetValue(storage, out Life? read))
                {
                    read.Last = i;
                }
            }
        }

        foreach (Tensor output in outputs)
        {
            if (found.TryGetValue(output.Storage, out Life? life))
            {
                life.Last = _steps.Count;
            }
        }
    }

    private void Place()
    {
        var placed = new List<Life>(_lives.Count);
        foreach (Life life in _lives.OrderByDescending(l => l.Bytes))
        {
            long offset = 0;
            foreach (Life other in placed)          // kept in order of their places
            {
                if (other.First <= life.Last && life.First <= other.Last)
                {
                    if (offset + life.Bytes <= other.Offset)
                    {
                        break;
                    }

                    offset = Math.Max(offset, other.Offset + other.Bytes);
                }
            }

            life.Offset = offset;
            int at = placed.FindIndex(l => l.Offset > offset);
            placed.Insert(at < 0 ? placed.Count : at, life);
            PlannedBytes = Math.Max(PlannedBytes, offset + life.Bytes);
        }
    }

    private long MostAlive()
    {
        long[] change = new long[_steps.Count + 2];
        foreach (Life life in _lives)
        {
            change[life.First] += life.Bytes;
            change[life.Last + 1] -= life.Bytes;
        }

        long alive = 0, most = 0;
        foreach (long c in change)
        {
            alive += c;
            most = Math.Max(most, alive);
        }

        return most;
    }

    private sealed class Life(Storage storage, int first)
    {
        public Storage Storage { get; } = storage;

        /// <summary>Step that writes it first.</summary>
        public int First { get; } = first;

        /// <summary>Last step that touches it.</summary>
        public int Last { get; set; } = first;

        /// <summary>In whole cache lines.</summary>
        public long Bytes { get; } = (storage.Bytes + StoragePool.Alignment - 1L) / StoragePool.Alignment * StoragePool.Alignment;

        public long Offset { get; set; }
    }
}
