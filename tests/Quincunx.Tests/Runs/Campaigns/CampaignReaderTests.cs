using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Tests.Runs.Campaigns;

public sealed class CampaignReaderTests
{
    // Blocks of 8, 8 and 5 rows; 12 failed.
    private static readonly Campaign Campaign = Events.Campaign(21);

    [Theory]
    [InlineData(1 << 20, new[] { 8, 7, 5 })]
    [InlineData(400_000, new[] { 3, 3, 2, 3, 2, 2, 3, 2 })]
    [InlineData(1, new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public void Read_OfEveryPart_GivesTheSuccessfulSimulationsInOrder(int bytes, int[] rows)
    {
        using var folder = new ScratchFolder();
        (string store, string index) = Write(folder);
        using var reader = CampaignReader.Open(store, index, bytes);
        SimulationPairs expected = Events.Of(Campaign, 0, 21).Successful();
        Assert.Equal(rows, reader.Rows);
        Assert.Equal((2, 16_382, 1), (reader.ParameterCount, reader.OutputCount, reader.Excluded));
        List<double> theta = [], x = [];
        for (int block = 0; block < rows.Length; block++)
        {
            double[] t = new double[2 * rows[block]], y = new double[16_382 * rows[block]];
            reader.Read(block, t, y);
            theta.AddRange(t);
            x.AddRange(y);
        }

        Assert.Equal(expected.Theta, theta);
        Assert.Equal(expected.X, x);
        SimulationPairs first = reader.First(13);
        Assert.Equal(expected.Theta[..26], first.Theta);
        Assert.Equal(expected.X[..(13 * 16_382)], first.X);
        Assert.Equal(20, reader.First(1000).Count);
        Assert.Throws<ArgumentException>(() => reader.Read(0, new double[1], new double[1]));
    }

    [Fact]
    public void Open_WithoutStoreOrBlocks_NamesWhatIsMissing()
    {
        using var folder = new ScratchFolder();
        (string store, string index) = Write(folder);
        Events.Store(folder["other.db"], Campaign with { Rows = 12 });
        ArtifactException e = Assert.Throws<ArtifactException>(() => CampaignReader.Open(folder["other.db"], index));
        Assert.Equal((folder["other.db"], "index, events 8 to 16", "no such rows"), (e.File, e.Entry, e.Found));
        File.Delete(store);
        e = Assert.Throws<ArtifactException>(() => CampaignReader.Open(store, index));
        Assert.Equal((store, "no such file"), (e.File, e.Found));
    }

    [Theory]
    [InlineData("\"format\": 2", "\"format\": 3", "format 3")]
    [InlineData("\"rows\": 21", "\"rows\": 25", "3 blocks of 8 rows")]
    [InlineData("\"blockRows\": 8", "\"blockRows\": 9", "3 blocks of 9 rows")]
    [InlineData("\"failed\": 1", "\"failed\": 22", "22 failed of 21 rows")]
    [InlineData("\"rows\": 21", "\"rows\": 0", "2 parameters, 16382 outputs and 0 rows")]
    [InlineData("\"blocks\": [\n    \"", "\"blocks\": [\n    \"?", "the hash '?")]
    [InlineData("\"blocks\": [", "\"blocks\": [ null,", "4 blocks of 8 rows")]
    public void Open_OfAnIndexThatContradicts_SaysWhat(string old, string replacement, string found)
    {
        using var folder = new ScratchFolder();
        (string store, string index) = Write(folder);
        string text = File.ReadAllText(index);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, text[^1000..]);
        File.WriteAllText(index, text[..at] + replacement + text[(at + old.Length)..]);
        ArtifactException e = Assert.Throws<ArtifactException>(() => CampaignReader.Open(store, index));
        Assert.Equal(index, e.File);
        Assert.Contains(found, e.Found, StringComparison.Ordinal);
    }

    private static (string Store, string Index) Write(ScratchFolder folder)
    {
        CampaignIndex index = Events.Store(folder["simulations.db"], Campaign);
        AtomicFile.Write(folder["index.json"], "the index", stream => JsonArtifact.Write(stream, index));
        return (folder["simulations.db"], folder["index.json"]);
    }
}
