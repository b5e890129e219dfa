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

    [Theory]
    [InlineData("--method", "npe,mcmc", "--method: found 'npe,mcmc', expected some of npe, ")]
    [InlineData("--budget", "1000,many", "--budget: found '1000,many', expected multiples of 10 from 100 to ")]
    [InlineData("--method", "bnn-npe", "--budget: found 10000, expected at most 1000 simulations for bnn-npe.")]
    [InlineData("--budget", "1001", "--budget: found '1001', expected multiples of 10 from 100 to ")]
    public void Sbibm_UnknownMethodOrBudget_EndsWithTwo(string option, string text, string message)
    {
        using var cli = Case();
        Assert.Equal(2, cli.Run("bench", "sbibm", "--data", "data", option, text));
        Assert.StartsWith(message, cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inference: { simulations: 10 }", "inference.yaml:1:1: inference: found the unknown key 'inference'")]
    [InlineData("training: { batch: none }", "inference.yaml:1:20: training.batch: found 'none'")]
    public void Sbibm_SettingsThatAreNone_NameTheLine(string settings, string message)
    {
        using var cli = Case();
        cli.Scratch.Write("inference.yaml", settings + "\n");
        cli.Scratch.Write("data/sbibm/two_moons/num_observation_1/observation.csv", "data_1,data_2\n0.1,0.2\n");
        Assert.Equal(2, cli.Run("bench", "sbibm", "--data", "data", "--tasks", "two-moons", "--observations", "1", "--inference", "inference.yaml"));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--budgets", "15", "--budgets: found '15', expected multiples of 10")]
    [InlineData("--method", "alices,gold", "--method: found 'alices,gold', expected some of LRT, NDE")]
    [InlineData("--seeds", "0", "--seeds: found '0', expected numbers from 1 to 100")]
    public void Galton_OptionThatIsWrong_EndsWithTwo(string option, string text, string message)
    {
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run("bench", "galton", option, text));
        Assert.StartsWith(message, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Galton_AFewRuns_WritesARowForEachSeedBesideThePublishedError()
    {
        using var cli = new CliCase();
        Directory.CreateDirectory(cli["data/galton"]);
        File.WriteAllText(cli["data/galton/paper_mse.csv"], "method,num_simulations,mse_log_r\nRASCAL,100,0.125\n");
        Assert.Equal(0, cli.Run("bench", "galton", "--budgets", "100", "--seeds", "2", "--method", "rascal,nde", "--json", "rows.json", "--figure", "errors.svg", "--data", "data"));
        Assert.Contains("log r = 0 everywhere has 0.06325.", cli.Output, StringComparison.Ordinal);
        string figure = File.ReadAllText(cli["errors.svg"]);
        Assert.All(["RASCAL", "NDE", "published", "log r = 0 everywhere"], t => Assert.Contains(t, figure, StringComparison.Ordinal));
        Assert.Matches(@"RASCAL +100 .* 0\.1250 ", cli.Output);
        JsonElement[] rows = [.. File.ReadLines(cli["rows.json"]).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["RASCAL 1", "RASCAL 2", "NDE 1", "NDE 2"], rows.Select(r => $"{r.GetProperty("method").GetString()} {r.GetProperty("seed").GetInt32().ToString(CultureInfo.InvariantCulture)}"));
        Assert.All(rows, r => Assert.True(r.GetProperty("mse_log_r").GetDouble() > 0 && r.GetProperty("runs").GetInt32() == 100 && r.GetProperty("seconds").GetDouble() > 0));
        Assert.NotEqual(rows[0].GetProperty("mse_log_r").GetDouble(), rows[1].GetProperty("mse_log_r").GetDouble());
    }

    [Fact]
    public void Galton_RowsThatAreThere_AreNotMadeAgain()
    {
        using var cli = new CliCase();
        const string There = """{"method":"ROLR","runs":100,"seed":1,"mse_log_r":0.4321,"seconds":1}""";
        File.WriteAllText(cli["rows.json"], There + "\n");
        Assert.Equal(0, cli.Run("bench", "galton", "--budgets", "100", "--seeds", "2", "--method", "rolr", "--json", "rows.json", "--data", "none"));
        string[] rows = File.ReadAllLines(cli["rows.json"]);
        Assert.Equal(There, rows[0]);
        Assert.Contains("\"seed\":2", Assert.Single(rows[1..]), StringComparison.Ordinal);

        File.WriteAllText(cli["rows.json"], There + "\nnone\n");
        Assert.Equal(2, cli.Run("bench", "galton", "--json", "rows.json", "--data", "none"));
        Assert.Contains("line 2: found text that is no row of this benchmark", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RASCAL,100,small", "line 2")]
    [InlineData("RASCAL,100,0.1\nRASCAL,100,0.2", "line 3")]
    public void Galton_PublishedErrorThatIsNone_NamesTheLine(string rows, string line)
    {
        using var cli = new CliCase();
        Directory.CreateDirectory(cli["data/galton"]);
        File.WriteAllText(cli["data/galton/paper_mse.csv"], $"method,num_simulations,mse_log_r\n{rows}\n");
        Assert.Equal(2, cli.Run("bench", "galton", "--data", "data"));
        Assert.Contains("paper_mse.csv", cli.Error, StringComparison.Ordinal);
        Assert.Contains(line, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sbibm_RowsThatAreNone_NameTheLine()
    {
        using var cli = Case();
        cli.Scratch.Write("rows.json", "{}\n");
        cli.Scratch.Write("data/sbibm/two_moons/num_observation_1/observation.csv", "data_1,data_2\n0.1,0.2\n");
        Assert.Equal(2, cli.Run("bench", "sbibm", "--data", "data", "--tasks", "two-moons", "--observations", "1", "--json", "rows.json"));
        Assert.Contains("line 1: found text that is no row of this benchmark", cli.Error, StringComparison.Ordinal);
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
        using var cli = Case();
        cli.Scratch.Write("inference.yaml", "training: { max-epochs: 2 }\n");
        string shared = Path.Combine(SharedData.Folder!, "sbibm"), folder = Path.Combine("two_moons", "num_observation_2"), own = cli["data/sbibm"];
        Directory.CreateDirectory(Path.Combine(own, folder));
        string[] reference = [.. ReadGzip(Path.Combine(shared, folder, Reference)).Take(1 + Rows)];
        WriteGzip(Path.Combine(own, folder, Reference), string.Join('\n', reference));
        foreach (string file in new[] { Path.Combine(folder, "observation.csv"), Published })
        {
            File.Copy(Path.Combine(shared, file), Path.Combine(own, file));
        }

        string[] command =
        [
            "bench", "sbibm", "--data", "data", "--tasks", "two-moons", "--observations", "2", "--seeds", "7", "--budget", "1000", "--inference", "inference.yaml", "--json", "rows.json", "--page", "page.md",
        ];
        Assert.Equal(0, cli.Run([.. command, "--out", "draws"]));
        JsonElement row = JsonDocument.Parse(Assert.Single(File.ReadAllLines(cli["rows.json"]))).RootElement;
        Assert.Equal(("two-moons", "npe", 1000, 7, 2), (
            row.GetProperty("task").GetString(), row.GetProperty("method").GetString(), row.GetProperty("budget").GetInt32(), row.GetProperty("seed").GetInt32(), row.GetProperty("observation").GetInt32()));
        string published = File.ReadLines(Path.Combine(shared, Published)).Single(l => l.StartsWith("two_moons,NPE,1000,2,", StringComparison.Ordinal)).Split(',')[4];
        Assert.Equal(double.Parse(published, CultureInfo.InvariantCulture), row.GetProperty("published").GetDouble());
        Assert.InRange(row.GetProperty("c2st").GetDouble(), 0.8, 1);
        Assert.Contains("\nmean ", cli.Output, StringComparison.Ordinal);
        Assert.Equal(["sample", "simulate", "train"], row.GetProperty("seconds").EnumerateObject().Select(s => s.Name).Order(StringComparer.Ordinal));
        CsvTable draws = CsvTable.Read(cli["draws/two-moons-npe-1000/seed-7/observation-2.csv"]);
        Assert.Equal((Rows, "theta_1"), (draws.Rows.Count, draws.Header[0].Text));
        Assert.Contains("| two-moons | ", File.ReadAllText(cli["page.md"]), StringComparison.Ordinal);

        // A row that is there is not made again.
        Directory.Delete(cli["runs"], recursive: true);
        Assert.Equal(0, cli.Run(command));
        Assert.False(Directory.Exists(cli["runs"]));

        // Rounds: each observation has its own simulations.
        Assert.Equal(0, cli.Run([.. command, "--method", "tsnpe"]));
        Assert.Equal(2, File.ReadAllLines(cli["rows.json"]).Length);
        Assert.True(Directory.Exists(cli["runs/sbibm/two-moons-tsnpe-1000-seed-7-observation-2"]));
    }

    // The study two-moons of the repository, and a data folder with two tasks.
    private static CliCase Case()
    {
        var cli = new CliCase();
        cli.Scratch.Write("studies/two-moons/study.yaml", File.ReadAllText(Path.Combine(RepositoryRoot.Path, "studies", "two-moons", "study.yaml")));
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
