using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

// Opening: what is there is compared with its hashes, damage is looked into, and the campaign gets its row.
internal sealed partial class SimulationStore
{
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
}
