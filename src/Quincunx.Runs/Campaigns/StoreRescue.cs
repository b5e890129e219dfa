using Microsoft.Data.Sqlite;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

/// <summary>Makes a store anew from what can still be read of a damaged one.</summary>
/// <remarks>Blocks are copied to a fresh file, and those whose content is not what its hash says are left out. The damaged file is not written to: where it says that space is free need not be true.</remarks>
internal static class StoreRescue
{
    /// <param name="warn">Is told what is lost.</param>
    /// <exception cref="ArtifactException">The disk is full or cannot be written; the damaged store is as it was.</exception>
    public static void Rescue(string path, Action<string> warn)
    {
        string fresh = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, FormattableString.Invariant($".{Path.GetFileName(path)}.{Environment.ProcessId}.partial"));
        try
        {
            Remove(fresh);
            if (!TryCopy(path, fresh, warn))
            {
                Remove(fresh);
                string aside = path + ".rejected";
                File.Move(path, aside, overwrite: true);
                RemoveLog(path);
                warn($"{path} is damaged and nothing in it can be read. It was renamed to {Path.GetFileName(aside)}; the simulations are made again.");
                return;
            }

            RemoveLog(path);
            File.Move(fresh, path, overwrite: true);
        }
        catch (SqliteException e)
        {
            throw StoreFault.Of(path, "what can be read of a damaged store", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not ArtifactException)
        {
            throw DiskFault.Writing(path, "what can be read of a damaged store", 0, e);
        }
    }

    private static bool TryCopy(string path, string fresh, Action<string> warn)
    {
        StoreConnection old;
        List<(long Id, string Name, string Key, string Parameters, string Outputs)> campaigns = [];
        try
        {
            old = StoreConnection.ToRead(path);
        }
        catch (SqliteException e) when (StoreFault.IsDamage(e))
        {
            return false;
        }

        using (old)
        {
            bool whole = Collect(old, "SELECT id, name, key, parameters, outputs FROM campaigns ORDER BY id", row => campaigns.Add((row.GetInt64(0), Text(row, 1), Text(row, 2), Text(row, 3), Text(row, 4))));
            if (!whole && campaigns.Count == 0)
            {
                return false;
            }

            using StoreConnection copy = StoreConnection.ToWrite(fresh);
            copy.Execute("BEGIN IMMEDIATE");
            foreach ((long id, string name, string key, string parameters, string outputs) in campaigns)
            {
                copy.Execute("INSERT INTO campaigns (id, name, key, parameters, outputs) VALUES ($1, $2, $3, $4, $5)", id, name, key, parameters, outputs);
                Copy(old, copy, id, name, key, warn, path);
                if (!Collect(old, "SELECT event, theta, message FROM failures WHERE campaign = $1", row => copy.Execute(
                    "INSERT INTO failures (campaign, event, theta, message) VALUES ($1, $2, $3, $4)", id, row.GetInt64(0), row.GetValue(1) as byte[] ?? [], Text(row, 2)), id))
                {
                    warn($"{path}: the reasons of failures of {name} cannot be read.");
                }
            }

            copy.Execute("COMMIT");
            copy.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            copy.Execute("PRAGMA journal_mode = DELETE");
        }

        return true;
    }

    private static void Copy(StoreConnection old, StoreConnection copy, long campaign, string name, string key, Action<string> warn, string path)
    {
        List<StoredBlock> blocks = [];
        bool whole = Collect(old, $"SELECT {StoredBlock.Columns} FROM blocks WHERE campaign = $1 ORDER BY first", row => blocks.Add(StoredBlock.Read(row)), campaign);
        if (!whole)
        {
            warn($"{path}: the list of blocks of {name} is damaged; what it lacks is made again.");
        }

        foreach (StoredBlock block in blocks)
        {
            byte[]? bytes = block.IsInPlace(key) ? ContentOf(old, block.Hash) : null;
            if (bytes is null)
            {
                warn($"{path}: the events {block.First} to {block.First + block.Rows} of {name} are damaged and are made again.");
                continue;
            }

            if (copy.Number("SELECT count(*) FROM contents WHERE hash = $1", block.Hash) == 0)
            {
                copy.Execute("INSERT INTO contents (hash, bytes) VALUES ($1, $2)", block.Hash, bytes);
            }

            block.List(copy, campaign);
        }
    }

    private static byte[]? ContentOf(StoreConnection old, byte[] hash)
    {
        byte[]? bytes = null;
        return Collect(old, "SELECT bytes FROM contents WHERE hash = $1", row => bytes = row.GetValue(0) as byte[], hash)
            && bytes is not null && System.Security.Cryptography.SHA256.HashData(bytes).AsSpan().SequenceEqual(hash) ? bytes : null;
    }

    private static bool Collect(StoreConnection old, string sql, Action<SqliteDataReader> take, params object?[] values)
    {
        try
        {
            using SqliteDataReader rows = old.Query(sql, values);
            while (rows.Read())
            {
                take(rows);
            }

            return true;
        }
        catch (SqliteException e) when (StoreFault.IsDamage(e))
        {
            return false;
        }
    }

    private static string Text(SqliteDataReader row, int column) => row.GetValue(column).ToString() ?? "";

    private static void RemoveLog(string path)
    {
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }

    private static void Remove(string path)
    {
        File.Delete(path);
        RemoveLog(path);
    }
}
