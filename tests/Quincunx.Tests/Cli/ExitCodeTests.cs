using System.Text.Json;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Store;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Cli;

/// <summary>What honest mistakes and broken disks end with.</summary>
public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("simulator: two-moons", "simulator: [two-moons]", "study.yaml:3:12: simulator: found ")]
    [InlineData("seed: 3", "sede: 3", "study.yaml:9:1: sede: found ")]
    [InlineData("theta_2:", "theta_3:", "study.yaml:6:3: prior.theta_3: found 'theta_3', which is no parameter of two-moons, expected one of theta_1, theta_2.")]
    [InlineData("[0.1, 0.2]", "[0.1, .nan]", "study.yaml:7:30: observation.values[1]: found ")]
    [InlineData("[0.1, 0.2]", "[0.1]", "study.yaml:7:24: observation.values: found 1 numbers, expected 2")]
    [InlineData("simulations: 100", "simulations: 0", "study.yaml:8:27: inference.simulations: found 0, expected ")]
    [InlineData("simulations: 100", "simulations: ten", "study.yaml:8:27: inference.simulations: found 'ten', expected a whole number from 10 to ")]
    [InlineData("simulations: 100", "simulations: 100000000, memory: 900 GiB", "study.yaml:8:27: inference.simulations: found 100000000 rows of 4 numbers, expected at most 65000000, since they are kept in memory.")]
    [InlineData("seed: 3", "posterior: { draws: 1000000000 }", "study.yaml:9:21: posterior.draws: found 1000000000 rows of 3 numbers, expected at most 86666666, since they are kept in memory.")]
    [InlineData("theta_2:", "theta_l:", "which is no parameter of two-moons, expected one of theta_1, theta_2. Did you mean 'theta_2'?")]
    [InlineData("seed: 3", "sede: 3", "Did you mean 'seed'?")]
    [InlineData("{ values: [0.1, 0.2] }", "{ file: none.csv }", "study.yaml:7:22: observation.file: found ")]
    [InlineData("upper: 1 }", "upper: -1 }", "study.yaml:5:43: prior.theta_1.uniform.upper: found lower -1 and upper -1, expected ")]
    [InlineData("format: 1", "format: 2", "study.yaml:1:9: format: found format 2, expected format 1. The file is for a newer version of Quincunx.")]
    public void Study_ThatCannotBeUsed_EndsWithTwoAndNamesThePlace(string good, string bad, string message)
    {
        using var cli = new CliCase();
        string study = CliCase.Study + "\nseed: 3\n";
        Assert.Contains(good, study, StringComparison.Ordinal);
        cli.Scratch.Write("toy/study.yaml", study.Replace(good, bad, StringComparison.Ordinal));
        foreach (string command in new[] { "run", "check" })
        {
            Assert.Equal(2, cli.Run(command, "toy"));
            Assert.Contains(message, cli.Error, StringComparison.Ordinal);
            Assert.Equal("", cli.Output);
        }

        Assert.Equal(2, cli.Run("run", "toy", "--json"));
        JsonElement error = Assert.Single(cli.Json);
        Assert.Equal(("error", "study", 2), (error.GetProperty("event").GetString(), error.GetProperty("kind").GetString(), error.GetProperty("exitCode").GetInt32()));
        JsonElement problem = error.GetProperty("problems")[0];
        Assert.EndsWith("study.yaml", problem.GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.True(problem.GetProperty("line").GetInt32() > 0);
        Assert.False(Directory.Exists(cli["runs"]));
    }

    [Fact]
    public void MissingFiles_EndWithTwo()
    {
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run("run", "nowhere"));
        Assert.Contains("nowhere: found no such file, expected a study file, or a folder with a study.yaml.", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("run", "toy", "--observation", "none.csv"));
        Assert.Equal($"{cli["none.csv"]}: found no such file, expected a readable file.\n", cli.Error);
        Assert.Equal(2, cli.Run("show", "nothing"));
        Assert.Contains("found no such folder, expected the folder of a run.", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("list", "--out", "nothing"));
        Assert.Contains("found no such folder", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("show", "toy"));
        Assert.Contains("found a folder without manifest.json, expected the folder of a run.", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x_1,x_2\n0.5,nan\n", "other.csv:2:5: found 'nan', expected a finite number.")]
    [InlineData("x_1,x_3\n0.5,1\n", "other.csv:1:1: found 2 columns, none of them named x_2, expected the 2 outputs of two-moons: x_1, x_2.")]
    [InlineData("x_1,x_2\n1,2\n3,4\n", "other.csv: found 2 rows in ")]
    public void Observation_ThatCannotBeUsed_EndsWithTwo(string csv, string message)
    {
        using var cli = new CliCase();
        cli.Scratch.Write("other.csv", csv);
        Assert.Equal(2, cli.Run("run", "toy", "--observation", "other.csv"));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run toy --seed -1", "--seed: found '-1', expected a whole number from 0 to 9007199254740991.\nSee 'quincunx run --help'.\n")]
    [InlineData("run toy --seed 9007199254740992", "--seed: found '9007199254740992', expected a whole number from 0 to 9007199254740991.\nSee 'quincunx run --help'.\n")]
    [InlineData("check toy --simulations 0", "--simulations: found '0', expected a whole number from 1 to 1000000.\nSee 'quincunx check --help'.\n")]
    [InlineData("runn toy", "Unknown command, option or argument 'runn'.\nUnknown command, option or argument 'toy'.\nSee 'quincunx --help'.\n")]
    [InlineData("run toy --sead 3", "Unknown command, option or argument '--sead'.\nUnknown command, option or argument '3'.\nSee 'quincunx run --help'.\n")]
    [InlineData("run", "Required argument missing for command: 'run'.\nSee 'quincunx run --help'.\n")]
    public void Options_ThatCannotBeUsed_EndWithTwo(string args, string message)
    {
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run(args.Split(' ')));
        Assert.Equal(("", message), (cli.Output, cli.Error));
        Assert.Equal(2, cli.Run([.. args.Split(' '), "--json"]));
        Assert.Equal("usage", Assert.Single(cli.Json).GetProperty("kind").GetString());
    }

    [Fact]
    public void RunFolder_ThatCannotBeUsed_EndsWithTwoAndIsLeftAlone()
    {
        using var cli = new CliCase();
        cli.Run("run", "toy", "--quiet");
        string manifest = File.ReadAllText(cli["runs/toy/manifest.json"]);

        cli.Scratch.Write("runs/toy/manifest.json", manifest[..(manifest.Length / 2)]);
        AssertRefused("found damage: text that is not JSON", "run", "toy");
        AssertRefused("found damage: text that is not JSON", "show", "runs/toy");
        cli.Scratch.Write("runs/toy/manifest.json", manifest.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        AssertRefused("found format 2, of a newer version of Quincunx", "run", "toy");
        cli.Scratch.Write("runs/toy/manifest.json", manifest);

        using (RunFolder.Open(cli["runs/toy"], cli.Planned!, TimeProvider.System))
        {
            AssertRefused("found a run folder in use by process", "run", "toy");
        }

        cli.Scratch.Write("mine/thesis.tex", "mine");
        AssertRefused("found a folder with other files and no manifest.json", "run", "toy", "--out", "mine");
        AssertRefused("found a file, expected a folder for the run", "run", "toy", "--out", "mine/thesis.tex");
        Assert.Equal(0, cli.Run("run", "toy", "--quiet"));

        void AssertRefused(string message, params string[] args)
        {
            Assert.Equal(2, cli.Run(args));
            Assert.Contains(message, cli.Error, StringComparison.Ordinal);
            Assert.Equal(2, cli.Run([.. args, "--json"]));
            Assert.NotEqual("", cli.Json.Last().GetProperty("problems")[0].GetProperty("expected").GetString());
        }
    }

    [SmallDiskFact]
    public void Run_ReadOnlyDisk_EndsWithTwo()
    {
        using var disk = new SmallDisk(kibibytes: 64);
        disk.MakeReadOnly();
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run("run", "toy", "--out", disk["run"]));
        Assert.Contains("read-only", cli.Error, StringComparison.Ordinal);
        Assert.Contains("--out", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"format\":2}", "metrics.json: found format 2, of a newer version of Quincunx, expected format 1.")]
    [InlineData("{\"format\":1,\"verdict\":{\"level\":\"good\",\"reasons\":[]}}", "metrics.json: found the verdict 'good', expected trusted, caution or do-not-trust.")]
    [InlineData("{\"format\":1,\"parameters\":[{}]}", "metrics.json: found a verdict or parameters of another form, expected the metrics of a run.")]
    [InlineData("{\"format\":1,", "metrics.json: line 1, byte ")]
    public void Show_MetricsThatCannotBeRead_EndsWithTwo(string metrics, string message)
    {
        using var cli = new CliCase();
        cli.Run("run", "toy", "--quiet");
        cli.Scratch.Write("runs/toy/metrics.json", metrics);
        Assert.Equal(2, cli.Run("show", "toy"));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SimulatorThatCannotBeUsed_EndsWithTwo()
    {
        using var cli = new CliCase { InTraining = () => throw new RunException("All simulations failed.") };
        Assert.Equal(2, cli.Run("run", "toy", "--json"));
        Assert.Equal("All simulations failed.\n", cli.Error);
        Assert.Equal("run", cli.Json.Last().GetProperty("kind").GetString());
    }

    [Fact]
    public void Run_OutOfMemory_EndsWithTwoAndSaysWhatToLower()
    {
        using var cli = new CliCase { InTraining = () => throw new OutOfMemoryException() };
        Assert.Equal(2, cli.Run("run", "toy", "--json"));
        Assert.StartsWith("Found too little memory for this study on this machine, expected room", cli.Error, StringComparison.Ordinal);
        Assert.Equal("memory", cli.Json.Last().GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("show")]
    [InlineData("list --out")]
    [InlineData("run toy --out")]
    [InlineData("run toy --observation")]
    public void EmptyPath_EndsWithTwo(string command)
    {
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run([.. command.Split(' '), ""]));
        Assert.Equal("Found an empty path, expected a file or folder.\n", cli.Error);
    }

    [Fact]
    public void UnexpectedException_EndsWithOneAndSaysHowToReport()
    {
        using var cli = new CliCase { InTraining = () => throw new InvalidOperationException("Oops.") };
        Assert.Equal(1, cli.Run("run", "toy"));
        Assert.StartsWith("Unexpected error, InvalidOperationException: Oops.\nThis is a mistake in quincunx ", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", cli.Error, StringComparison.Ordinal);
        Assert.Equal(1, cli.Run("run", "toy", "--verbose", "--json"));
        Assert.Contains("   at Quincunx.Runs.Store.StageEngine", cli.Error, StringComparison.Ordinal);
        Assert.Equal("bug", cli.Json.Last().GetProperty("kind").GetString());
    }

    [Fact]
    public void Output_ThatCannotBeWritten_IsNoCrash()
    {
        using var cli = new CliCase();
        using var error = new StringWriter();
        using var full = new FullWriter();
        Assert.Equal(2, cli.Run(full, error, "list"));
        Assert.Contains("The system refused to read or write: No space left", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, cli.Run(full, full, "list", "--json", "--out", "nothing"));
    }

    private sealed class FullWriter : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }
}
