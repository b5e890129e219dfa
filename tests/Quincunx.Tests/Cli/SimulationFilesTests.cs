using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Tests.Runs.Campaigns;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary>Simulations out of a run, and simulations from elsewhere in place of a simulator.</summary>
public sealed class SimulationFilesTests
{
    private static readonly string[] Parameters = ["start", "slope"], Outputs = ["y_1", "y_2", "y_3"];

    [Theory]
    [InlineData("npz")]
    [InlineData("npy")]
    [InlineData("csv")]
    public void Export_OfEachKind_HoldsTheSimulations(string ending)
    {
        using CliCase cli = LineProgram.Case();
        new LineStudy { Simulations = 30_000, Fails = "sometimes", StartMean = -1 }.Write(cli.Scratch);
        Assert.Equal(0, cli.Run("simulate", "line", "--quiet"));
        Assert.Equal(0, cli.Run("export", "line", "--simulations", "out/rows." + ending));
        SimulationSet stored = StoreContents.Simulations(cli["runs/line"]);
        Assert.Equal(
            FormattableString.Invariant($"Wrote {cli["out/rows." + ending]}: 30000 simulations of line, round 1, {stored.FailedRows.Count} of them failed, {new FileInfo(cli["out/rows." + ending]).Length} bytes.\n"), cli.Output);
        (IReadOnlyList<string> outputs, SimulationSet read) = RowTable.Read(cli["out/rows." + ending], Parameters, ending == "csv" ? null : Outputs);
        Assert.Equal(Outputs, outputs);
        Assert.Equal(stored.Theta, read.Theta);
        Assert.Equal(stored.X, read.X);
        Assert.Equal(0, cli.Run("export", "line", "--simulations", "again." + ending, "--json", "--round", "1"));
        Assert.Equal(FileFingerprint.Of(cli["out/rows." + ending]).Sha256, cli.Json.Last().GetProperty("sha256").GetString());
    }

    // 2000 simulations of which 60 are for calibration are the first 1940 of the simulator to the network.
    [Theory, Trait("Category", "Slow")]
    [InlineData("npz")]
    [InlineData("npy")]
    [InlineData("csv")]
    public void Run_OfWhatWasExported_TrainsTheSameNetwork(string ending)
    {
        using CliCase cli = LineProgram.Case();
        var study = new LineStudy { Simulations = 2000, Epochs = 3 };
        study.Write(cli.Scratch);
        Assert.Equal(0, cli.Run("simulate", "line", "--quiet"));
        Assert.Equal(0, cli.Run("export", "line", "--simulations", "rows." + ending));
        (study with { Simulations = 1940 }).Write(cli.Scratch);
        Assert.Contains(cli.Run("run", "line", "--quiet"), new[] { 0, 3 });

        Write(cli, "inference: { flow: { kind: affine-autoregressive, transforms: 2, hidden: [16] }, training: { batch: 50, learning-rate: 0.005, max-epochs: 3 } }");
        Assert.Equal(0, cli.Run("import", "recorded", "rows." + ending));
        Assert.Contains("2000 simulations, of which the last 60 are for checking calibration", cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("check", "recorded"));
        Assert.Contains("Simulations: 2000 recorded in rows.npz, 0 failed", cli.Output, StringComparison.Ordinal);
        Assert.Contains(cli.Run("run", "recorded"), new[] { 0, 3 });
        Assert.Contains("The posterior predictive check could not be made, because it needs new simulations", cli.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(cli["runs/line/network/round-1.npz"]), File.ReadAllBytes(cli["runs/recorded/network/round-1.npz"]));
        Assert.Equal(StoreContents.Simulations(cli["runs/line"]).X, StoreContents.Simulations(cli["runs/recorded"]).X);
        Metrics metrics = JsonArtifact.Read<Metrics>(cli["runs/recorded/metrics.json"]);
        Assert.Equal((60, 1940L), (metrics.Diagnostics.Sbc!.Pairs, metrics.Simulations.Total));
        Assert.NotEqual(VerdictMetrics.Trusted, metrics.Verdict.Level);
        Assert.Contains(metrics.Verdict.Passed, p => p.StartsWith("the recorded parameters look like draws from the prior", StringComparison.Ordinal));
        Assert.Equal(0, cli.Run("run", "recorded", "--quiet") % 3);

        // The file is an input: other numbers are other simulations.
        byte[] before = File.ReadAllBytes(cli["runs/recorded/simulations/round-1.json"]);
        RowTable.Write(cli["recorded/rows.npz"], Parameters, Outputs, 300, use => use(Rows(300, sd: 1)));
        Assert.Contains(cli.Run("run", "recorded", "--quiet"), new[] { 0, 3 });
        Assert.NotEqual(before, File.ReadAllBytes(cli["runs/recorded/simulations/round-1.json"]));
    }

