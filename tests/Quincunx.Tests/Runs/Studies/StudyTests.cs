using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Studies;

public sealed class StudyTests
{
    private const string Full = """
        # yaml-language-server: $schema=../../docs/study.schema.json
        format: 1
        title: "Decay: a test"
        simulator: { name: decay, options: { steps: 2, scale: log } }
        prior:
          start: { log-normal: { mu: 1, sigma: 0.25 } }
          rate: { normal: { mean: 1, sd: 5e-1, lower: 0 } }
        observation: { file: data.csv, columns: [b, a] }
        seed: 1900
        inference:
          method: npe
          simulations: 2e5
          rounds: 4
          truncation: 0.001
          flow: { kind: affine-coupling, transforms: 3, hidden: [20, 20] }
          embedding: { hidden: [16], outputs: 4 }
          training: { batch: 50, learning-rate: 0.001, max-epochs: 7, patience: 3, validation-share: 0.2, clip: 2 }
        importance: { draws: 1000, rounds: 2 }
        diagnostics: { sbc: 0, sbc-draws: 100, coverage: false, predictive: 10 }
        posterior: { draws: 500 }
        """;

    [Fact]
    public void Load_EveryKey_GivesItsValue()
    {
        using var folder = new ScratchFolder();
        folder.Write("lynx/study.yaml", Full);
        folder.Write("lynx/data.csv", "a,b\n1.5,2.5\n");

        Study study = Study.Load(folder["lynx"], new ToyCatalog());

        Assert.Equal((folder["lynx/study.yaml"], "lynx", "Decay: a test", "decay"), (study.File, study.Name, study.Title, study.SimulatorName));
        Assert.Equal([("interval", 0.5), ("noisy", true), ("scale", "log"), ("steps", (object)2L)], study.SimulatorOptions.All);
        Assert.Equal(["log-normal(mu 1, sigma 0.25)", "normal(mean 1, sd 0.5, lower 0)"], study.Prior.Select(p => p.ToString()));
        Assert.Equal(["start", "rate"], study.Prior.Select(p => p.Name));
        Assert.Equal([2.5, 1.5], study.Observation);
        Assert.Equal(1900UL, study.Seed);
        InferenceSettings i = study.Inference;
        Assert.Equal(("npe", 200_000, 4, 0.001), (i.Method, i.Simulations, i.Rounds, i.Truncation));
        Assert.Equal(("affine-coupling", 3, "20 20", false), (i.Flow.Kind, i.Flow.Transforms, string.Join(' ', i.Flow.Hidden), i.Flow.IsSpline));
        Assert.Equal(("16", 4), (string.Join(' ', i.Embedding!.Hidden), i.Embedding.Outputs));
        Assert.Equal(new TrainingSettings(50, 0.001, "cosine", 7, 3, 0.2, 0, 2, 1, 0, 10_000), i.Training);
        Assert.Equal(new ImportanceSettings(1000, 2, null, false), study.Importance);
        Assert.Equal(new DiagnosticsSettings(0, 100, false, 10), study.Diagnostics);
        Assert.Equal(500, study.PosteriorDraws);
        Assert.Equal(
            [new StudyInput("study.yaml", FileFingerprint.Of(folder["lynx/study.yaml"])), new StudyInput("data.csv", FileFingerprint.Of(folder["lynx/data.csv"]))],
            study.Inputs);
    }

    [Fact]
    public void Load_OfAContinuousFlow_HasItsSteps()
    {
        using var folder = new ScratchFolder();
        const string Text = "format: 1\nsimulator: dice\nprior: { bias: { beta: { a: 2, b: 2 } } }\nobservation: { values: [1, 2] }\ninference: { flow: { kind: continuous, hidden: [24, 24], steps: 12 } }\n";
        FlowSettings flow = Study.Load(folder.Write("dice.yaml", Text), new ToyCatalog()).Inference.Flow;
        Assert.Equal(("continuous", true, false, 12, "24 24"), (flow.Kind, flow.IsContinuous, flow.IsSpline, flow.Steps, string.Join(' ', flow.Hidden)));
    }

    [Fact]
    public void Load_OnlyRequiredKeys_GivesTheDefaults()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("dice.yaml", "\uFEFFformat: 1\r\nsimulator: dice\r\nprior: { bias: { beta: { a: 2, b: 2 } } }\r\nobservation: { values: [1, 2] }\r\n");

        Study study = Study.Load(path, new ToyCatalog());

