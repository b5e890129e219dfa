using Quincunx.Runs.Artifacts;

namespace Quincunx.Tests.Runs.Artifacts;

public sealed class JsonArtifactTests
{
    private enum Verdict
    {
        DoNotTrust,
    }

    [Fact]
    public void Write_NonFiniteAndOrder_IsAsDocumented()
    {
        var value = new Sample(0.1, double.NaN, double.NegativeInfinity, [1e22, 1.0 / 3], Verdict.DoNotTrust, "Hudson's β <Bay>");
        const string Expected = """
            {
              "zed": 0.1,
              "meanOfAll": null,
              "low": "-Infinity",
              "list": [
                1E+22,
                0.3333333333333333
              ],
              "verdict": "doNotTrust",
              "text": "Hudson's β <Bay>"
            }

            """;
        Assert.Equal(Expected, JsonArtifact.Text(value), ignoreLineEndingDifferences: true);
        using var folder = new ScratchFolder();
        AtomicFile.Write(folder["m.json"], "metrics", s => JsonArtifact.Write(s, value));
        Assert.Equal(JsonArtifact.Text(value), File.ReadAllText(folder["m.json"]));
        Assert.Equal(JsonArtifact.Text(value), JsonArtifact.Text(JsonArtifact.Read<Sample>(folder["m.json"])));
    }

    [Fact]
    public void Read_Damaged_NamesLineAndByte()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("m.json", "{\n  \"zed\": 0.1,\n  \"meanOfAll\": [\n");
        var e = Assert.Throws<ArtifactException>(() => JsonArtifact.Read<Sample>(path));
        Assert.StartsWith($"{path}: line 3, byte 17: found text that cannot be read as Sample (", e.Message, StringComparison.Ordinal);
        folder.Write("m.json", "null");
        Assert.Equal($"{path}: found null, expected an object.", Assert.Throws<ArtifactException>(() => JsonArtifact.Read<Sample>(path)).Message);
    }

    private sealed record Sample(double Zed, double MeanOfAll, double Low, double[] List, Verdict Verdict, string Text);
}
