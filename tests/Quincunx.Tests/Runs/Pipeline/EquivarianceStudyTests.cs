using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Equivariance;
using Quincunx.Numerics.Special;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Programs;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies whose parameters have a pose that data move with.</summary>
public sealed class EquivarianceStudyTests
{
    private const string Flow = "flow: { kind: affine-autoregressive, transforms: 2, hidden: [32] }";

    // y = start + slope · t: to add to a parameter moves the line.
    private const string Line = Flow + "\nequivariance: { translation: { parameters: [start, slope], design: [[1, 1], [1, 2], [1, 3]] }, blur: [0.8, 0.4], symmetry: approximate }";

    private static readonly LineStudy Study = new() { Network = Line, Reweights = true, Importance = "draws: 4000, rounds: 0", Simulations = 2000, Epochs = 20, Diagnostics = "{ sbc: 40, sbc-draws: 30, predictive: 50 }" };

    private static readonly LineStudy Quick = Study with { Reweights = false, Simulations = 200, Epochs = 2, Diagnostics = "{ sbc: 0, predictive: 0 }" };

    [Fact, Trait("Category", "Slow")]
    public void Run_OfALineThatItsParametersMove_HasTheExactPosteriorAndEvidence()
    {
        using ScratchFolder folder = new(), other = new();
        Study.Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Matrix<double> precision = Matrix<double>.Build.DenseOfArray(new double[,] { { 13, 24 }, { 24, 57 } });
        Matrix<double> ofData = Matrix<double>.Build.Dense(3, 3, (i, j) => 1 + ((i + 1) * (j + 1)) + (i == j ? 0.25 : 0));
        double logEvidence = -0.5 * ((Data * ofData.Inverse() * Data) + Math.Log(ofData.Determinant()) + (3 * Math.Log(Math.Tau)));
        AssertExact(metrics, [.. precision.Inverse() * Vector<double>.Build.Dense([19.6, 43.6])], precision.Inverse(), logEvidence);

        GibbsFacts chains = metrics.Gibbs!;
        Assert.Equal((nameof(GibbsStop.Converged), 1000, 64), (chains.StopReason, chains.Chains, chains.Components));
        Assert.InRange(chains.Iterations, 16, 200);
        Assert.InRange(chains.RHat, 0.9, 1.05);
        Assert.Equal(1, chains.Inside);             // the prior has no bounds
        Assert.Equal(("reweighted", 40), (metrics.Reported, metrics.Diagnostics.Sbc!.Pairs));
        Assert.True(metrics.Diagnostics.Sbc.PValue > 1e-3);
        string report = File.ReadAllText(folder["run/report.html"]);
        Assert.Contains("by group equivariant neural posterior estimation", report, StringComparison.Ordinal);
        Assert.Contains("outputs move with start, slope; approximate, blurred by normal kernels of standard deviation 0.8, 0.4", report, StringComparison.Ordinal);
        Assert.Contains("Chains agree after ", report, StringComparison.Ordinal);
        Assert.Contains("by a network of the pose, ", report, StringComparison.Ordinal);
        Assert.All(Study.Run(folder), s => Assert.True(s.Reused, s.Stage));

        // Stopped in the training of the network and in the checks, it ends in the same bytes.
        foreach (string stage in (string[])["train-1", "diagnose"])
        {
            using var cancel = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => Study.Run(other, progress: new CancelAt(stage, cancel), cancel: cancel.Token));
        }

