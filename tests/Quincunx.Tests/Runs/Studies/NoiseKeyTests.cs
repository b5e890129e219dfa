using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Checks;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Studies;

/// <summary>The key <c>noise</c>: what it reads, and what it refuses.</summary>
public sealed class NoiseKeyTests
{
    private const string Data = "1.2, 1.4, 2.3", WithLevel = "1.2, 1.4, 2.3, 0.5", Prior = "level: { uniform: { lower: 0.2, upper: 1 } }";

    private static readonly LineStudy Study = new() { Simulator = "clean" };

    [Fact]
    public void Load_OfEachForm_ReadsIt()
    {
        using var folder = new ScratchFolder();
        NoiseSettings Noise(string keys, string observation = Data) => (Study with { More = $"noise: {{ {keys} }}", Observation = observation }).Load(folder).Noise!;
        Assert.Equal([0.5], Noise("level: 0.5").Levels);
        Assert.Equal((false, false), (Noise("level: 0.5").Fresh, Noise("level: 0.5").Deterministic));
        Assert.Equal([0.5, 1, 2e-3], Noise("level: [0.5, 1, 2e-3], fresh: true, deterministic: true").Levels);
        NoiseSettings drawn = Noise("level: { log-normal: { mu: 0, sigma: 0.5 } }", WithLevel);
        Assert.Empty(drawn.Levels);
        Assert.Equal("log-normal(mu 0, sigma 0.5)", drawn.Prior!.ToString());
        Assert.Null(Study.Load(folder).Noise);
    }

    [Theory]
    [InlineData("level: 0", Data, "noise.level: found 0, expected a positive number")]
    [InlineData("level: -0.5", Data, "noise.level: found -0.5, expected a positive number")]
    [InlineData("level: .nan", Data, "noise.level: found '.nan', which is not finite, expected a positive number, a list of them, or a distribution")]
    [InlineData("level: .inf", Data, "noise.level: found '.inf', which is not finite")]
    [InlineData("level: loud", Data, "noise.level: found 'loud', expected a positive number")]
    [InlineData("level: [0.5, 0.5]", Data, "noise.level: found 2 levels, expected 3, one for each output of clean (y_1, y_2, y_3), or one number for all")]
    [InlineData("level: [0.5, -1, 0.5]", Data, "noise.level[1]: found -1, expected a positive number")]
    [InlineData("level: []", Data, "noise.level: found an empty list")]
    [InlineData("fresh: true", Data, "noise: found no key 'level'")]
    [InlineData("level: 0.5, fresh: maybe", Data, "noise.fresh: found 'maybe', expected true or false")]
    [InlineData("level: 0.5, sd: 1", Data, "the unknown key 'sd'")]
    [InlineData("level: { uniform: { lower: 1, upper: 0.2 } }", WithLevel, "expected upper to be greater than lower")]
    [InlineData("level: { normal: { mean: 0.5, sd: 0.1 } }", WithLevel, "found normal(mean 0.5, sd 0.1), from -Infinity, expected a distribution of positive numbers. A normal one may be cut off with lower: 0.")]
    [InlineData("level: { uniform: { lower: -0.5, upper: 1 } }", WithLevel, "found uniform(lower -0.5, upper 1), from -0.5, expected a distribution of positive numbers")]
    [InlineData(Prior, Data, "found 3 numbers, expected 4, the 3 outputs of clean and noise_level: y_1, y_2, y_3, noise_level")]
    [InlineData("level: 0.5", WithLevel, "found 4 numbers, expected 3, the outputs of clean")]
    [InlineData(Prior, "1.2, 1.4, 2.3, 1.5", "found noise_level = 1.5, expected a positive level that uniform(lower 0.2, upper 1) allows")]
    [InlineData("level: { half-normal: { sd: 1 } }", "1.2, 1.4, 2.3, 0", "found noise_level = 0, expected a positive level")]
    [InlineData("level: { half-normal: { sd: 1 } }", "1.2, 1.4, 2.3, -1", "found noise_level = -1, expected a positive level")]
    [InlineData(Prior, "1.2, 1.4, 2.3, .nan", "observation.values[3]: found '.nan', which is not finite")]
    public void Load_WithAnImpossibleLevel_SaysWhereAndWhy(string noise, string observation, string said)
    {
        using var folder = new ScratchFolder();
        StudyException e = Assert.Throws<StudyException>(() => (Study with { More = $"noise: {{ {noise} }}", Observation = observation }).Load(folder));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.All(e.Problems, p => Assert.True(p.Line > 0));
    }

