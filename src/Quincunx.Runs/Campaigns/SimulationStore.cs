using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

/// <summary>The simulations of a campaign as they come in, in a file that a kill at any moment leaves whole.</summary>
/// <remarks>
/// Pieces of any size, in any order, from any machine are joined into blocks. What is stored in the end is a function of the events alone: a full block has a row of its own, of which there
/// is one for each hash; what does not fill a block yet is kept as it is. Everything since the last <see cref="Commit"/> is lost by a kill. Calls may come from many threads.
/// </remarks>
internal sealed class SimulationStore : IDisposable
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

    /// <summary>Opens the store of a run, or makes one, to add to a campaign. All that the campaign has is read and compared with its hashes.</summary>
    /// <param name="warn">Is told what was damaged and will be missing now.</param>
    /// <exception cref="ArtifactException">The file cannot be read or written, is of a newer version, or of another program.</exception>
    public static SimulationStore Open(string path, Campaign campaign, Action<string> warn)
    {
        for (bool rescued = false; ; rescued = true)
        {
            SimulationStore? store = null;
            bool whole = false;
            try
            {
                store = new SimulationStore(path, campaign, StoreConnection.ToWrite(path), warn);
                store.Register();
                whole = store.IsWhole();
                if (whole)
                {
                    store.Load();
                    return store;
                }
            }
            catch (SqliteException e) when (rescued || !StoreFault.IsDamage(e))
            {
                throw StoreFault.Of(path, "simulations", e);
            }
            catch (SqliteException)
            {
                // Damage, which is looked into below.
            }
            finally
            {
                if (!whole)
                {
                    store?.Dispose();
                }
            }

            StoreRescue.Rescue(path, warn);
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

    /// <summary>What the campaign is in the end.</summary>
    /// <exception cref="InvalidOperationException">An event is missing.</exception>
    public CampaignIndex Index() => Guarded(() =>
    {
        Flush();
        List<string> hashes = [];
        List<long> failed = [];
        long failures = 0;
        using (SqliteDataReader blocks = _connection.Query(
            $"SELECT {StoredBlock.Columns}, contents.id FROM blocks JOIN contents ON contents.hash = blocks.hash WHERE campaign = $1 AND first < $2 ORDER BY first", _id, Campaign.Rows))
        {
            while (blocks.Read())
            {
                EventRange wanted = Campaign.Block(hashes.Count);
                int rows = (int)wanted.Count;
                StoredBlock block = StoredBlock.Read(blocks);
                if (block.First != wanted.From || block.Rows < rows)
                {
                    throw new InvalidOperationException($"Expected all of the events {wanted.From} to {wanted.To}, got some.");
                }

                // A longer campaign of before has more rows in the block that is the last one of this.
                hashes.Add(Convert.ToHexStringLower(block.Rows == rows ? block.Hash : HashOf(blocks.GetInt64(5), rows)));
                failures += FailureMap.Count(block.FailedRows, 0, rows);
                for (int row = 0; failed.Count < KeptFailures && block.FailedRows is not null && row < rows; row++)
                {
                    if (FailureMap.Has(block.FailedRows, row))
                    {
                        failed.Add(wanted.From + row);
                    }
                }
            }
        }

        return hashes.Count == Campaign.Blocks
            ? new CampaignIndex(
                CampaignIndex.CurrentFormat, Campaign.Key, Campaign.Parameters, Campaign.Outputs, Campaign.Rows, failures, (double)failures / Campaign.Rows, failed, Campaign.BlockRows, hashes)
            : throw new InvalidOperationException($"Expected {Campaign.Blocks} blocks, got {hashes.Count}.");
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

    /// <summary>Hash and content of a run of rows that is stored agree, and its length is that of its rows.</summary>
    internal static bool IsWhole(StoreConnection connection, long content, ReadOnlySpan<byte> hash, Span<byte> bytes)
    {
        try
        {
            return connection.Read(content, bytes) && hash.SequenceEqual(SHA256.HashData(bytes));
        }
        catch (SqliteException e) when (StoreFault.IsDamage(e))
        {
            return false;
        }
    }

    private void Register()
    {
        string parameters = JsonSerializer.Serialize(Campaign.Parameters), outputs = JsonSerializer.Serialize(Campaign.Outputs);
        _id = _connection.Number("SELECT id FROM campaigns WHERE key = $1", Campaign.Key);
        if (_id == 0)
        {
            _connection.Execute("INSERT INTO campaigns (name, key, parameters, outputs) VALUES ($1, $2, $3, $4)", Campaign.Name, Campaign.Key, parameters, outputs);
            _id = _connection.Number("SELECT id FROM campaigns WHERE key = $1", Campaign.Key);
        }

        // All of this is a function of the key.
        _connection.Execute("UPDATE campaigns SET name = $2, parameters = $3, outputs = $4 WHERE id = $1 AND (name, parameters, outputs) IS NOT ($2, $3, $4)", _id, Campaign.Name, parameters, outputs);
    }

    private void Load()
    {
        using (SqliteDataReader blocks = _connection.Query($"SELECT {StoredBlock.Columns} FROM blocks WHERE campaign = $1 AND first < $2", _id, Campaign.Rows))
        {
            while (blocks.Read())
            {
                StoredBlock block = StoredBlock.Read(blocks);
                int rows = (int)Math.Min(block.Rows, Campaign.Rows - block.First);
                _count += new EventCount(rows, FailureMap.Count(block.FailedRows, 0, rows));
            }
        }

        LoadFailures();
    }

    private void LoadFailures()
    {
        using SqliteDataReader failures = _connection.Query("SELECT event, theta, message FROM failures WHERE campaign = $1", _id);
        while (failures.Read())
        {
            double[] theta = MemoryMarshal.Cast<byte, double>(failures.GetValue(1) as byte[] ?? []).ToArray();
            _failures.TryAdd(failures.GetInt64(0), new SimulationFailure(failures.GetInt64(0), theta, failures.GetValue(2).ToString()!));
        }
    }

    private bool IsWhole()
    {
        byte[] bytes = new byte[Campaign.BlockRows * Campaign.RowBytes];
        long listed = _connection.Number("SELECT count(*) FROM blocks WHERE campaign = $1", _id), seen = 0;
        using SqliteDataReader blocks = _connection.Query($"SELECT {StoredBlock.Columns}, contents.id FROM blocks JOIN contents ON contents.hash = blocks.hash WHERE campaign = $1 ORDER BY first", _id);
        while (blocks.Read())
        {
            seen++;
            StoredBlock block = StoredBlock.Read(blocks);
            if (!block.IsInPlace(Campaign.Key) || !IsWhole(_connection, blocks.GetInt64(5), block.Hash, bytes.AsSpan(0, block.Rows * Campaign.RowBytes)))
            {
                return false;
            }
        }

        return seen == listed;
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

    private OpenBlock OpenedAt(long first)
    {
        if (_open.TryGetValue(first, out OpenBlock? block))
        {
            return block;
        }

        block = _spare.Count > 0 ? _spare.Pop() : new OpenBlock(Campaign);
        block.Reset(first);
        using (SqliteDataReader runs = _connection.Query(
            "SELECT first, rows, blocks.hash, contents.id FROM blocks JOIN contents ON contents.hash = blocks.hash WHERE campaign = $1 AND first >= $2 AND first < $3",
            _id, first, first + Campaign.BlockRows))
        {
            while (runs.Read())
            {
                (long from, int rows) = (runs.GetInt64(0), runs.GetInt32(1));
                if (!IsWhole(_connection, runs.GetInt64(3), (byte[])runs[2], block.Stored((int)(from - first), rows)))
                {
                    throw new ArtifactException(_path, $"damage in the events {from} to {from + rows}", "those that were stored (run the study again: it makes them anew)", Campaign.Name);
                }
            }
        }

        _open.Add(first, block);
        return block;
    }

    private void Put(OpenBlock block, SimulationSet set, long from, long to)
    {
        long conflict = block.Put(set, from, Math.Max(from, Math.Min(to, Campaign.Rows)), out EventCount added);
        _count += added;
        conflict = conflict >= 0 ? conflict : block.Put(set, Math.Max(from, Math.Min(to, Campaign.Rows)), to, out _);
        if (conflict >= 0)
        {
            throw new ArtifactException(
                _path, $"event {conflict} with other numbers than it is to have now", "the same, since an event is a function of the study and its number: is the simulator a function of its seed?", Campaign.Name);
        }

        if (block.IsFull)
        {
            Save(block);
            _open.Remove(block.First);
            _spare.Push(block);
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

    private void Flush()
    {
        foreach (OpenBlock block in _open.Values)
        {
            Save(block);
            _spare.Push(block);
        }

        _open.Clear();
    }

    // Replaces what is stored of the block by the runs that are there now.
    private void Save(OpenBlock block)
    {
        if (!block.IsChanged)
        {
            return;
        }

        List<byte[]> before = [];
        using (SqliteDataReader old = _connection.Query("SELECT hash FROM blocks WHERE campaign = $1 AND first >= $2 AND first < $3", _id, block.First, block.First + Campaign.BlockRows))
        {
            while (old.Read())
            {
                before.Add((byte[])old[0]);
            }
        }

        _connection.Execute("DELETE FROM blocks WHERE campaign = $1 AND first >= $2 AND first < $3", _id, block.First, block.First + Campaign.BlockRows);
        foreach ((int from, int rows) in block.Runs())
        {
            _uncommitted += StoredBlock.Insert(_connection, _id, Campaign, block.First + from, block.Bytes(from, rows));
        }

        foreach (byte[] hash in before)
        {
            _connection.Execute("DELETE FROM contents WHERE hash = $1 AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.hash = $1)", hash);
        }

        block.Saved();
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

    private byte[] HashOf(long content, int rows)
    {
        byte[] bytes = new byte[rows * Campaign.RowBytes];
        return _connection.Read(content, bytes) ? SHA256.HashData(bytes) : throw new ArtifactException(_path, "a block that is too short", $"{rows} rows", Campaign.Name);
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