        Study.Run(other);
        Assert.Equal(LineStudy.Contents(folder["run"]), LineStudy.Contents(other["run"]));
    }

    // However wide a flat prior of the start is, the network sees lines near the standard pose alone; at its end draws of the density lie outside.
    [Theory, Trait("Category", "Slow")]
    [InlineData(-20)]
    [InlineData(0)]
    public void Run_ExactSymmetryUnderAFlatPrior_HasTheExactPosteriorAndEvidence(double lower)
    {
        using var folder = new ScratchFolder();
        Run(folder, Flat(lower));
        Matrix<double> precision = Matrix<double>.Build.DenseOfArray(new double[,] { { 12, 24 }, { 24, 57 } }), covariance = precision.Inverse();
        Vector<double> pull = Vector<double>.Build.Dense([19.6, 43.6]), mean = covariance * pull;

        // log ∫ N(x; A theta, 1/4) N(slope; 0, 1) / (20 - lower) from lower on; 20 is as good as infinite.
        double sd = Math.Sqrt(covariance[0, 0]), end = (lower - mean[0]) / sd, inside = SpecialFunctions.NormalCdf(-end), beyond = sd * Math.Exp(SpecialFunctions.NormalLogPdf(end)) / inside;
        double logEvidence = (-1.5 * Math.Log(Math.Tau / 4)) + (0.5 * Math.Log(Math.Tau)) - Math.Log(20 - lower) + Math.Log(inside) - (0.5 * Math.Log(precision.Determinant()))
            - (0.5 * ((4 * (Data * Data)) - (pull * mean)));
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        AssertExact(metrics, [mean[0] + beyond, mean[1] + (covariance[0, 1] / covariance[0, 0] * beyond)], covariance, logEvidence);
        Assert.True(lower < 0 ? metrics.Gibbs!.Inside == 1 : metrics.Gibbs!.Inside is > 0.5 and < 0.99, $"inside {metrics.Gibbs.Inside}");
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_OfAScale_HasThePosteriorAndEvidenceOfQuadrature()
    {
        using var folder = new ScratchFolder();
        AssemblyFolder.Fill(folder, "bin");
        double[] x = [3, -8, 5, 1, -4];
        Run(folder, $$"""
            format: 1
            simulator: { assembly: bin/Quincunx.Tests.dll, type: {{typeof(ScaledNoise).FullName}} }
            prior: { sigma: { uniform: { lower: 0.1, upper: 50 } } }
            observation: { values: [{{string.Join(", ", x)}}] }
            inference:
              simulations: 2000
              {{Flow}}
              equivariance: { scale: { parameter: sigma }, blur: [0.6] }
              training: { batch: 50, learning-rate: 0.005, max-epochs: 20 }
            importance: { draws: 4000, rounds: 0 }
            diagnostics: { sbc: 0, predictive: 0 }
            posterior: { draws: 4000 }
            """);

        // Midpoint rule in sigma: the integrand is smooth, and 100,000 cells are far more than it needs.
        double[] sigmas = [.. Enumerable.Range(0, 100_000).Select(i => 0.1 + (49.9e-5 * (i + 0.5)))], likelihoods = [.. sigmas.Select(s => Math.Exp(new ScaledNoise().LogLikelihood([s], x)))];
        double evidence = likelihoods.Average(), mean = sigmas.Zip(likelihoods, (s, l) => s * l).Average() / evidence, square = sigmas.Zip(likelihoods, (s, l) => s * s * l).Average() / evidence;
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Assert.Equal(mean, metrics.Parameters[0].Mean, 4.5 * Math.Sqrt((square - (mean * mean)) / metrics.Parameters[0].Ess));
        Assert.Equal(Math.Log(evidence), metrics.Importance!.LogEvidence, 4.5 * metrics.Importance.LogEvidenceError);
        Assert.True(metrics.Importance.Efficiency > 0.5, $"efficiency {metrics.Importance.Efficiency}");
    }

    // The last states of the chains are draws of the network's posterior, as good as it is.
    [Fact, Trait("Category", "Slow")]
    public void Run_NotReweighted_ReportsTheChains()
    {
        using var folder = new ScratchFolder();
        (Study with { Reweights = false, Diagnostics = "{ sbc: 0, predictive: 0 }" }).Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Assert.Equal(("network", 2000, null), (metrics.Reported, metrics.Gibbs!.Chains, metrics.Gibbs.Inside));
        double[] means = [((57 * 19.6) - (24 * 43.6)) / 165, ((13 * 43.6) - (24 * 19.6)) / 165], sds = [Math.Sqrt(57.0 / 165), Math.Sqrt(13.0 / 165)];
        for (int j = 0; j < 2; j++)
        {
            // A fifth of a standard deviation for the network, 4.5 standard errors of 2,000 draws.
            Assert.Equal(means[j], metrics.Parameters[j].Mean, (0.2 + (4.5 / Math.Sqrt(2000))) * sds[j]);
        }
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_OfAnOscillatorStruckAtAnUnknownTime_WeighsMoreEvenlyThanWithoutTheSymmetry()
    {
        using var folder = new ScratchFolder();
        AssemblyFolder.Fill(folder, "bin");
        double[] efficiencies = [.. new[] { "", "equivariance: { shift: { parameter: tau, step: 0.2, ends: periodic }, blur: [0.2] }" }.Select((symmetry, i) =>
        {
            Run(folder, $$"""
                format: 1
                simulator: { assembly: bin/Quincunx.Physics.dll, type: Quincunx.Physics.Oscillators.DampedOscillator, options: { points: 51, endSeconds: 10 } }
                prior: { omega_0: { uniform: { lower: 3, upper: 10 } }, beta: { uniform: { lower: 0.2, upper: 0.5 } }, tau: { uniform: { lower: 0, upper: 5 } } }
                observation: { values: [{{string.Join(", ", Struck().Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}}] }
                inference:
                  simulations: 2000
                  flow: { transforms: 3, hidden: [32] }
                  {{symmetry}}
                  training: { max-epochs: 20 }
                importance: { draws: 2000, rounds: 0 }
                diagnostics: { sbc: 0, predictive: 0 }
                posterior: { draws: 2000 }
                """, $"run-{i}");
            return JsonArtifact.Read<Metrics>(folder[$"run-{i}/metrics.json"]).Importance!.Efficiency;
        })];
        Assert.True(efficiencies[1] > 1.5 * efficiencies[0], $"efficiencies {string.Join(", ", efficiencies)}");
    }

    [Fact]
    public void Run_GroupOfAnAssembly_IsFoundAgainAndCountsAsInput()
    {
        using var folder = new ScratchFolder();
        AssemblyFolder.Fill(folder, "line/bin");
        LineStudy study = Quick with { Network = Own("kind: start") };
        study.Run(folder);
        Assert.Contains($"by {typeof(OwnTranslation).FullName} of bin/Quincunx.Tests.dll (kind start)", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        File.AppendAllText(folder["line/bin/Quincunx.Tests.dll"], " ");
        Assert.Equal(["train-1", "sample", "diagnose", "report"], study.Run(folder).Where(s => !s.Reused).Select(s => s.Stage));
        Assert.Contains("networks of a posterior with a pose", Assert.Throws<ArtifactException>(() => TrainedRun.Read(folder["run"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("law", "which breaks a law of a group that moves parameters and data, PoseOf(g theta) = g ∘ PoseOf(theta): (")]
    [InlineData("slope", "which breaks a law of a group that moves parameters and data, log |det ∂(g theta) / ∂theta|: (1) and not (")]
    [InlineData("throws", "which throws InvalidOperationException (no pose), expected those that go together with the prior.")]
    [InlineData("features", "found a group of 2 parameters and 4 numbers of an observation, expected one of the 2 parameters and 3 outputs of line.")]
    public void Load_GroupThatIsNone_SaysWhy(string kind, string message)
    {
        using var folder = new ScratchFolder();
        AssemblyFolder.Fill(folder, "line/bin");
        Assert.Contains(message, Assert.Throws<StudyException>(() => (Quick with { Network = Own($"kind: {kind}") }).Load(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("translation: { parameters: [start] }", "inference.equivariance: found no key 'blur', expected blur: a list of positive numbers, one for each coordinate of the pose.")]
    [InlineData("blur: [1]", "inference.equivariance: found none of its kinds, expected exactly one of shift, translation, scale, location-scale, own.")]
    [InlineData("translation: { parameters: [begin] }, blur: [1]", "inference.equivariance.translation.parameters[0]: found 'begin', which has no prior, expected one of start, slope.")]
    [InlineData("translation: { parameters: [start, start] }, blur: [1, 1]", "inference.equivariance.translation.parameters[1]: found 'start' again, expected each parameter once.")]
    [InlineData("translation: { parameters: [start, slope] }, blur: [1, 1]", "inference.equivariance.translation: found 2 parameters without a design, expected design: a row for each output, a number for each parameter.")]
    [InlineData("translation: { parameters: [start], design: [[1], [1]] }, blur: [1]", "inference.equivariance.translation.design: found 2 rows of 1 numbers, expected 3 rows of 1: a row for each output of line, a number for each parameter.")]
    [InlineData("translation: { parameters: [start] }, blur: [1, 2]", "inference.equivariance.blur: found 2 numbers, expected 1, one for each coordinate of the pose.")]
    [InlineData("translation: { parameters: [start] }, blur: [-1]", "inference.equivariance.blur[0]: found -1, expected a positive number")]
    [InlineData("translation: { parameters: [start] }, blur: [1]", "inference.equivariance.translation: found an exact symmetry with a prior that changes by another factor at (")]
    [InlineData("location-scale: { location: start, scale: slope }, blur: [1, 1], symmetry: approximate", "inference.equivariance.location-scale: found numbers that are no group (Expected a prior of positive scales, got one on [")]
    [InlineData("shift: { parameter: start, step: 0, ends: zero }, blur: [1]", "inference.equivariance.shift.step: found 0, expected a positive number")]
    [InlineData("shift: { parameter: start, step: 1 }, blur: [1]", "inference.equivariance.shift: found no key 'ends', expected ends: one of periodic, zero.")]
    [InlineData("translation: { parameters: [start] }, blur: [1], iterations: 3", "inference.equivariance.iterations: found 3, expected a whole number from 16")]
    [InlineData("own: { assembly: none.dll, type: A }, blur: [1]", "inference.equivariance.own.assembly: found no such file ")]
    public void Load_KeysThatCannotBe_SaysWhy(string keys, string message)
    {
        using var folder = new ScratchFolder();
        var error = Assert.Throws<StudyException>(() => (Quick with { Network = $"equivariance: {{ {keys} }}" }).Load(folder));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Matches("study.yaml:13:[0-9]+: ", error.Message);
    }

    [Theory]
    [InlineData("method: mdn", "for mdn. Its networks are flows of npe.")]
    [InlineData("ensemble: {}", "beside ensemble.")]
    [InlineData("balance: 10", "beside balance.")]
    [InlineData("fresh: true", "beside fresh.")]
    [InlineData("gaps: {}", "beside gaps.")]
    [InlineData("embedding: { outputs: 2, kind: recurrent, context: 1 }", "beside embedding.context.")]
    public void Load_BesideOtherKeys_IsRefused(string other, string message)
    {
        using var folder = new ScratchFolder();
        var error = Assert.Throws<StudyException>(() => (Quick with { Network = $"{other}\nequivariance: {{ translation: {{ parameters: [start] }}, blur: [1], symmetry: approximate }}" }).Load(folder));
        Assert.Contains("inference.equivariance: found equivariance, expected no such key " + message, error.Message, StringComparison.Ordinal);
        Assert.Contains("in several rounds", Assert.Throws<StudyException>(() => (Quick with { Rounds = 2 }).Load(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ level: 0.1, fresh: true }", "noise.fresh: found fresh, expected no such key beside inference.equivariance.")]
    [InlineData("{ level: { uniform: { lower: 0.1, upper: 1 } } }", "noise.level: found a distribution, expected a number, or one for each output, beside inference.equivariance.")]
    public void Load_BesideNoiseThatCannotBe_IsRefused(string noise, string message)
    {
        using var folder = new ScratchFolder();
        Assert.Contains(message, Assert.Throws<StudyException>(() => (Quick with { More = $"noise: {noise}" }).Load(folder)).Message, StringComparison.Ordinal);
        (Quick with { More = "noise: { level: 0.1 }" }).Run(folder);
    }

    private static Vector<double> Data => Vector<double>.Build.Dense([1.2, 1.4, 2.3]);

    private static string Own(string options) => $"{Flow}\nequivariance: {{ own: {{ assembly: bin/Quincunx.Tests.dll, type: {typeof(OwnTranslation).FullName}, options: {{ {options} }} }}, blur: [0.8], kernel: uniform, symmetry: approximate }}";

    // Weighted draws are exact whatever the network is: 4.5 standard errors, or fewer where an end of the prior makes the posterior narrower.
    private static void AssertExact(Metrics metrics, double[] means, Matrix<double> covariance, double logEvidence)
    {
        for (int j = 0; j < 2; j++)
        {
            Assert.Equal(means[j], metrics.Parameters[j].Mean, 4.5 * Math.Sqrt(covariance[j, j] / metrics.Parameters[j].Ess));
        }

        Assert.Equal(logEvidence, metrics.Importance!.LogEvidence, 4.5 * metrics.Importance.LogEvidenceError);
        Assert.True(metrics.Importance.Efficiency > 0.5, $"efficiency {metrics.Importance.Efficiency}");
    }

    private static string Flat(double lower) => $$"""
        format: 1
        simulator: line
        prior: { start: { uniform: { lower: {{lower}}, upper: 20 } }, slope: { normal: { mean: 0, sd: 1 } } }
        observation: { values: [1.2, 1.4, 2.3] }
        inference:
          simulations: 2000
          {{Flow}}
          equivariance: { translation: { parameters: [start] }, blur: [1.5] }
          training: { batch: 50, learning-rate: 0.005, max-epochs: 20 }
        importance: { draws: 4000, rounds: 0 }
        diagnostics: { sbc: 0, predictive: 0 }
        posterior: { draws: 2000 }
        """;

    private static void Run(ScratchFolder folder, string yaml, string output = "run")
    {
        Study study = Quincunx.Runs.Studies.Study.Load(folder.Write("study.yaml", yaml), new LineCatalog());
        using var run = RunFolder.Open(folder[output], study, TimeProvider.System);
        new StageEngine(run, StudyPipeline.Create(study).Stages).Run(last: null, CancellationToken.None);
    }

    private static double[] Struck()
    {
        double[] x = new double[51];
        ((Quincunx.Inference.Simulation.ISimulator)new Quincunx.Physics.Oscillators.DampedOscillator(51)).Simulate([5.2, 0.31, 2.34], x, new Quincunx.Numerics.Random.Rng(9));
        return x;
    }

    private sealed class CancelAt(string stage, CancellationTokenSource cancel) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Stage == stage && value.Event == StageEvent.Working)
            {
                cancel.Cancel();
            }
        }
    }
}
