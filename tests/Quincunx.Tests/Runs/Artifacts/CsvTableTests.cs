using System.Text;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Tests.Runs.Artifacts;

public sealed class CsvTableTests
{
    [Fact]
    public void Read_QuotesCommentsAndCrLf_GivesCellsWithTheirPlaces()
    {
        using var folder = new ScratchFolder();
        folder.Write("a.csv", "\uFEFF# a comment, with a comma\r\nyear , \"lynx, \"\"wild\"\"\",hare\r\n\r\n 1900, 4.0 ,30\r\n1901,\"6.1\",\r\n");
        CsvTable table = CsvTable.Read(folder["a.csv"]);
        Assert.Equal([new CsvCell("year", 2, 1), new CsvCell("lynx, \"wild\"", 2, 8), new CsvCell("hare", 2, 25)], table.Header);
        Assert.Equal([new CsvCell("1900", 4, 2), new CsvCell("4.0", 4, 8), new CsvCell("30", 4, 13)], table.Rows[0]);
        Assert.Equal([new CsvCell("1901", 5, 1), new CsvCell("6.1", 5, 6), new CsvCell("", 5, 12)], table.Rows[1]);
        Assert.Equal((2, -1), (table.IndexOf("hare"), table.IndexOf("fox")));
    }

    [Theory]
    [InlineData("", "found no lines, expected a header and at least one row.")]
    [InlineData("# only\n", "found no lines, expected a header and at least one row.")]
    [InlineData("a,b\n1\n", "line 2: found 1 cells, expected 2, as in the header.")]
    [InlineData("a,b\n1,\"2\n", "line 2, column 3: found a quote that is not closed, expected a closing quote on the same line.")]
    [InlineData("a,b\n1,\"2\"x\n", "line 2, column 6: found \"x\" after a closing quote, expected a comma.")]
    public void Read_Malformed_NamesThePlace(string text, string message)
    {
        using var folder = new ScratchFolder();
        folder.Write("a.csv", text);
        Assert.EndsWith(message, Assert.Throws<ArtifactException>(() => CsvTable.Read(folder["a.csv"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NotUtf8_SaysWhere()
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["a.csv"], [(byte)'a', 0xFF, (byte)'\n']);
        Assert.EndsWith("found bytes that are not UTF-8 at position 1, expected a text file in UTF-8.",
            Assert.Throws<ArtifactException>(() => CsvTable.Read(folder["a.csv"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OddNumbers_ReadBackToTheSameBits()
    {
        double[] values = [0.1, 1e-320, double.MaxValue, -0.0, 1.0 / 3, double.NaN, double.PositiveInfinity, 1e22];
        using var folder = new ScratchFolder();
        AtomicFile.Write(folder["a.csv"], "numbers", s => CsvTable.Write(s, ["a", "b, c"], values));
        Assert.StartsWith("a,\"b, c\"\n0.1,", File.ReadAllText(folder["a.csv"]), StringComparison.Ordinal);
        var back = CsvTable.Read(folder["a.csv"]).Rows.SelectMany(r => r).Select(c => c.TryNumber(out double v) ? v : throw new FormatException(c.Text));
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), back.Select(BitConverter.DoubleToInt64Bits));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("1,5", false)]
    [InlineData("1e999", false)]
    [InlineData("NA", false)]
    [InlineData("NaN", true)]
    [InlineData("-1.5e3", true)]
    [InlineData("1_000", false)]
    public void TryNumber_Text_IsStrict(string text, bool expected) => Assert.Equal(expected, new CsvCell(text, 1, 1).TryNumber(out _));

    [Fact]
    public void Write_RaggedValues_IsRefused() =>
        Assert.Throws<ArgumentException>(() => CsvTable.Write(new MemoryStream(Encoding.UTF8.GetBytes("")), ["a", "b"], [1, 2, 3]));
}
