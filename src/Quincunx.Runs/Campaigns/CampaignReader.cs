using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

/// <summary>The simulations that an index lists, read from the store; in blocks, those that succeeded.</summary>
/// <remarks>The first reading of a block compares its rows with the hash that the index has of them, further ones with a CRC-32. Others may write to the store meanwhile.</remarks>
public sealed class CampaignReader : IPairBlocks, IDisposable
{
    private readonly string _path, _name;
    private readonly StoreConnection _connection;
    private readonly long _campaign;
    private readonly byte[] _bytes;
    private readonly uint?[] _checksums;                // CRC-32 of blocks that had the hash of the index
    private readonly int _partRows, _parts;             // rows of a part of a block, and parts in a block
    private int _loaded = -1;

    private CampaignReader(string path, string name, CampaignIndex index, StoreConnection connection, long largestPart)
    {
        (_path, _name, Index, _connection) = (path, name, index, connection);
        int most = (int)Math.Clamp(largestPart / index.RowBytes, 1, index.BlockRows);
        int parts = (index.BlockRows + most - 1) / most;
        _partRows = (index.BlockRows + parts - 1) / parts;
        _parts = (index.BlockRows + _partRows - 1) / _partRows;
        _checksums = new uint?[index.Blocks.Count];
        _bytes = new byte[Math.Min(index.BlockRows, index.Rows) * index.RowBytes];
        _campaign = connection.Number("SELECT id FROM campaigns WHERE key = $1", index.Key);
        Rows = Present();
    }

    /// <summary>What the index says.</summary>
    public CampaignIndex Index { get; }

    /// <inheritdoc/>
    public int ParameterCount => Index.Parameters.Count;

    /// <inheritdoc/>
    public int OutputCount => Index.Outputs.Count;

    /// <inheritdoc/>
    public IReadOnlyList<int> Rows { get; }

    /// <inheritdoc/>
    public int Excluded => (int)Index.Failed;

