using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Shards;

/// <summary>The simulations of a folder of shards that succeeded, a block for each shard.</summary>
/// <remarks>Every reading of a shard compares the checksums of its data with those of the index.</remarks>
public sealed class ShardSet : IPairBlocks
{
    private readonly string _folder;
    private double[] _theta = [], _x = [];                     // of shards with failed rows

    private ShardSet(string folder, ShardIndex index)
    {
        (_folder, Index) = (folder, index);
        Rows = [.. index.Shards.Select(s => s.Rows - s.Failed)];
    }

    /// <summary>What the index says.</summary>
    public ShardIndex Index { get; }

    /// <inheritdoc/>
    public int ParameterCount => Index.Parameters.Count;

    /// <inheritdoc/>
    public int OutputCount => Index.Outputs.Count;

    /// <inheritdoc/>
    public IReadOnlyList<int> Rows { get; }

    /// <inheritdoc/>
    public int Excluded => (int)Index.Failed;

    /// <summary>Reads an index, and sees that all its shards are there in their full length.</summary>
    /// <param name="path">Of the <c>index.json</c>.</param>
    /// <exception cref="ArtifactException">The index cannot be used, or a shard is missing, or longer or shorter than it says.</exception>
    public static ShardSet Open(string path)
    {
        ShardIndex index = ShardIndex.Read(path);
        if (index.Rows > int.MaxValue)
        {
            throw new ArtifactException(path, $"{index.Rows} rows", $"at most {int.MaxValue}", "rows");
        }

        string folder = Path.GetDirectoryName(path) ?? "";
        foreach (ShardEntry shard in index.Shards)
        {
            var file = new FileInfo(Path.Combine(folder, shard.File));
            if (!file.Exists)
            {
                throw new ArtifactException(Path.Combine(folder, shard.File), "no such file", $"the shard of {shard.Bytes} bytes that {Path.GetFileName(path)} lists");
            }

            if (file.Length != shard.Bytes)
            {
                throw new ArtifactException(
                    Path.Combine(folder, shard.File), $"{file.Length} bytes{(file.Length < shard.Bytes ? ": a truncated file" : "")}", $"{shard.Bytes}, as {Path.GetFileName(path)} lists");
            }
        }

        return new ShardSet(folder, index);
    }

    /// <inheritdoc/>
    /// <exception cref="ArtifactException">The shard is missing, truncated or damaged, or not the one that the index lists.</exception>
    public void Read(int block, Span<double> theta, Span<double> x)
    {
        ShardEntry shard = Index.Shards[block];
        int d = ParameterCount, k = OutputCount;
        if (theta.Length != Rows[block] * d || x.Length != Rows[block] * k)
        {
            throw new ArgumentException($"Expected room for {Rows[block]} rows of {d} and {k} numbers, got {theta.Length} and {x.Length}.", nameof(x));
        }

        string path = Path.Combine(_folder, shard.File);
        if (shard.Failed == 0)
        {
            ShardFile.Read(path, shard, theta, x);
            return;
        }

        if (_x.Length < shard.Rows * k)
        {
            (_theta, _x) = (new double[shard.Rows * d], new double[shard.Rows * k]);
        }

        Span<double> allTheta = _theta.AsSpan(0, shard.Rows * d), allX = _x.AsSpan(0, shard.Rows * k);
        ShardFile.Read(path, shard, allTheta, allX);
        int kept = 0;
        for (int row = 0; row < shard.Rows; row++)
        {
            if (SimulationSet.FirstNonFinite(allX.Slice(row * k, k)) >= 0)
            {
                continue;
            }

            if (kept < Rows[block])
            {
                allTheta.Slice(row * d, d).CopyTo(theta[(kept * d)..]);
                allX.Slice(row * k, k).CopyTo(x[(kept * k)..]);
            }

            kept++;
        }

        if (kept != Rows[block])
        {
            throw new ArtifactException(path, $"{shard.Rows - kept} rows with outputs that are not finite", $"{shard.Failed}, as the index lists", "x.npy");
        }
    }

    /// <summary>The first simulations that succeeded.</summary>
    /// <param name="rows">The most that are wanted.</param>
    /// <exception cref="ArtifactException">A shard that is needed cannot be used.</exception>
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
}
