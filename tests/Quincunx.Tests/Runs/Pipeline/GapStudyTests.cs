using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Checks;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Gaps;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies of observations with gaps: a line seen at 1 and 3 alone, whose posterior is known, and simulators that leave numbers out.</summary>
public sealed class GapStudyTests
{
    private const string WithGap = "1.2, .nan, 2.3";

    // Precision I + 4 Σ (1, t)(1, t)ᵀ at t = 1 and 3 is [[9, 16], [16, 41]]; its inverse times 4 Σ (1, t) y = (14, 32.4) is the mean.
    private const double Determinant = (9 * 41) - (16 * 16);

    private static readonly (double Mean, double Sd)[] Exact =
    [
        (((41 * 14) - (16 * 32.4)) / Determinant, Math.Sqrt(41 / Determinant)), (((9 * 32.4) - (16 * 14)) / Determinant, Math.Sqrt(9 / Determinant)),
    ];

    [Theory, Trait("Category", "Slow")]
    [InlineData("gaps: {}", 1)]
    [InlineData("gaps: { pattern: random, share: 0.6 }", 1)]
    [InlineData("gaps: {}", 2)]
    public void Run_OnALineWithAGap_FindsThePosteriorGivenTheRest(string gaps, int rounds)
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Observation = WithGap, Network = gaps, Rounds = rounds, Simulations = 2000, Epochs = 40 };
        study.Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Assert.Equal(0, metrics.Simulations.Failed);
        foreach ((ParameterMetrics parameter, (double mean, double sd)) in metrics.Parameters.Zip(Exact))
        {
            Assert.True(Math.Abs(parameter.Mean - mean) < 0.5 * sd, $"{parameter.Name}: mean {parameter.Mean}, expected {mean} ± {sd}");
            Assert.InRange(parameter.Sd / sd, 0.67, 1.5);
        }

        Assert.True(metrics.Diagnostics.Sbc!.PValue > 1e-3, $"calibration: p = {metrics.Diagnostics.Sbc.PValue}");
        Assert.Contains("1 of 3 numbers of the observation are missing", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));

        // From the run folder alone the network gives the densities that the run wrote.
        NpzFile raw = NpzFile.Read(folder["run/raw-posterior.npz"]);
        double[] theta = raw.Values<double>("theta", -1, 2), written = raw.Values<double>("log_q", theta.Length / 2), read = new double[written.Length];
        TrainedRun.Read(folder["run"]).Posterior.LogProb([1.2, double.NaN, 2.3], theta, read);
        Assert.All(written.Zip(read), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    // Where the second number is missing tells something here: it is so where the line starts above 1, and only there.
    [Fact, Trait("Category", "Slow")]
    public void Run_WhereTheSimulatorMakesTheGaps_LearnsWhatTheySay()
    {
        using var folder = new ScratchFolder();
        new LineStudy { Observation = WithGap, Fails = "sometimes", Network = "gaps: { pattern: simulator }", Simulations = 4000, Epochs = 40 }.Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Assert.Equal(0, metrics.Simulations.Failed);

        // The normal above, cut off at 1: mean m + s φ(a) / Q(a) with a = (1 - m) / s = 0.845.
        Assert.InRange(metrics.Parameters[0].Mean, 1.335 - 0.2, 1.335 + 0.2);
        double[] starts = [.. NpzFile.Read(folder["run/raw-posterior.npz"]).Values<double>("theta", -1, 2).Chunk(2).Select(theta => theta[0])];
        Assert.InRange(starts.Count(start => start < LineCatalog.FailsAbove) / (double)starts.Length, 0, 0.2);
    }

    [Fact]
    public void Encode_OfGapsFailuresAndWholeRows_KeepsThemApart()
    {
        double[][] rows = [[1, double.NaN], [double.NaN, double.NaN], [double.NaN, double.PositiveInfinity], [1, 2]];
        foreach (double[] row in rows)
        {
            GapCode.Encode(row);
        }

        Assert.Equal([true, false, false, true], rows.Select(row => Array.TrueForAll(row, double.IsFinite)));
        Assert.Equal([1, double.NaN, 1, 2], GapCode.Decode(new SimulationPairs(new double[2], [.. rows[0], .. rows[3]], 2, 0)).X);
    }

    [Fact]
    public void Cover_WithEachPattern_LosesWhatItSays()
    {
        double[] observation = [double.NaN, 1, 2, 3], xs = [.. Enumerable.Range(0, 4 * 4000).Select(i => i % 4 == 3 && i % 8 == 3 ? double.NaN : 1.0)];
        var pairs = new SimulationPairs(new double[4000], xs, 4000, 0);
        SimulationPairs Covered(string pattern) => new StudyGaps(new GapSettings(pattern, 0.5), observation).Cover(pairs, new Rng(3));
        double[] Missing(SimulationPairs covered) => [.. Enumerable.Range(0, 4).Select(j => covered.X.Where((_, i) => i % 4 == j).Count(double.IsNaN) / 4000.0)];

        Assert.Equal([1, 0, 0, 0.5], Missing(Covered(GapSettings.Observation)));
        Assert.Same(pairs, Covered(GapSettings.Simulator));

        // Half as the observation, half with a quarter of them missing on average: five standard errors.
        double[] random = Missing(Covered(GapSettings.Random));
        foreach ((double found, double expected) in random.Zip([0.625, 0.125, 0.125, 0.5625]))
        {
            Assert.Equal(expected, found, 0.04);
        }

        Assert.Equal(0.125, Missing(pairs).Average());
        SimulationPairs besideContext = new StudyGaps(new GapSettings(GapSettings.Random, 1), [double.NaN, 1, 2, 3], context: 2).Cover(pairs with { X = [.. xs.Select(_ => 1.0)] }, new Rng(4));
        Assert.Equal([0.0, 0.0], Missing(besideContext)[2..]);
        Assert.Equal([1, 2, 3], new StudyGaps(new GapSettings(GapSettings.Observation, 0.5), observation).Present);
    }

    [Fact]
    public void Load_CellsThatAreEmptyOrNaN_AreGaps()
    {
        using var folder = new ScratchFolder();
        folder.Write("line/data.csv", "y_1,y_2,y_3\n1.2,,nan\n");
        string file = new LineStudy { Network = "gaps: {}" }.Write(folder);
        File.WriteAllText(file, File.ReadAllText(file).Replace("{ values: [1.2, 1.4, 2.3] }", "{ file: data.csv }", StringComparison.Ordinal));
        Assert.Equal([1.2, double.NaN, double.NaN], Study.Load(file, new LineCatalog()).Observation);
        File.WriteAllText(file, File.ReadAllText(file).Replace("gaps: {}", "", StringComparison.Ordinal));
        Assert.Contains("found an empty cell, expected a finite number. Numbers that are missing need the key inference.gaps", Assert.Throws<StudyException>(() => Study.Load(file, new LineCatalog())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WithGap, "flow: { bins: 8 }", "", "Numbers that are missing need the key inference.gaps")]
    [InlineData(".nan, .nan, .nan", "gaps: {}", "", "found no number that is not missing, expected at least one")]
    [InlineData(WithGap, "method: nle\ngaps: {}", "", "no such key for nle. Only networks of npe see which numbers are missing.")]
    [InlineData("1, 2, .nan", "gaps: {}\nembedding: { outputs: 2, context: 1 }", "", "found a circumstance (inference.embedding.context) that is missing")]
    [InlineData(WithGap, "gaps: {}\nbalance: 100", "", "With gaps there is no balance.")]
    [InlineData(WithGap, "gaps: {}\nensemble: {}", "", "With gaps there is one network.")]
    [InlineData(WithGap, "gaps: {}\nfresh: true", "", "no such key beside gaps")]
    [InlineData(WithGap, "gaps: { share: 0.2 }", "", "Shares are of the pattern random.")]
    [InlineData(WithGap, "gaps: { pattern: some }", "", "one of observation, random, simulator")]
    [InlineData(WithGap, "gaps: {}", "marginals: {}", "no such key beside inference.gaps")]
    [InlineData(WithGap, "gaps: {}", "importance: {}", "no such key beside inference.gaps")]
    public void Load_WhatDoesNotGoWithGaps_SaysSo(string observation, string network, string more, string expected)
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Observation = observation, Network = network, More = more };
        Assert.Contains(expected, Assert.Throws<StudyException>(() => study.Load(folder)).Message, StringComparison.Ordinal);
    }

    // Half of the simulations lack a number; none has failed, in a run and in a check.
    [Fact]
    public void Check_OfASimulatorWithGaps_CountsNoFailure()
    {
        using var folder = new ScratchFolder();
        Study study = new LineStudy { Observation = WithGap, Fails = "nan", Network = "gaps: { pattern: simulator }" }.Load(folder);
        SimulatorCheck check = SimulatorChecker.Run(study, 50, TimeProvider.System, CancellationToken.None);
        Assert.Equal(0, check.Failed);
        Assert.DoesNotContain(check.Warnings, warning => warning.Contains("outside", StringComparison.Ordinal));
        Assert.True(double.IsFinite(check.Outputs[0].Lower));
    }

    [Fact]
    public void Run_OfRecordedSimulationsWithGaps_TrainsOnThem()
    {
        using var folder = new ScratchFolder();
        var rng = new Rng(5);
        string rows = string.Concat(Enumerable.Range(0, 200).Select(i =>
        {
            double a = rng.NextNormal();
            return FormattableString.Invariant($"{a},{a + rng.NextNormal()},{(i % 2 == 0 ? double.NaN : a + rng.NextNormal())}\n");
        }));
        folder.Write("all.csv", "a,x,y\n" + rows);
        string file = folder.Write("study.yaml", """
            format: 1
            simulator: { recorded: all.csv }
            prior: { a: { normal: { mean: 0, sd: 1 } } }
            observation: { values: [1, .nan] }
            inference: { gaps: { pattern: simulator }, flow: { kind: affine-autoregressive, transforms: 1, hidden: [8] }, training: { max-epochs: 2 } }
            diagnostics: { sbc: 50, sbc-draws: 20 }
            posterior: { draws: 200 }
            """);
        using var study = Study.Load(file, new LineCatalog());
        using (var run = RunFolder.Open(folder["run"], study, TimeProvider.System))
        {
            new StageEngine(run, StudyPipeline.Create(study, TimeProvider.System, new Quincunx.Runs.Execution.RecordedEngine(study.Recorded!.Set)).Stages, progress: null).Run(last: null, CancellationToken.None);
        }

        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Assert.Equal((150, 0), (metrics.Simulations.Total, metrics.Simulations.Failed));
        Assert.Equal(50, metrics.Diagnostics.Sbc!.Pairs);
    }
}