    /// <summary>Opens the simulations that an index lists, and sees that all its blocks are there.</summary>
    /// <param name="path">Of the store.</param>
    /// <param name="index">Path of the index.</param>
    /// <param name="largestPart">Blocks are read in parts of so many bytes at most.</param>
    /// <exception cref="ArtifactException">Index or store cannot be used, or a block is missing.</exception>
    public static CampaignReader Open(string path, string index, long largestPart = long.MaxValue)
    {
        var wanted = CampaignIndex.Read(index);
        if (wanted.Rows > int.MaxValue)
        {
            throw new ArtifactException(index, $"{wanted.Rows} rows", $"at most {int.MaxValue}", "rows");
        }

        StoreConnection? connection = null;
        try
        {
            connection = StoreConnection.ToRead(path);
            return new CampaignReader(path, Path.GetFileNameWithoutExtension(index), wanted, connection, largestPart);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            throw e is SqliteException fault ? StoreFault.Of(path, "simulations", fault) : e;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArtifactException">The block is missing or damaged.</exception>
    public void Read(int block, Span<double> theta, Span<double> x)
    {
        int d = ParameterCount, k = OutputCount;
        if (theta.Length != Rows[block] * d || x.Length != Rows[block] * k)
        {
            throw new ArgumentException($"Expected room for {Rows[block]} rows of {d} and {k} numbers, got {theta.Length} and {x.Length}.", nameof(x));
        }

        (int whole, EventRange part) = Part(block);
        Load(whole);
        long first = Index.Block(whole).From;
        ReadOnlySpan<double> rows = MemoryMarshal.Cast<byte, double>(_bytes);
        int kept = 0;
        for (int row = (int)(part.From - first); row < part.To - first; row++)
        {
            ReadOnlySpan<double> one = rows.Slice(row * (d + k), d + k);
            if (SimulationSet.FirstNonFinite(one[d..]) >= 0)
            {
                continue;
            }

            if (kept < Rows[block])
            {
                one[..d].CopyTo(theta[(kept * d)..]);
                one[d..].CopyTo(x[(kept * k)..]);
            }

            kept++;
        }

        if (kept != Rows[block])
        {
            throw new ArtifactException(_path, $"{part.Count - kept} rows with outputs that are not finite", $"{part.Count - Rows[block]}, as the store lists", Name(whole));
        }
    }

    /// <summary>All simulations, failed ones included.</summary>
    /// <exception cref="ArtifactException">A block is missing or damaged.</exception>
    public SimulationSet ReadAll()
    {
        int d = ParameterCount, k = OutputCount;
        double[] theta = new double[Index.Rows * d], x = new double[Index.Rows * k];
        int row = 0;
        ForBlocks(block =>
        {
            for (; !block.IsEmpty; block = block[(d + k)..], row++)
            {
                block[..d].CopyTo(theta.AsSpan(row * d));
                block[d..(d + k)].CopyTo(x.AsSpan(row * k));
            }
        });
        return SimulationSet.FromArrays(d, k, 0, theta, x);
    }

    /// <summary>Writes all simulations, failed ones included, as <c>.npz</c>, <c>.npy</c> or <c>.csv</c>, by the ending of the name.</summary>
    /// <returns>Hash and length of the file.</returns>
    /// <exception cref="ArtifactException">The name has another ending, a block is missing or damaged, or the disk is full.</exception>
    public FileFingerprint Export(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return RowTable.Write(path, Index.Parameters, Index.Outputs, Index.Rows, ForBlocks);
    }

    /// <summary>The first simulations that succeeded.</summary>
    /// <param name="rows">The most that are wanted.</param>
    /// <exception cref="ArtifactException">A block that is needed cannot be used.</exception>
    public SimulationPairs First(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        List<double> theta = [], x = [];
        int count = 0;
        for (int block = 0; block < Rows.Count && count < rows; block++)
        {
            double[] t = new double[Rows[block] * ParameterCount], y = new double[Rows[block] * OutputCount];
            Read(block, t, y);
            int wanted = Math.Min(rows - count, Rows[block]);
            theta.AddRange(t.AsSpan(0, wanted * ParameterCount));
            x.AddRange(y.AsSpan(0, wanted * OutputCount));
            count += wanted;
        }

        return new SimulationPairs([.. theta], [.. x], count, Excluded);
    }

    /// <summary>Reads everything and compares it with the index.</summary>
    /// <exception cref="ArtifactException">A block is missing or damaged.</exception>
    public void Verify()
    {
        Array.Clear(_checksums);
        _loaded = -1;
        for (int block = 0; block < Index.Blocks.Count; block++)
        {
            Load(block);
        }
    }

    /// <summary>Whether the store has campaigns of other names than these.</summary>
    internal bool HasOthers(IReadOnlyCollection<string> names)
    {
        using SqliteDataReader campaigns = _connection.Query("SELECT name FROM campaigns");
        while (campaigns.Read())
        {
            if (!names.Contains(campaigns.GetString(0), StringComparer.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void ForBlocks(RowTable.RowsAction use)
    {
        for (int block = 0; block < Index.Blocks.Count; block++)
        {
            Load(block);
            use(MemoryMarshal.Cast<byte, double>(_bytes.AsSpan(0, (int)Index.Block(block).Count * Index.RowBytes)));
        }
    }

    // Successful rows of each part of a block.
    private List<int> Present()
    {
        List<int> rows = [];
        int block = 0;
        using (SqliteDataReader blocks = _connection.Query($"SELECT {StoredBlock.Columns} FROM blocks WHERE campaign = $1 AND first < $2 ORDER BY first", _campaign, Index.Rows))
        {
            while (blocks.Read() && StoredBlock.Read(blocks) is var stored && stored.First == Index.Block(block).From && stored.Rows >= Index.Block(block).Count && stored.IsInPlace(Index.Key))
            {
                int count = (int)Index.Block(block).Count;
                for (int from = 0; from < count; from += _partRows)
                {
                    int to = Math.Min(count, from + _partRows);
                    rows.Add(to - from - FailureMap.Count(stored.FailedRows, from, to));
                }

                block++;
            }
        }

        return block == Index.Blocks.Count ? rows : throw Missing(block);
    }

    private (int Block, EventRange Events) Part(int number)
    {
        (int block, int part) = (number / _parts, number % _parts);
        EventRange events = Index.Block(block);
        long from = events.From + ((long)part * _partRows);
        return (block, new EventRange(from, Math.Min(events.To, from + _partRows)));
    }

    private void Load(int block)
    {
        if (block == _loaded)
        {
            return;
        }

        _loaded = -1;
        Span<byte> bytes = _bytes.AsSpan(0, (int)Index.Block(block).Count * Index.RowBytes);
        try
        {
            long content = _connection.Number(
                "SELECT contents.id FROM blocks JOIN contents ON contents.hash = blocks.hash WHERE campaign = $1 AND first = $2", _campaign, Index.Block(block).From);
            if (content == 0 || !_connection.Read(content, bytes))
            {
                throw Missing(block);
            }
        }
        catch (SqliteException e)
        {
            throw StoreFault.Of(_path, Name(block), e);
        }

        // An epoch reads everything again: then what was found to be right once is compared with a checksum that is ten times as fast.
        uint checksum = Crc32.Append(0, bytes);
        if (_checksums[block] == checksum)
        {
            _loaded = block;
            return;
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (hash != Index.Blocks[block])
        {
            throw new ArtifactException(
                _path, $"damage: rows with the hash {hash}", $"{Index.Blocks[block]}, as the index lists (run the study again: it makes them anew)", Name(block));
        }

        (_checksums[block], _loaded) = (checksum, block);
    }

    private ArtifactException Missing(int block) => new(_path, "no such rows", "those that the index lists (run the study again: it makes them anew)", Name(block));

    private string Name(int block) => FormattableString.Invariant($"{_name}, events {Index.Block(block).From} to {Index.Block(block).To}");
}
