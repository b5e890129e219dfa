using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

/// <summary>The simulations of a campaign as they come in, in a file that a kill at any moment leaves whole.</summary>
/// <remarks>
/// Pieces of any size, in any order, from any machine are joined into blocks. What is stored in the end is a function of the events alone: a full block has a row of its own, of which there
/// is one for each hash; what does not fill a block yet is kept as it is. Everything since the last <see cref="Commit"/> is lost by a kill. Calls may come from many threads.
/// </remarks>
internal sealed partial class SimulationStore : IDisposable
{
    private const int KeptFailures = 5, MostOpenBlocks = 64;

    // A commit is also made after so many bytes, so that the log stays small.
    private const long LargestCommit = 64L << 20;

    private readonly string _path;
    private readonly Action<string> _warn;
    private readonly StoreConnection _connection;
    private readonly SortedDictionary<long, OpenBlock> _open = [];
    private readonly Stack<OpenBlock> _spare = [];
    private readonly SortedList<long, SimulationFailure> _failures = [];
    private readonly Lock _gate = new();
    private long _id, _uncommitted;
    private EventCount _count;
    private bool _inTransaction, _failuresChanged;
    private ArtifactException? _fault;

    private SimulationStore(string path, Campaign campaign, StoreConnection connection, Action<string> warn)
    {
        (_path, Campaign, _connection, _warn) = (path, campaign, connection, warn);
    }

    public Campaign Campaign { get; }

    /// <summary>Events of the campaign that are here, committed or not.</summary>
    public EventCount Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>The failed events of lowest number, with their reasons.</summary>
    public IReadOnlyList<SimulationFailure> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures.Values.Where(f => f.Index < Campaign.Rows)];
            }
        }
    }

    /// <summary>The events that are not here yet, ascending.</summary>
    public IReadOnlyList<EventRange> Missing() => Guarded(() =>
    {
        Flush();
        List<EventRange> missing = [];
        long next = 0;
        using (SqliteDataReader blocks = _connection.Query("SELECT first, rows FROM blocks WHERE campaign = $1 ORDER BY first", _id))
        {
            while (next < Campaign.Rows && blocks.Read())
            {
                (long first, long rows) = (blocks.GetInt64(0), blocks.GetInt64(1));
                if (first > next)
                {
                    missing.Add(new EventRange(next, Math.Min(first, Campaign.Rows)));
                }

                next = Math.Max(next, first + rows);
            }
        }

        if (next < Campaign.Rows)
        {
            missing.Add(new EventRange(next, Campaign.Rows));
        }

        return missing;
    });

    /// <summary>Takes events in. Those that are here already are compared and left as they are; those beyond the campaign are kept for a longer one.</summary>
    /// <exception cref="ArgumentException">Rows of another length than the campaign's.</exception>
    /// <exception cref="ArtifactException">An event is here with other numbers, or the disk is full.</exception>
    public void Add(SimulationSet set)
    {
        if (set.ParameterCount != Campaign.Parameters.Count || set.OutputCount != Campaign.Outputs.Count)
        {
            throw new ArgumentException(
                $"Expected events of {Campaign.Parameters.Count} parameters and {Campaign.Outputs.Count} outputs, got {set.ParameterCount} and {set.OutputCount}.", nameof(set));
        }

        Guarded(() =>
        {
            Begin();
            int blockRows = Campaign.BlockRows;
            for (long from = set.From, end = set.From + set.Count; from < end;)
            {
                long first = from / blockRows * blockRows, to = Math.Min(end, first + blockRows);
                Put(OpenedAt(first), set, from, to);
                from = to;
            }

            Keep(set.Failures);
            if (_open.Count > MostOpenBlocks)
            {
                Flush();
            }

            if (_uncommitted > LargestCommit)
            {
                CommitNow();
            }

            return 0;
        });
    }

    /// <summary>Makes all that was added survive a kill.</summary>
    /// <exception cref="ArtifactException">The disk is full, or was when something was added; then only what was committed before is kept.</exception>
    public void Commit() => Guarded(() =>
    {
        CommitNow();
        return 0;
    });

    /// <summary>Commits, removes what the run no longer needs, and leaves the one file that a store is while nobody writes to it. The last call before <see cref="Dispose"/>.</summary>
    /// <param name="names">The campaigns that the study has; others, and those of these names with other keys than the present ones, are removed.</param>
    public void Seal(IReadOnlyCollection<string> names) => Guarded(() =>
    {
        Begin();
        foreach ((long id, string name) in Others())
        {
            if (name == Campaign.Name || !names.Contains(name, StringComparer.Ordinal))
            {
                _connection.Execute("DELETE FROM failures WHERE campaign = $1", id);
                _connection.Execute("DELETE FROM blocks WHERE campaign = $1", id);
                _connection.Execute("DELETE FROM campaigns WHERE id = $1", id);
                _connection.Execute("DELETE FROM contents WHERE hash NOT IN (SELECT hash FROM blocks)");
            }
        }

        CommitNow();
        StoreSeal.Close(_path, _connection);
        return 0;
    });

    /// <summary>Closes the file. What was not committed is gone.</summary>
    public void Dispose()
    {
        _connection.Dispose();
        if (_fault?.InnerException is SqliteException e && StoreFault.IsDamage(e))
        {
            // Met where content is not looked at, or only now; the next one to open the store should not meet it again.
            StoreRescue.Rescue(_path, _warn);
        }
    }

    private List<(long Id, string Name)> Others()
    {
        List<(long, string)> others = [];
        using SqliteDataReader campaigns = _connection.Query("SELECT id, name FROM campaigns WHERE id <> $1", _id);
        while (campaigns.Read())
        {
            others.Add((campaigns.GetInt64(0), campaigns.GetString(1)));
        }

        return others;
    }

    private void Begin()
    {
        if (!_inTransaction)
        {
            // At once, so that what is read here is not changed by another process before it is written.
            _connection.Execute("BEGIN IMMEDIATE");
            _inTransaction = true;
        }
    }

    private void Keep(IReadOnlyList<SimulationFailure> failures)
    {
        foreach (SimulationFailure failure in failures)
        {
            _failuresChanged |= _failures.TryAdd(failure.Index, failure);
            if (_failures.Count > KeptFailures)
            {
                _failures.RemoveAt(KeptFailures);
            }
        }
    }

    private void CommitNow()
    {
        if (!_inTransaction)
        {
            return;
        }

        Flush();
        if (_failuresChanged)
        {
            LoadFailures();                 // another process may have added some
            _connection.Execute("DELETE FROM failures WHERE campaign = $1", _id);
            foreach (SimulationFailure failure in _failures.Values.Take(KeptFailures))
            {
                byte[] theta = MemoryMarshal.AsBytes<double>([.. failure.Theta]).ToArray();
                _connection.Execute("INSERT INTO failures (campaign, event, theta, message) VALUES ($1, $2, $3, $4)", _id, failure.Index, theta, failure.Message);
            }
        }

        _connection.Execute("COMMIT");
        (_inTransaction, _failuresChanged, _uncommitted) = (false, false, 0);
    }

    // After a fault of the disk the database has undone what was not committed, and nothing may be added to what is in memory.
    private T Guarded<T>(Func<T> action)
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                throw _fault;
            }

            try
            {
                return action();
            }
            catch (SqliteException e)
            {
                throw _fault = StoreFault.Of(_path, "simulations", e);
            }
        }
    }
}
