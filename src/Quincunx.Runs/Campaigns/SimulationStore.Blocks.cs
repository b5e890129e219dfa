using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

// Blocks: pieces are joined in open ones, and full ones, or what there is of others, become rows of the database.
internal sealed partial class SimulationStore
{
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

    private byte[] HashOf(long content, int rows)
    {
        byte[] bytes = new byte[rows * Campaign.RowBytes];
        return _connection.Read(content, bytes) ? SHA256.HashData(bytes) : throw new ArtifactException(_path, "a block that is too short", $"{rows} rows", Campaign.Name);
    }
}
