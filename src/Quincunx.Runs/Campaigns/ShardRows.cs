using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Campaigns;

/// <summary>The events of a shard as they come in, in any order.</summary>
/// <remarks>Not safe for many threads at once.</remarks>
internal sealed class ShardRows
{
    private readonly int _parameters, _outputs;
    private readonly double[] _theta, _x;
    private readonly bool[] _done;
    private readonly SortedList<long, SimulationFailure> _failures = [];

    /// <exception cref="ArgumentException">More numbers than an array can have.</exception>
    public ShardRows(Campaign campaign, EventRange events)
    {
        (Events, _parameters, _outputs) = (events, campaign.Parameters.Count, campaign.Outputs.Count);
        if (events.Count > Array.MaxLength / Math.Max(_parameters, _outputs))
        {
            throw new ArgumentException($"Expected at most {Array.MaxLength / Math.Max(_parameters, _outputs)} events in a shard, got {events.Count}.", nameof(events));
        }

        (_theta, _x, _done) = (new double[events.Count * _parameters], new double[events.Count * _outputs], new bool[events.Count]);
    }

    /// <summary>The events of the shard.</summary>
    public EventRange Events { get; }

    /// <summary>How many of them are here.</summary>
    public int Count { get; private set; }

    /// <summary>Takes over the events that belong to the shard.</summary>
    public void Add(SimulationSet set)
    {
        long from = Math.Max(set.From, Events.From), to = Math.Min(set.From + set.Count, Events.To);
        for (long number = from; number < to; number++)
        {
            (int row, int source) = ((int)(number - Events.From), (int)(number - set.From));
            set.Theta.AsSpan(source * _parameters, _parameters).CopyTo(_theta.AsSpan(row * _parameters));
            set.X.AsSpan(source * _outputs, _outputs).CopyTo(_x.AsSpan(row * _outputs));
            Count += _done[row] ? 0 : 1;
            _done[row] = true;
        }

        foreach (SimulationFailure failure in set.Failures.Where(f => f.Index >= from && f.Index < to))
        {
            _failures[failure.Index] = failure;
        }

        while (_failures.Count > ShardFile.KeptFailures)
        {
            _failures.RemoveAt(ShardFile.KeptFailures);
        }
    }

    /// <summary>The events that are not here, ascending.</summary>
    public IReadOnlyList<EventRange> Missing() => Runs(done: false);

    /// <summary>What is here, ascending.</summary>
    public IReadOnlyList<SimulationSet> Sets() => [.. Runs(done: true).Select(run =>
    {
        (int from, int to) = ((int)(run.From - Events.From), (int)(run.To - Events.From));
        return SimulationSet.FromArrays(_parameters, _outputs, run.From, Part(_theta, from, to, _parameters), Part(_x, from, to, _outputs)) with
        {
            Failures = [.. _failures.Values.Where(f => f.Index >= run.From && f.Index < run.To)],
        };
    })];

    private double[] Part(double[] all, int from, int to, int width) => to - from == _done.Length ? all : all[(from * width)..(to * width)];

    private List<EventRange> Runs(bool done)
    {
        List<EventRange> runs = [];
        for (int from = 0; from < _done.Length;)
        {
            int to = from + 1;
            while (to < _done.Length && _done[to] == _done[from])
            {
                to++;
            }

            if (_done[from] == done)
            {
                runs.Add(new EventRange(Events.From + from, Events.From + to));
            }

            from = to;
        }

        return runs;
    }
}