    [Theory]
    [InlineData("level: 0.5", Data, "method: rascal", "", "no such key for rascal. Its joint scores and ratios are of what the simulator gives.")]
    [InlineData(Prior, WithLevel, "method: nle", "", "found a distribution, expected a number, or one for each output, for nle")]
    [InlineData(Prior, WithLevel, "method: smc-abc", "", "found a distribution, expected a number, or one for each output, for smc-abc")]
    [InlineData("level: 0.5", Data, "embedding: { kind: convolution, outputs: 2, context: 1 }", "", "inference.embedding.context: found context, expected no such key beside noise")]
    [InlineData("level: 0.5", Data, "method: nle\nlikelihood: { discrete: [y_1] }", "", "inference.likelihood.discrete: found discrete, expected no such key beside noise")]
    [InlineData("level: 0.5, fresh: true", Data, "method: mdn", "", "noise.fresh: found fresh, expected no such key for mdn")]
    [InlineData("level: 0.5, fresh: true", Data, "fresh: true", "", "no such key beside inference.fresh")]
    [InlineData("level: 0.5, fresh: true", Data, "ensemble: {}", "", "no such key beside inference.ensemble")]
    [InlineData("level: 0.5, fresh: true", Data, "balance: 10", "", "no such key beside inference.balance")]
    [InlineData("level: 0.5, fresh: true", Data, "gaps: {}", "", "no such key beside inference.gaps")]
    [InlineData("level: 0.5", Data, "method: npe", "importance: {}", "importance: found importance, expected no such key beside noise, unless noise.deterministic is true")]
    [InlineData(Prior, "1.2, .nan, 2.3, .nan", "gaps: {}", "", "found no noise_level, expected that of the data")]
    [InlineData(Prior, ".nan, .nan, .nan, 0.5", "gaps: {}", "", "found no number that is not missing")]
    public void Load_WithWhatDoesNotGoWithNoise_SaysSo(string noise, string observation, string network, string more, string said)
    {
        using var folder = new ScratchFolder();
        LineStudy study = Study with { More = $"noise: {{ {noise} }}\n{more}", Observation = observation, Network = network };
        Assert.Contains(said, Assert.Throws<StudyException>(() => study.Load(folder)).Message, StringComparison.Ordinal);
    }

    // Of a simulator with a likelihood that would be the one of its clean outputs.
    [Fact]
    public void Load_ReweightingByTheSimulatorsOwnLikelihood_IsRefused()
    {
        using var folder = new ScratchFolder();
        LineStudy study = Study with { Simulator = "line", More = "noise: { level: 0.5 }", Reweights = true };
        Assert.Contains("The simulator's own likelihood is that of its outputs without the noise.", Assert.Throws<StudyException>(() => study.Load(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfATable_TakesTheLevelFromItsColumn()
    {
        using var folder = new ScratchFolder();
        string file = (Study with { More = $"noise: {{ {Prior} }}", Observation = WithLevel }).Write(folder);
        File.WriteAllText(file, File.ReadAllText(file).Replace($"{{ values: [{WithLevel}] }}", "{ file: data.csv }", StringComparison.Ordinal));
        folder.Write("line/data.csv", "noise_level,y_3,y_2,y_1\n0.5,2.3,1.4,1.2\n");
        Assert.Equal([1.2, 1.4, 2.3, 0.5], Quincunx.Runs.Studies.Study.Load(file, new LineCatalog()).Observation);
        folder.Write("line/data.csv", "y_3,y_2,y_1\n2.3,1.4,1.2\n");
        Assert.Contains(
            "found 3 columns, none of them named noise_level, expected the 3 outputs of clean and noise_level: y_1, y_2, y_3, noise_level",
            Assert.Throws<StudyException>(() => Quincunx.Runs.Studies.Study.Load(file, new LineCatalog())).Message, StringComparison.Ordinal);
    }

    // Without noise it would warn of a simulator without randomness, and of data outside all simulations.
    [Fact]
    public void Check_OfADeterministicSimulatorWithNoise_LooksAtObservations()
    {
        using var folder = new ScratchFolder();
        Study study = (Study with { More = $"noise: {{ {Prior}, deterministic: true }}", Observation = WithLevel }).Load(folder);
        SimulatorCheck check = SimulatorChecker.Run(study, 50, TimeProvider.System, CancellationToken.None);
        Assert.Empty(check.Problems);
        Assert.Empty(check.Warnings);
        Assert.Equal(["y_1", "y_2", "y_3", NoiseSettings.LevelName], check.Outputs.Select(o => o.Name));
        Assert.InRange(check.Outputs[3].Lower, 0.2, 0.3);
        Assert.Equal((50, 50), (check.Likelihood!.Evaluated, check.Likelihood.FiniteAtSimulation));
    }

    [Fact]
    public void Run_OfRecordedSimulations_AddsNoiseToThem()
    {
        using var folder = new ScratchFolder();
        string rows = string.Concat(Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{i / 200.0},{i / 100.0}\n")));
        folder.Write("all.csv", "a,x\n" + rows);
        string text = """
            format: 1
            simulator: { recorded: all.csv }
            prior: { a: { uniform: { lower: 0, upper: 1 } } }
            noise: { level: 0.1, fresh: true }
            observation: { values: [1] }
            inference: { flow: { kind: affine-autoregressive, transforms: 1, hidden: [8] }, training: { max-epochs: 2 } }
            diagnostics: { sbc: 50, sbc-draws: 20 }
            posterior: { draws: 200 }
            """;
        string file = folder.Write("study.yaml", text);
        using (var study = Quincunx.Runs.Studies.Study.Load(file, new LineCatalog()))
        using (var run = RunFolder.Open(folder["run"], study, TimeProvider.System))
        {
            new StageEngine(run, StudyPipeline.Create(study, TimeProvider.System, new RecordedEngine(study.Recorded!.Set)).Stages, progress: null).Run(last: null, CancellationToken.None);
        }

        Assert.Equal(50, JsonArtifact.Read<Metrics>(folder["run/metrics.json"]).Diagnostics.Sbc!.Pairs);
        folder.Write("study.yaml", text.Replace("fresh: true", "deterministic: true", StringComparison.Ordinal));
        Assert.Contains("no such key for simulations that were made before", Assert.Throws<StudyException>(() => Quincunx.Runs.Studies.Study.Load(file, new LineCatalog())).Message, StringComparison.Ordinal);
    }
}