    [Fact]
    public void Run_OfParametersFromAnotherLaw_IsNotTrusted()
    {
        using CliCase cli = LineProgram.Case();
        Write(cli, "inference: { flow: { kind: affine-autoregressive, transforms: 1, hidden: [8] }, training: { max-epochs: 1 } }");
        RowTable.Write(cli["recorded/rows.npz"], Parameters, Outputs, 2000, use => use(Rows(2000, sd: 0.6)));
        Assert.Equal(3, cli.Run("run", "recorded"));
        Assert.Matches(@"The recorded parameters do not look like draws from the prior \((start|slope): ", cli.Output);
        Assert.InRange(JsonArtifact.Read<DiagnosticFacts>(cli["runs/recorded/diagnostics.json"]).Recorded!.PValue, 0, 1e-6);
    }

    // The order of the file need not be that of the prior.
    [Fact]
    public void Load_WithParametersInAnotherOrder_PutsThemInThatOfThePrior()
    {
        using CliCase cli = LineProgram.Case();
        Write(cli, "", "parameters: [slope, start], outputs: 3");
        RowTable.Write(cli["recorded/rows.npz"], ["slope", "start"], Outputs, 100, use => use(Rows(100, sd: 1)));
        Assert.Equal(0, cli.Run("simulate", "recorded", "--quiet"));
        SimulationSet stored = StoreContents.Simulations(cli["runs/recorded"]);
        double[] rows = Rows(100, sd: 1);
        Assert.Equal((rows[5], rows[6]), (stored.Theta[3], stored.Theta[2]));
        Assert.Equal(40, stored.Count);
    }

