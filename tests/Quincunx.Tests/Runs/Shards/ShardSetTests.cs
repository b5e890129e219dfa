using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Shards;

namespace Quincunx.Tests.Runs.Shards;

public sealed class ShardSetTests
{
    [Fact]
    public void Read_OfEveryShard_GivesTheSuccessfulSimulationsInOrder()
    {
        using var folder = new ScratchFolder();
        var set = ShardSet.Open(ShardFolder.Write(folder));
        (double[] theta, double[] x) = ShardFolder.Numbers(1);
        SimulationPairs expected = SimulationSet.FromArrays(2, 3, 0, theta, x).Successful();

        Assert.Equal([10, 9, 10, 3], set.Rows);
        Assert.Equal((2, 3, 2), (set.ParameterCount, set.OutputCount, set.Excluded));
        List<double> readTheta = [], readX = [];
        for (int block = 0; block < 4; block++)
        {
            double[] t = new double[2 * set.Rows[block]], y = new double[3 * set.Rows[block]];
            set.Read(block, t, y);
            readTheta.AddRange(t);
            readX.AddRange(y);
        }

        Assert.Equal(expected.Theta, readTheta);
        Assert.Equal(expected.X, readX);

        SimulationPairs first = set.First(15);
        Assert.Equal(15, first.Count);
        Assert.Equal(expected.Theta[..30], first.Theta);
        Assert.Equal(expected.X[..45], first.X);
        Assert.Equal(32, set.First(1000).Count);
        Assert.Throws<ArgumentException>(() => set.Read(1, new double[20], new double[30]));
    }

    [Fact]
    public void Shard_IsAnOrdinaryNpzFile()
    {
        using var folder = new ScratchFolder();
        string index = ShardFolder.Write(folder);
        NpzFile file = NpzFile.Read(folder["shards/shard-00003.npz"]);
        Assert.Equal(["theta", "x"], file.Names);
        Assert.Equal(ShardFolder.Numbers(1).X[90..], file.Values<double>("x", 4, 3));
        ShardEntry entry = ShardIndex.Read(index).Shards[3];
        Assert.Equal((4, 1, 33L), (entry.Rows, entry.Failed, Assert.Single(entry.FirstFailed)));
        Assert.Equal(FileFingerprint.Of(folder["shards/shard-00003.npz"]), new FileFingerprint(entry.Sha256, entry.Bytes));
    }

    [Fact]
    public void Open_WithAShardMissing_NamesIt()
    {
        using var folder = new ScratchFolder();
        string index = ShardFolder.Write(folder);
        File.Delete(folder["shards/shard-00002.npz"]);
        ArtifactException e = Assert.Throws<ArtifactException>(() => ShardSet.Open(index));
        Assert.Equal(folder["shards/shard-00002.npz"], e.File);
        Assert.Equal("no such file", e.Found);
    }

    [Theory]
    [InlineData(-1, "a truncated file")]
    [InlineData(1, "bytes")]
    public void Open_WithAShardOfAnotherLength_SaysBoth(int change, string found)
    {
        using var folder = new ScratchFolder();
        string index = ShardFolder.Write(folder);
        using (FileStream file = File.OpenWrite(folder["shards/shard-00001.npz"]))
        {
            file.SetLength(file.Length + change);
        }

        ArtifactException e = Assert.Throws<ArtifactException>(() => ShardSet.Open(index));
        Assert.Equal(folder["shards/shard-00001.npz"], e.File);
        Assert.Contains(found, e.Found, StringComparison.Ordinal);
        Assert.Contains("as index.json lists", e.Expected, StringComparison.Ordinal);
    }

    // Wherever a bit flips, no numbers come out: some checksum, header or length does not fit.
    [Fact]
    public void Read_OfADamagedShard_NamesFileFoundAndExpected()
    {
        using var folder = new ScratchFolder();
        var set = ShardSet.Open(ShardFolder.Write(folder));
        string path = folder["shards/shard-00000.npz"];
        byte[] good = File.ReadAllBytes(path);
        double[] expectedTheta = new double[20], expectedX = new double[30];
        set.Read(0, expectedTheta, expectedX);
        int refused = 0;
        for (int at = 0; at < good.Length; at++)
        {
            byte[] bad = [.. good];
            bad[at] ^= 0x10;
            File.WriteAllBytes(path, bad);
            double[] theta = new double[20], x = new double[30];
            try
            {
                set.Read(0, theta, x);

                // A time stamp or the like; the numbers are whole.
                Assert.Equal(expectedTheta, theta);
                Assert.Equal(expectedX, x);
            }
            catch (ArtifactException e)
            {
                refused++;
                Assert.Equal(path, e.File);
                Assert.NotEqual("", e.Found);
                Assert.NotEqual("", e.Expected);
            }
        }

        Assert.True(refused > 600, $"only {refused} of {good.Length}");
    }

    [Fact]
    public void Read_OfAShardOfAnotherFolder_SaysThatItIsAnother()
    {
        using var folder = new ScratchFolder();
        var set = ShardSet.Open(ShardFolder.Write(folder));
        ShardFolder.Write(folder, seed: 2, name: "other");
        File.Copy(folder["other/shard-00000.npz"], folder["shards/shard-00000.npz"], overwrite: true);
        ArtifactException e = Assert.Throws<ArtifactException>(() => set.Read(0, new double[20], new double[30]));
        Assert.Equal((folder["shards/shard-00000.npz"], "theta.npy", set.Index.Shards[0].ThetaCrc32), (e.File, e.Entry, e.Expected));
        Assert.Contains("another file than the index lists", e.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "format 2")]
    [InlineData("\"rows\": 34", "\"rows\": 35", "35 rows, 2 failed")]
    [InlineData("shard-00001.npz", "../shard-00001.npz", "the file name '../shard-00001.npz'")]
    [InlineData("shard-00001.npz", "shard-00000.npz", "the shard shard-00000.npz twice")]
    [InlineData("\"failed\": 1", "\"failed\": 11", "11 failed of 10 rows")]
    [InlineData("\"shards\": [", "\"shards\": [ null", "text that cannot be read as ShardIndex")]
    public void Open_OfAnIndexThatContradicts_SaysWhat(string old, string replacement, string found)
    {
        using var folder = new ScratchFolder();
        string index = ShardFolder.Write(folder), text = File.ReadAllText(index);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        File.WriteAllText(index, text[..at] + replacement + text[(at + old.Length)..]);
        ArtifactException e = Assert.Throws<ArtifactException>(() => ShardSet.Open(index));
        Assert.Equal(index, e.File);
        Assert.Contains(found, e.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhereTheIndexCountsOtherFailures_SaysBoth()
    {
        using var folder = new ScratchFolder();
        string index = ShardFolder.Write(folder);
        File.WriteAllText(index, File.ReadAllText(index).Replace("\"failed\": 1,", "\"failed\": 2,", StringComparison.Ordinal).Replace("\"failed\": 2,", "\"failed\": 4,", StringComparison.Ordinal)
            .Replace("\"failed\": 4,\n      \"firstFailed\"", "\"failed\": 2,\n      \"firstFailed\"", StringComparison.Ordinal));
        var set = ShardSet.Open(index);
        ArtifactException e = Assert.Throws<ArtifactException>(() => set.Read(1, new double[16], new double[24]));
        Assert.Equal(("1 rows with outputs that are not finite", "2, as the index lists"), (e.Found, e.Expected));
    }
}
