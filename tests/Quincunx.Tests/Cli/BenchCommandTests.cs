using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Quincunx.Runs.Artifacts;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Cli;

public sealed class BenchCommandTests
{
    private const string Reference = "reference_posterior_samples.csv.gz", Published = "published_c2st_per_observation.csv";

    [Fact]
    public void Sbibm_WithoutData_NamesTheFolderAndHowToSetIt()
    {
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run("bench", "sbibm", "--data", "nowhere"));
        Assert.Equal(
            $"{Path.Combine(cli["nowhere"], "sbibm")}: found no such folder, expected the sbibm reference data. Name the folder that holds 'sbibm' with --data or QUINCUNX_DATA.\n",
            cli.Error);
    }

    [Theory]
    [InlineData("two-mons", "--tasks: found 'two-mons', expected a task with reference data and a study at ")]
    [InlineData("slcp", "--tasks: found 'slcp', expected a task with reference data and a study at ")]
    [InlineData("two-moons,,slcp", "--tasks: found 'two-moons,,slcp', expected names with commas between")]
    [InlineData("../toy", "--tasks: found '../toy', expected names with commas between")]
    public void Sbibm_UnknownTask_EndsWithTwo(string tasks, string message)
    {
        using var cli = Case();
        Assert.Equal(2, cli.Run("bench", "sbibm", "--data", "data", "--tasks", tasks));
        Assert.StartsWith(message, cli.Error, StringComparison.Ordinal);
        Assert.Equal(!message.Contains("names", StringComparison.Ordinal), cli.Error.Contains(" There are: two-moons.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--observations", "0")]
    [InlineData("--observations", "5-1")]
    [InlineData("--observations", "1-11")]
    [InlineData("--observations", "1,,2")]
    [InlineData("--observations", "1-2-3")]
    [InlineData("--observations", "-1")]
    [InlineData("--seeds", "one")]
    [InlineData("--seeds", "1.5")]
    [InlineData("--seeds", "0-100")]
    [InlineData("--seeds", "9007199254740992")]
    public void Sbibm_BadRange_EndsWithTwo(string option, string text)
    {
        using var cli = Case();
        Assert.Equal(2, cli.Run("bench", "sbibm", "--data", "data", option, text));
        Assert.StartsWith($"{option}: found '{text}', expected numbers from ", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sbibm_ObservationThatIsMissing_FailsBeforeAnyTraining()
    {
        using var cli = Case();
        Assert.Equal(2, cli.Run("bench", "sbibm", "--data", "data", "--tasks", "two_moons", "--observations", "3"));
        Assert.Contains(Path.Combine("num_observation_3", "observation.csv") + ": found no such file", cli.Error, StringComparison.Ordinal);
        Assert.Equal("", cli.Output);
    }

    [Fact]
    public void Sbibm_StudyOfSeveralRounds_IsRefused()
    {
        using var cli = Case("inference: { simulations: 100, rounds: 2 }");
        cli.Scratch.Write("data/sbibm/two_moons/num_observation_1/observation.csv", "data_1,data_2\n0.1,0.2\n");
        WriteGzip(cli["data/sbibm/two_moons/num_observation_1/" + Reference], "parameter_1,parameter_2\n0.1,0.2\n");
        Assert.Equal(2, cli.Run("bench", "sbibm", "--data", "data", "--tasks", "two-moons", "--observations", "1"));
        Assert.Contains("found 2 rounds, expected one", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json check toy")]
    [InlineData("check toy --json")]
    [InlineData("--json check toy --json")]
    public void Json_OfOtherCommands_StaysASwitch(string args)
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run(args.Split(' ')));
        Assert.Equal("check", Assert.Single(cli.Json).GetProperty("event").GetString());
    }

    // 1000 simulations and two epochs leave the network near its start: the score must say that it is far off. 1000 rows of the reference
    // keep the classifier quick.
    [SharedDataFact("sbibm/two_moons"), Trait("Category", "Slow")]
    public void Sbibm_TwoMoonsWithATinyBudget_ScoresBesideThePublishedTable()
    {
        const int Rows = 1000;
        using var cli = Case("inference: { simulations: 1000, training: { max-epochs: 2 } }");
        string shared = Path.Combine(SharedData.Folder!, "sbibm"), folder = Path.Combine("two_moons", "num_observation_2"), own = cli["data/sbibm"];
        Directory.CreateDirectory(Path.Combine(own, folder));
        string[] reference = [.. ReadGzip(Path.Combine(shared, folder, Reference)).Take(1 + Rows)];
        WriteGzip(Path.Combine(own, folder, Reference), string.Join('\n', reference));
        foreach (string file in new[] { Path.Combine(folder, "observation.csv"), Published })
        {
            File.Copy(Path.Combine(shared, file), Path.Combine(own, file));
        }

        Assert.Equal(0, cli.Run(
            "bench", "sbibm", "--data", "data", "--tasks", "two-moons", "--observations", "2", "--seeds", "7", "--json", "rows.json", "--out", "draws"));
        JsonElement row = JsonDocument.Parse(Assert.Single(File.ReadAllLines(cli["rows.json"]))).RootElement;
        Assert.Equal(("two-moons", 1000, 7, 2), (
            row.GetProperty("task").GetString(), row.GetProperty("simulations").GetInt32(), row.GetProperty("seed").GetInt32(), row.GetProperty("observation").GetInt32()));
        string published = File.ReadLines(Path.Combine(shared, Published)).Single(l => l.StartsWith("two_moons,NPE,1000,2,", StringComparison.Ordinal)).Split(',')[4];
        Assert.Equal(double.Parse(published, CultureInfo.InvariantCulture), row.GetProperty("published").GetDouble());
        Assert.InRange(row.GetProperty("c2st").GetDouble(), 0.8, 1);
        Assert.Contains("\nmean ", cli.Output, StringComparison.Ordinal);
        CsvTable draws = CsvTable.Read(cli["draws/two-moons/seed-7/observation-2.csv"]);
        Assert.Equal((Rows, "theta_1"), (draws.Rows.Count, draws.Header[0].Text));
    }

    // The study two-moons of the repository, with another budget, and a data folder with two tasks.
    private static CliCase Case(string? inference = null)
    {
        var cli = new CliCase();
        string study = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "studies", "two-moons", "study.yaml"));
        cli.Scratch.Write(
            "studies/two-moons/study.yaml",
            inference is null ? study : study[..study.IndexOf("inference:", StringComparison.Ordinal)] + inference + "\n");
        Directory.CreateDirectory(cli["data/sbibm/two_moons"]);
        Directory.CreateDirectory(cli["data/sbibm/slcp"]);
        return cli;
    }

    private static IEnumerable<string> ReadGzip(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static void WriteGzip(string path, string text)
    {
        using var file = new GZipStream(File.Create(path), CompressionMode.Compress);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
