using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Checks;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Reporting;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies whose simulator gives a line and whose noise is a key of the study; the posterior is known.</summary>
public sealed class NoiseStudyTests
{
    private const string Quiet = "{ sbc: 0, predictive: 0 }", AnyLevel = "noise: { level: { uniform: { lower: 0.2, upper: 1 } } }", AnyLevelFresh = "noise: { level: { uniform: { lower: 0.2, upper: 1 } }, fresh: true }";

    private static readonly LineStudy Study = new() { Simulator = "clean", More = "noise: { level: 0.5 }", Simulations = 2000, Epochs = 40 };

    // One of each kind that reads its simulations in its own way.
    public static TheoryData<string, int> Methods => new()
    {
        { "apt", 2 }, { "npe-ensemble", 1 }, { "fmpe", 1 }, { "mdn", 1 }, { "bnn-npe", 1 }, { "nle", 2 }, { "nre-a", 2 }, { "tmnre", 1 }, { "carl", 1 }, { "abc", 1 }, { "smc-abc", 2 },
    };

    [Theory, Trait("Category", "Slow")]
    [InlineData("noise: { level: 0.5 }", "", 1, "with standard deviation 0.5; drawn once for each simulation")]
    [InlineData("noise: { level: 0.5, fresh: true }", "", 1, "drawn anew each time that the network sees a simulation")]
    [InlineData("noise: { level: [0.3, 0.5, 1.2], fresh: true }", "", 1, "with standard deviations 0.3, 0.5, 1.2")]
    [InlineData("noise: { level: [0.3, 0.5, 1.2] }", "", 2, "drawn once for each simulation")]
    [InlineData("noise: { level: 0.5, fresh: true }", "", 2, "drawn anew each time that the network sees a simulation")]
    [InlineData("noise: { level: 0.5 }", "fresh: true", 1, "drawn anew each time that the network sees a simulation")]
    [InlineData("noise: { level: 0.5 }", "balance: 1", 1, "drawn once for each simulation")]
    public void Run_WithAGivenLevel_FindsThePosteriorAndStoresCleanSimulations(string noise, string network, int rounds, string said)
    {
        using var folder = new ScratchFolder();
        LineStudy study = Study with { More = noise, Network = network.Length == 0 ? Study.Network : $"{Study.Network}\n{network}", Rounds = rounds };
        study.Run(folder);
        AssertIsPosterior(Read(folder), noise.Contains('[', StringComparison.Ordinal) ? [0.3, 0.5, 1.2] : [0.5, 0.5, 0.5], [1.2, 1.4, 2.3]);
        Assert.Contains(said, File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        using (var stored = CampaignReader.Open(folder["run/simulations.db"], folder["run/simulations/round-1.json"]))
        {
            SimulationSet set = stored.ReadAll();
            Assert.All(Enumerable.Range(0, set.Count), i => Assert.Equal(set.Theta[2 * i] + (2 * set.Theta[(2 * i) + 1]), set.X[(3 * i) + 1]));
        }

        if (rounds == 1)
        {
            // The simulations are those of the simulator, whatever the noise.
            Assert.Contains("simulate-1", Reused(study with { More = "noise: { level: 0.6 }", Epochs = 1 }, folder));
        }
    }

    [Theory, InlineData(AnyLevel), InlineData(AnyLevelFresh), Trait("Category", "Slow")]
    public void Run_WithALevelOfEachObservation_FindsThePosteriorAtEachFromOneTraining(string noise)
    {
        using var folder = new ScratchFolder();
        LineStudy study = Study with { More = noise, Observation = "1.2, 1.4, 2.3, 0.3", Simulations = 4000, Epochs = 60, Network = "flow: { kind: affine-autoregressive, transforms: 3, hidden: [32, 32] }" };
        study.Run(folder);
        AssertIsPosterior(Read(folder), [0.3, 0.3, 0.3], [1.2, 1.4, 2.3]);
        Assert.Contains("of a level that each observation tells (noise_level), uniform(lower 0.2, upper 1) in training", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        Assert.Contains("inferred from 3 observed values", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);

        // From the run folder alone the network gives the densities that the run wrote.
        NpzFile raw = NpzFile.Read(folder["run/raw-posterior.npz"]);
        double[] theta = raw.Values<double>("theta", -1, 2), written = raw.Values<double>("log_q", theta.Length / 2), read = new double[written.Length];
        TrainedRun.Read(folder["run"]).Posterior.LogProb([1.2, 1.4, 2.3, 0.3], theta, read);
        Assert.All(written.Zip(read), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

        Assert.Equal(["simulate-1", "train-1"], Reused(study with { Observation = "1.2, 1.4, 2.3, 0.9" }, folder));
        AssertIsPosterior(Read(folder), [0.9, 0.9, 0.9], [1.2, 1.4, 2.3]);
    }

    // A convolution's layout is that of the outputs; the level passes by it.
    [Theory]
    [InlineData(AnyLevelFresh, "embedding: { outputs: 3, kind: convolution, filters: [3, 2], grid: [3], window: 3, pooling: none, hidden: [8] }")]
    [InlineData(AnyLevelFresh, "embedding: { outputs: 3, hidden: [8] }")]
    [InlineData(AnyLevel, "ensemble: { members: 2 }\nembedding: { outputs: 3, kind: recurrent, width: 6, hidden: [8] }")]
    [InlineData(AnyLevel, "method: nre-c\nembedding: { outputs: 3, kind: recurrent, width: 6, hidden: [8] }\nsampler: { chains: 128 }")]
    public void Run_WithALevelBesideAnEmbedding_IsReusedAndReadAgain(string noise, string network)
    {
        using var folder = new ScratchFolder();
        LineStudy study = Study with { More = noise, Observation = "1.2, 1.4, 2.3, 0.5", Network = network, Simulations = 200, Epochs = 2, Diagnostics = "{ sbc: 10, sbc-draws: 20, predictive: 50 }" };
        study.Run(folder);
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        var model = new StudyModel(study.Load(folder), TimeProvider.System);
        Quincunx.Inference.IPosteriorEstimator expected = NetworkFile.Read(model, folder["run/network/round-1.npz"]);
        double[] thetas = [0.2, 0.5, -1, 1], quiet = new double[2], loud = new double[2], found = new double[2];
        expected.LogProb([1.2, 1.4, 2.3, 0.2], thetas, quiet);
        expected.LogProb([1.2, 1.4, 2.3, 0.9], thetas, loud);
        Assert.NotEqual(quiet, loud);
        if (!network.Contains("nre", StringComparison.Ordinal) && !network.Contains("ensemble", StringComparison.Ordinal))
        {
            TrainedRun.Read(folder["run"]).Posterior.LogProb([1.2, 1.4, 2.3, 0.2], thetas, found);
            Assert.Equal(quiet, found);
        }
    }

    [Theory, MemberData(nameof(Methods)), Trait("Category", "Slow")]
    public void Run_OfOtherMethods_FindsThePosterior(string method, int rounds)
    {
        using var folder = new ScratchFolder();
        string network = method is "bnn-npe" or "npe-ensemble" ? LineStudy.Small(method) : $"method: {method}" + (method == "carl" ? "\nratio: { reference: [0.5, 0.5] }" : "");
        (Study with { Network = network, Rounds = rounds, Simulations = method == "bnn-npe" ? 300 : 1500, Epochs = 30, Diagnostics = Quiet }).Run(folder);
        AssertIsPosterior(Read(folder), [0.5, 0.5, 0.5], [1.2, 1.4, 2.3]);
    }

    [Theory, Trait("Category", "Slow")]
    [InlineData("level: 0.5", "1.2, 1.4, 2.3", "draws: 4000, rounds: 3")]
    [InlineData("level: { uniform: { lower: 0.2, upper: 1 } }, fresh: true", "1.2, 1.4, 2.3, 0.5", "draws: 4000, rounds: 3")]
    [InlineData("level: 0.5, fresh: true", "1.2, 1.4, 2.3", "effective: 2000")]
    public void Run_OfADeterministicSimulator_IsReweightedToTheExactPosterior(string noise, string observation, string importance)
    {
        using var folder = new ScratchFolder();
        (Study with { More = $"noise: {{ {noise}, deterministic: true }}", Observation = observation, Reweights = true, Importance = importance, Simulations = 600, Epochs = 12, Diagnostics = Quiet }).Run(folder);
        Metrics metrics = Read(folder);
        (double Mean, double Sd)[] exact = Exact([0.5, 0.5, 0.5], [1.2, 1.4, 2.3]);
        foreach ((ParameterMetrics parameter, (double mean, double sd)) in metrics.Parameters.Zip(exact))
        {
            // Four standard errors of each.
            double error = sd / Math.Sqrt(metrics.Importance!.Ess);
            Assert.InRange(parameter.Mean, mean - (4 * error), mean + (4 * error));
            Assert.InRange(parameter.Sd, sd - (4 * error / Math.Sqrt(2)), sd + (4 * error / Math.Sqrt(2)));
        }

        double logEvidence = LogEvidence(0.5, [1.2, 1.4, 2.3]);
        Assert.InRange(metrics.Importance!.LogEvidence, logEvidence - (4 * metrics.Importance.LogEvidenceError) - 1e-9, logEvidence + (4 * metrics.Importance.LogEvidenceError) + 1e-9);
        Assert.Contains("each of which is a simulation", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
    }

    // Where a simulation fails the likelihood is zero: the posterior given success, as the network learns it.
    [Fact, Trait("Category", "Slow")]
    public void Run_WhereSimulationsFail_ReweightsWithinThoseThatDoNot()
    {
        using var folder = new ScratchFolder();
        (Study with { More = "noise: { level: 0.5, deterministic: true }", Fails = "sometimes", Reweights = true, Diagnostics = Quiet }).Run(folder);
        NpzFile posterior = NpzFile.Read(folder["run/posterior.npz"]);
        double[] weights = posterior.Values<double>("weight", -1), starts = posterior.Values<double>("start", weights.Length);
        Assert.All(starts.Zip(weights).Where(draw => draw.Second > 0), draw => Assert.True(draw.First <= LineCatalog.FailsAbove));
        Assert.True(Read(folder).Simulations.Failed > 0);
    }

    [Fact]
    public void Run_OfASimulatorThatIsNotDeterministic_EndsWithAnError()
    {
        using var folder = new ScratchFolder();
        LineStudy study = Study with { More = "noise: { level: 0.5, deterministic: true }", Fails = "is-random", Reweights = true, Simulations = 100, Epochs = 1, Diagnostics = Quiet };
        Assert.Contains("Expected a simulator that gives the same outputs again (noise.deterministic is true), got others at start = ", Assert.Throws<RunException>(() => study.Run(folder)).Message, StringComparison.Ordinal);
        SimulatorCheck check = SimulatorChecker.Run(study.Load(folder), 50, TimeProvider.System, CancellationToken.None);
        Assert.Contains(check.Problems, p => p.Contains("is not deterministic, as noise.deterministic says", StringComparison.Ordinal));
    }

    [Theory, InlineData("noise: { level: 0.5, fresh: true }", "1.2, 1.4, 2.3"), InlineData(AnyLevelFresh, "1.2, 1.4, 2.3, 0.5"), Trait("Category", "Slow")]
    public void Run_Stopped_EndsWithTheSameBytes(string noise, string observation)
    {
        using ScratchFolder folder = new(), whole = new();
        LineStudy study = Study with { More = noise, Observation = observation, Simulations = 500, Epochs = 10 };
        study.Run(whole);
        foreach (int after in (int[])[2, 6])
        {
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => study.Run(folder, progress: new TrainingStopper(source, after), cancel: source.Token));
        }

        study.Run(folder);
        Assert.Equal(LineStudy.Contents(whole["run"]), LineStudy.Contents(folder["run"]));
    }

    // The data lie off any line by what noise of 0.5 does, or by ten times as much.
    [Theory, Trait("Category", "Slow")]
    [InlineData("noise: { level: 0.5 }", "1.2, 1.4, 2.3", "1.2, 5.4, 2.3")]
    [InlineData(AnyLevel, "1.2, 1.4, 2.3, 0.5", "1.2, 5.4, 2.3, 0.5")]
    public void Run_PredictiveChecks_AreOfNoisyObservations(string noise, string usual, string strange)
    {
        using var folder = new ScratchFolder();
        LineStudy study = Study with { More = noise, Observation = usual, Diagnostics = "{ sbc: 0, predictive: 500 }" };
        study.Run(folder);
        DiagnosticMetrics fine = Read(folder).Diagnostics;
        Assert.InRange(fine.Predictive!.PValue, 0.05, 1);
        Assert.InRange(fine.Typical!.PValue, 0.05, 1);
        (study with { Observation = strange }).Run(folder);
        DiagnosticMetrics off = Read(folder).Diagnostics;
        Assert.InRange(off.Predictive!.PValue, 0, 0.02);
        Assert.InRange(off.Typical!.PValue, 0, 0.02);
    }

    [Theory, Trait("Category", "Slow")]
    [InlineData("noise: { level: 0.5 }", "1.2, .nan, 2.3")]
    [InlineData(AnyLevel, "1.2, .nan, 2.3, 0.5")]
    public void Run_WithNoiseAndAGap_FindsThePosteriorGivenTheRest(string noise, string observation)
    {
        using var folder = new ScratchFolder();
        (Study with { More = noise, Observation = observation, Network = "gaps: {}", Simulations = 3000 }).Run(folder);
        AssertIsPosterior(Read(folder), [0.5, double.PositiveInfinity, 0.5], [1.2, 0, 2.3]);
        Assert.Contains("inferred from 2 observed values", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_WithMarginals_LearnsThemFromNoisyObservations()
    {
        using var folder = new ScratchFolder();
        (Study with { More = "noise: { level: 0.5, fresh: true }\nmarginals: {}", Diagnostics = Quiet }).Run(folder);
        MarginalFacts facts = JsonArtifact.Read<MarginalFacts>(folder["run/marginals.json"]);
        foreach ((MarginalParameterFacts parameter, (double mean, double sd)) in facts.Parameters.Zip(Exact([0.5, 0.5, 0.5], [1.2, 1.4, 2.3])))
        {
            Assert.InRange(parameter.Mean, mean - (0.5 * sd), mean + (0.5 * sd));
            Assert.InRange(parameter.Sd / sd, 0.67, 1.5);
        }
    }

    private static Metrics Read(ScratchFolder folder) => JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);

    private static string[] Reused(LineStudy study, ScratchFolder folder) => [.. study.Run(folder).Where(s => s.Reused).Select(s => s.Stage)];

    // As near as other methods are tested.
    private static void AssertIsPosterior(Metrics metrics, double[] sigmas, double[] y)
    {
        foreach ((ParameterMetrics parameter, (double mean, double sd)) in metrics.Parameters.Zip(Exact(sigmas, y)))
        {
            Assert.True(Math.Abs(parameter.Mean - mean) < 0.5 * sd, $"{parameter.Name}: mean {parameter.Mean}, expected {mean} ± {sd}");
            Assert.InRange(parameter.Sd / sd, 0.67, 1.5);
        }

        Assert.True(metrics.Diagnostics.Sbc is not { PValue: < 1e-3 and var p }, "calibration");
    }

    private static (double Mean, double Sd)[] Exact(double[] sigmas, double[] y)
    {
        (double p00, double p01, double p11, double m0, double m1, _) = Posterior(sigmas, y);
        double determinant = (p00 * p11) - (p01 * p01);
        return [(m0, Math.Sqrt(p11 / determinant)), (m1, Math.Sqrt(p00 / determinant))];
    }

    // At theta = 0: likelihood times prior over posterior, which leaves Π N(y; 0, σ) exp(m·b / 2) / √det P.
    private static double LogEvidence(double sigma, double[] y)
    {
        (double p00, double p01, double p11, _, _, double mb) = Posterior([.. y.Select(_ => sigma)], y);
        return y.Sum(v => (-0.5 * v * v / (sigma * sigma)) - Math.Log(sigma * Math.Sqrt(Math.Tau))) + (0.5 * mb) - (0.5 * Math.Log((p00 * p11) - (p01 * p01)));
    }

    // Prior N(0, I), y_t = start + slope t + σ_t ε at t = 1, 2, 3: precision P = I + Σ (1, t)(1, t)ᵀ / σ_t², mean m = P⁻¹ b with b = Σ (1, t) y_t / σ_t².
    private static (double P00, double P01, double P11, double M0, double M1, double Mb) Posterior(double[] sigmas, double[] y)
    {
        (double p00, double p01, double p11, double b0, double b1) = (1, 0, 1, 0, 0);
        for (int i = 0; i < y.Length; i++)
        {
            double w = 1 / (sigmas[i] * sigmas[i]), t = i + 1;
            (p00, p01, p11, b0, b1) = (p00 + w, p01 + (w * t), p11 + (w * t * t), b0 + (w * y[i]), b1 + (w * t * y[i]));
        }

        double determinant = (p00 * p11) - (p01 * p01), m0 = ((p11 * b0) - (p01 * b1)) / determinant, m1 = ((p00 * b1) - (p01 * b0)) / determinant;
        return (p00, p01, p11, m0, m1, (m0 * b0) + (m1 * b1));
    }
}