        Assert.Equal(("dice", "dice", 1UL, 10_000), (study.Name, study.Title, study.Seed, study.PosteriorDraws));
        Assert.Null(study.Importance);
        Assert.Null(study.Inference.Embedding);
        Assert.Equal(("npe", 50_000, 1, 0.01), (study.Inference.Method, study.Inference.Simulations, study.Inference.Rounds, study.Inference.Truncation));
        Assert.Equal(("spline-autoregressive", 5, "50 50", 10),
            (study.Inference.Flow.Kind, study.Inference.Flow.Transforms, string.Join(' ', study.Inference.Flow.Hidden), study.Inference.Flow.Bins));
        Assert.Equal(new TrainingSettings(100, 3e-3, "cosine", 100, 100, 0.1, 0, 5, 1, 0, 10_000), study.Inference.Training);
        Assert.Equal(new DiagnosticsSettings(300, 200, true, 500), study.Diagnostics);
        Assert.Equal([1.0, 2.0], study.Observation);
        Assert.IsNotAssignableFrom<ILikelihood>(study.Simulator);
    }

    [Theory]
    [InlineData("{ uniform: { lower: -1, upper: 3 } }", 0.5, -1.3862943611198906)]                       // ln(1/4)
    [InlineData("{ normal: { mean: 1, sd: 2 } }", 3, -2.112085713764618)]                                // -1/2 - ln 2 - ln(2 pi)/2
    [InlineData("{ normal: { mean: 0, sd: 1, lower: 0 } }", 1, -0.7257913526447274)]                     // half of a normal: ln 2 more
    [InlineData("{ normal: { mean: 0, sd: 1, lower: 0 } }", -1, double.NegativeInfinity)]
    [InlineData("{ normal: { mean: 0, sd: 1, upper: 0 } }", -1, -0.7257913526447274)]
    [InlineData("{ log-normal: { mu: 0, sigma: 1 } }", 1, -0.9189385332046727)]                          // -ln(2 pi)/2
    [InlineData("{ half-normal: { sd: 1 } }", 1, -0.7257913526447274)]
    [InlineData("{ beta: { a: 2, b: 1 } }", 0.5, 0)]                                                     // density 2x
    [InlineData("{ gamma: { shape: 2, rate: 3 } }", 1, -0.8027754226637804)]                             // 2 ln 3 - 3
    [InlineData("{ exponential: { rate: 2 } }", 1, -1.3068528194400547)]                                 // ln 2 - 2
    [InlineData("{ student-t: { df: 1, location: 1, scale: 1 } }", 1, -1.1447298858494002)]              // Cauchy: -ln pi
    public void CreatePrior_EveryKind_HasItsClosedFormDensity(string prior, double x, double expected)
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("s.yaml", $"format: 1\nsimulator: dice\nprior: {{ bias: {prior} }}\nobservation: {{ values: [1, 2] }}\n");
        Assert.Equal(expected, Study.Load(path, new ToyCatalog()).CreatePrior().LogProb([x]), 1e-12);
    }

    [Fact]
    public void Load_PriorInAnotherOrder_ReordersTheSimulator()
    {
        using var folder = new ScratchFolder();
        folder.Write("study.yaml", Full);
        folder.Write("data.csv", "a,b\n1.5,2.5\n");
        ISimulator simulator = Study.Load(folder.Path, new ToyCatalog()).Simulator;

        Assert.Equal(["start", "rate"], simulator.ParameterNames);
        double[] x = new double[2];
        simulator.Simulate([3, 0.5], x, new Rng(1));
        Assert.Equal([3 * Math.Exp(-0.5), 3 * Math.Exp(-1.0)], x);
        Assert.Equal((100 * 0.5) + 3 + 7, Assert.IsAssignableFrom<ILikelihood>(simulator).LogLikelihood([3, 0.5], [7, 0]));
    }

    [Fact]
    public void Load_OneRowWithOutputNames_IsPutInTheSimulatorsOrder()
    {
        using var folder = new ScratchFolder();
        folder.Write("x.csv", "# made up\nones,sixes\n4,9\n");
        string path = folder.Write("s.yaml", "format: 1\nsimulator: dice\nprior: { bias: { uniform: { lower: 0, upper: 1 } } }\nobservation: { file: x.csv }\n");
        Assert.Equal([9.0, 4.0], Study.Load(path, new ToyCatalog()).Observation);
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("same", "same", 0)]
    public void Distance_KnownPairs_CountsEdits(string a, string b, int expected) =>
        Assert.Equal(expected, Quincunx.Runs.Studies.Rules.Nearest.Distance(a, b));
}