    [Theory]
    [InlineData("start,slope,y_1\n1,2,3\n1,x,3\n", "rows.csv: line 3, column 3: 'x' for slope, expected a finite number")]
    [InlineData("start,slope,y_1\n1,nan,3\n", "rows.csv: line 2, column 3: 'nan' for slope, expected a finite number")]
    [InlineData("start,slope,y_1\n1,2,three\n", "rows.csv: line 2, column 5: 'three' for y_1, expected a number, or NaN in a simulation that failed")]
    [InlineData("start,slope\n1,2\n", "rows.csv: line 1: no columns but the parameters, expected at least one output")]
    [InlineData("start,y_1\n1,2\n", "rows.csv: line 1: columns start, y_1, expected one 'slope'")]
    [InlineData("start,slope,y_1\n1,2\n", "rows.csv: line 2: 2 cells, expected 3, as in the header")]
    [InlineData("start,slope,start\n1,2,3\n", "rows.csv: line 1, column 13: a second column 'start', expected different names")]
    [InlineData("start,slope,y_1\n", "rows.csv: no rows, expected at least one simulation")]
    public void Import_OfABadTable_NamesLineAndColumn(string text, string message)
    {
        using CliCase cli = LineProgram.Case();
        Write(cli, "", more: "");
        cli.Scratch.Write("rows.csv", text);
        Assert.Equal(2, cli.Run("import", "recorded", "rows.csv"));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
        Assert.Contains("study.yaml", cli.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli["recorded/rows.npz"]));
    }

    [Theory]
    [InlineData("inference: { rounds: 2 }", "", "expected 1, since a further round needs new simulations")]
    [InlineData("inference: { simulations: 41 }", "", "expected at most 40: there are 100, of which the last 60 are for checking calibration (diagnostics.sbc)")]
    [InlineData("", "parameters: [start, start]", "expected those of the prior, each once: start, slope")]
    [InlineData("", "outputs: [a, b]", "3 outputs, expected 2: a, b")]
    [InlineData("", "outputs: 4", "found 3 outputs, expected 4")]
    [InlineData("importance: {}", "", "expected no such key, since it needs a likelihood")]
    public void Load_OfAStudyThatCannotBe_SaysWhy(string keys, string more, string expected)
    {
        using CliCase cli = LineProgram.Case();
        Write(cli, keys, more);
        RowTable.Write(cli["recorded/rows.npz"], Parameters, Outputs, 100, use => use(Rows(100, sd: 1)));
        Assert.Equal(2, cli.Run("check", "recorded"));
        Assert.Contains(expected, cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unexpected error", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfParametersOutsideThePrior_NamesTheSimulation()
    {
        using CliCase cli = LineProgram.Case();
        Write(cli, "", prior: "uniform: { lower: -1, upper: 1 }");
        double[] rows = Rows(100, sd: 0.01);
        rows[(7 * 5) + 1] = -1.5;
        RowTable.Write(cli["recorded/rows.npz"], Parameters, Outputs, 100, use => use(rows));
        Assert.Equal(2, cli.Run("run", "recorded"));
        Assert.Contains("found simulation 7 of rows.npz at start = ", cli.Error, StringComparison.Ordinal);
        Assert.Contains("slope = -1.5, expected parameters that the prior allows", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_WithoutSomethingToDo_SayWhat()
    {
        using CliCase cli = LineProgram.Case();
        new LineStudy().Write(cli.Scratch);
        Assert.Equal(2, cli.Run("import", "line", "rows.csv"));
        Assert.Contains("expected one of recorded simulations (simulator: { recorded: FILE })", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("export", "line", "--simulations", "a.npz"));
        Assert.Equal(0, cli.Run("simulate", "line", "--quiet"));
        Assert.Equal(2, cli.Run("export", "line"));
        Assert.Contains("expected --onnx FILE, --simulations FILE or both", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("export", "line", "--simulations", "rows.hdf5"));
        Assert.Contains("expected a file that ends in .npz, .npy or .csv", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("export", "line", "--simulations", "rows.npz", "--round", "2"));
        Assert.Contains("found rounds 1, expected the simulations of round 2", cli.Error, StringComparison.Ordinal);
    }

    private static void Write(CliCase cli, string keys, string more = "outputs: [y_1, y_2, y_3]", string prior = "normal: { mean: 0, sd: 1 }") => cli.Scratch.Write("recorded/study.yaml", $$"""
        format: 1
        simulator: { recorded: rows.npz, {{more}} }
        prior:
          start: { {{prior}} }
          slope: { {{prior}} }
        observation: { values: [1.2, 1.4, 2.3] }
        seed: 7
        {{keys}}
        diagnostics: { sbc: 60, sbc-draws: 50, predictive: 100 }
        posterior: { draws: 500 }
        """);

    // Of the line: start, slope, and three noisy points.
    private static double[] Rows(int count, double sd)
    {
        double[] rows = new double[5 * count];
        var rng = new Quincunx.Numerics.Random.Rng(9);
        for (int row = 0; row < count; row++)
        {
            (rows[5 * row], rows[(5 * row) + 1]) = (sd * rng.NextNormal(), sd * rng.NextNormal());
            for (int i = 1; i <= 3; i++)
            {
                rows[(5 * row) + 1 + i] = rows[5 * row] + (rows[(5 * row) + 1] * i) + (0.5 * rng.NextNormal());
            }
        }

        return rows;
    }
}
