using Quincunx.Inference.Importance;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Campaigns;

namespace Quincunx.Tests.Runs.Pipeline;

public sealed class StudyPipelineTests
{
    private static readonly string[] Common =
    [
        "diagnostics.json", "diagnostics.npz", "figures/calibration.csv", "figures/calibration.svg", "figures/corner.csv", "figures/corner.svg", "figures/coverage.csv",
        "figures/coverage.svg", "figures/predictive.csv", "figures/predictive.svg", "figures/training.csv", "figures/training.svg", "metrics.json",
        "network/round-1.json", "network/round-1.npz", "posterior.csv", "posterior.npz", "raw-posterior.npz", "report.html", "simulations.db", "simulations/round-1.json",
    ];

    private static readonly string[] TwoRoundsMore =
    [
        "figures/efficiency.csv", "figures/efficiency.svg", "figures/weights.csv", "figures/weights.svg", "importance.json", "importance.npz", "network/round-2.json", "network/round-2.npz", "regions/round-2.npz",
        "simulations/round-2.json",
    ];

    [Fact, Trait("Category", "Slow")]
    public void Run_OneRound_MakesAllFilesTwiceTheSameAndReusesThem()
    {
        using ScratchFolder folder = new(), other = new();
        var study = new LineStudy();

        Assert.All(study.Run(folder), s => Assert.False(s.Reused, s.Stage));
        study.Run(other, "elsewhere");

        SortedDictionary<string, string> contents = LineStudy.Contents(folder["run"]);
        Assert.Equal(Common.Order(StringComparer.Ordinal), contents.Keys);
        Assert.Equal(contents, LineStudy.Contents(other["elsewhere"]));
        Metrics metrics = ReadMetrics(folder);
        Assert.Equal("network", metrics.Reported);
        Assert.Null(metrics.Importance);
        Assert.Equal(["start", "slope"], metrics.Parameters.Select(p => p.Name));
        Assert.All(metrics.Parameters, p => Assert.True(p.Raw is null && p.Q025 < p.Q16 && p.Q16 < p.Q50 && p.Q50 < p.Q84 && p.Q84 < p.Q975 && p.Sd > 0));
        Assert.Equal((600, 0, false), (metrics.Simulations.Total, metrics.Simulations.Failed, metrics.Simulations.PriorConditionalOnSuccess));
        Assert.Equal(metrics.Verdict.Level == VerdictMetrics.Trusted, metrics.Verdict.Reasons.Count == 0);

        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        Assert.Equal(["report"], Repeated((study with { Title = "Another line" }).Run(folder)));
        Assert.Equal(["sample", "diagnose", "report"], Repeated((study with { Observation = "1, 2, 3" }).Run(folder)));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_TwoRoundsReweighted_ReportsTheExactPosterior()
    {
        using ScratchFolder folder = new(), other = new();
        var study = new LineStudy { Rounds = 2, Reweights = true };

        study.Run(folder);
        study.Run(other);

        SortedDictionary<string, string> contents = LineStudy.Contents(folder["run"]);
        Assert.Equal(Common.Concat(TwoRoundsMore).Order(StringComparer.Ordinal), contents.Keys);
        Assert.Equal(contents, LineStudy.Contents(other["run"]));
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));

        // Conjugate: precision I + Σ (1, t)(1, t)ᵀ / 0.25 = [[13, 24], [24, 57]], mean its inverse times Σ (1, t) y / 0.25 = (19.6, 43.6).
        Metrics metrics = ReadMetrics(folder);
        const double Determinant = (13 * 57) - (24 * 24);
        (double Mean, double Sd)[] exact =
        [
            (((57 * 19.6) - (24 * 43.6)) / Determinant, Math.Sqrt(57 / Determinant)), (((13 * 43.6) - (24 * 19.6)) / Determinant, Math.Sqrt(13 / Determinant)),
        ];
        Assert.Equal("reweighted", metrics.Reported);
        foreach ((ParameterMetrics parameter, (double mean, double sd)) in metrics.Parameters.Zip(exact))
        {
            // 4.5 standard errors: two means and two deviations, each wrong in one seed of 150,000. The relative error of a deviation is 1 / √(2 ESS).
            Assert.Equal(mean, parameter.Mean, 4.5 * sd / Math.Sqrt(parameter.Ess));
            Assert.Equal(sd, parameter.Sd, 4.5 * sd / Math.Sqrt(2 * parameter.Ess));
            Assert.Equal(2000, parameter.Raw!.Ess, 1e-6);
        }

        // The evidence: y is normal with covariance 0.25 I + T Tᵀ, T the design; log Z by the determinant lemma and the quadratic form.
        double quadratic = ((1.2 * 1.2) + (1.4 * 1.4) + (2.3 * 2.3)) / 0.25;
        double explained = (exact[0].Mean * 19.6) + (exact[1].Mean * 43.6);
        double logEvidence = -0.5 * ((quadratic - explained) + Math.Log(Determinant) + (3 * Math.Log(Math.Tau * 0.25)));
        Assert.Equal(logEvidence, metrics.Importance!.LogEvidence, 4.5 * metrics.Importance.LogEvidenceError);
        Assert.NotEqual(VerdictMetrics.DoNotTrust, metrics.Verdict.Level);
    }

    [Theory, Trait("Category", "Slow")]
    [InlineData("effective: 3000, rounds: 3", "Reached", 1)]
    [InlineData("effective: 3000, rounds: 3, fresh: true", "Reached", 2)]
    [InlineData("effective: 3000, rounds: 3, draws: 3000", "DrawsExhausted", 1)]
    public void Run_DrawsUntilTheyAreWorthEnough_SaysHowItEnded(string importance, string stop, int evaluationsOfADraw)
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Reweights = true, Importance = importance };

        study.Run(folder);

        Metrics metrics = ReadMetrics(folder);
        ImportanceMetrics weights = metrics.Importance!;
        ImportanceFacts facts = JsonArtifact.Read<ImportanceFacts>(folder["run/importance.json"]);
        Assert.Equal((stop, stop), (weights.Drawing, facts.Drawing!.Stop));
        Assert.Equal((3000, evaluationsOfADraw == 2), (facts.Drawing.Wanted, facts.Drawing.Fresh));

        // 2,000 draws of the network, those of each round, one that is not used, and those of the result.
        Assert.Equal(2000 + ((long)new AdaptiveImportanceOptions().RoundDraws * (facts.History.Count - 1)) + 1 + ((long)evaluationsOfADraw * weights.Draws), weights.Evaluations);
        Assert.Equal(stop == "DrawsExhausted", weights.Draws == 3000);
        Assert.Equal(stop == "DrawsExhausted", metrics.Verdict.Reasons.Any(r => r.StartsWith("The draws allowed ran out", StringComparison.Ordinal)));
        Assert.True(stop == "DrawsExhausted" || (evaluationsOfADraw == 2 ? weights.Ess > 2700 : weights.Ess >= 3000), $"{weights.Ess}");
        Assert.Contains(facts.Drawing.Advice.Replace("'", "&#39;", StringComparison.Ordinal)[..20], File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);

        // As in the study of two rounds, the exact mean of start.
        double mean = ((57 * 19.6) - (24 * 43.6)) / ((13 * 57) - (24 * 24)), sd = Math.Sqrt(57.0 / ((13 * 57) - (24 * 24)));
        Assert.Equal(mean, metrics.Parameters[0].Mean, 4.5 * sd / Math.Sqrt(metrics.Parameters[0].Ess));
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));

        // Where they ran out, the draws are those of before.
        Assert.Equal(
            stop == "DrawsExhausted" ? ["reweight", "report"] : ["reweight", "diagnose", "report"],
            Repeated((study with { Importance = importance.Replace("effective: 3000", "effective: 2500", StringComparison.Ordinal) }).Run(folder)));
    }

    [Theory]
    [InlineData("effective: 500, rounds: 0", "at least 1 with effective")]
    [InlineData("fresh: true", "no such key without effective")]
    [InlineData("effective: 500, draws: 400", "at least the 500 that they are to be worth")]
    [InlineData("effective: 1000001", "found 1000000 draws at most, expected at least the 1000001")]
    [InlineData("effective: 0", "a whole number from 1")]
    public void Load_KeysOfReweightingThatDoNotGoTogether_SaysSo(string importance, string expected)
    {
        using var folder = new ScratchFolder();
        StudyException error = Assert.Throws<StudyException>(() => new LineStudy { Reweights = true, Importance = importance }.Load(folder));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_SimulatorFailsSometimes_CountsAndWarns()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Fails = "sometimes", StartMean = -0.5, Observation = "0.2, 0.4, 0.3" };
        var progress = new Store.ProgressList();

        study.Run(folder, progress: progress);

        double[] theta = StoreContents.Simulations(folder["run"]).Theta;
        int failed = Enumerable.Range(0, 600).Count(i => theta[2 * i] > LineCatalog.FailsAbove);
        Metrics metrics = ReadMetrics(folder);
        Assert.InRange(failed, 1, 59);                    // 6.7 % expected: below the share from which the verdict is worse
        Assert.Equal((600, failed, failed / 600.0, true),
            (metrics.Simulations.Total, metrics.Simulations.Failed, metrics.Simulations.FailedShare, metrics.Simulations.PriorConditionalOnSuccess));
        Assert.Equal((600 - failed, failed), (metrics.Training[0].Simulations, metrics.Training[0].Excluded));
        Assert.NotEqual(VerdictMetrics.Trusted, metrics.Verdict.Level);
        Assert.Contains(metrics.Verdict.Reasons, r => r.StartsWith($"{failed} of 600 simulations failed", StringComparison.Ordinal));
        Assert.Contains($"{failed} of 600 simulations failed", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        Assert.Contains(progress.Messages(StageEvent.Warning), m => m!.StartsWith($"simulate-1: {failed} of 600 simulations failed", StringComparison.Ordinal));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_LikelihoodZeroEverywhere_ReportsTheNetworkAndDoesNotTrustIt()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Fails = "likelihood", Reweights = true };

        study.Run(folder);

        Metrics metrics = ReadMetrics(folder);
        Assert.Equal(("network", VerdictMetrics.DoNotTrust), (metrics.Reported, metrics.Verdict.Level));
        Assert.StartsWith("Reweighting failed", metrics.Verdict.Reasons[0], StringComparison.Ordinal);
        Assert.Equal((0, 0.0), (metrics.Importance!.Draws, metrics.Importance.Ess));
        Assert.True(double.IsNaN(metrics.Importance.LogEvidence));
        Assert.All(metrics.Parameters, p => Assert.Null(p.Raw));
        Assert.False(File.Exists(folder["run/figures/weights.svg"]));
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_FourteenParameters_DrawsTheFirstTwelveAndTabulatesAll()
    {
        using var folder = new ScratchFolder();
        string Names(string letter, string separator, string value) => string.Join(separator, Enumerable.Range(1, 14).Select(i => letter.Length > 0 ? $"{letter}{i}: {value}" : value));
        string yaml = $$"""
            format: 1
            simulator: wide
            prior: { {{Names("a", ", ", "{ normal: { mean: 0, sd: 1 } }")}} }
            observation: { values: [{{Names("", ", ", "0.5")}}] }
            inference:
              simulations: 300
              flow: { kind: affine-autoregressive, transforms: 1, hidden: [16] }
              training: { max-epochs: 2 }
            diagnostics: { sbc: 20, sbc-draws: 20, predictive: 50 }
            posterior: { draws: 500 }
            """;
        Study study = Study.Load(folder.Write("wide/study.yaml", yaml), new LineCatalog());
        using (var run = RunFolder.Open(folder["run"], study, TimeProvider.System))
        {
            new StageEngine(run, StudyPipeline.Create(study).Stages).Run(last: null, CancellationToken.None);
        }

        Assert.Equal(14, ReadMetrics(folder).Parameters.Count);
        Assert.Contains("The first 12 of 14 parameters are shown", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        string corner = File.ReadAllText(folder["run/figures/corner.csv"]);
        Assert.Contains(",a12,", corner, StringComparison.Ordinal);
        Assert.DoesNotContain("a13", corner, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SimulatorFailsAlways_SaysWhyAndWhere()
    {
        using var folder = new ScratchFolder();

        RunException error = Assert.Throws<RunException>(() => new LineStudy { Fails = "always" }.Run(folder));

        Assert.Contains("'line'", error.Message, StringComparison.Ordinal);
        Assert.Contains("the line is broken", error.Message, StringComparison.Ordinal);
        Assert.Contains("start = ", error.Message, StringComparison.Ordinal);
        StageRecord record = RunFolder.ReadManifest(folder["run"])!.Find("simulate-1")!;
        Assert.Equal((StageStatus.Failed, error.Message), (record.Status, record.Error));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_CancelledInEachStage_EndsInTheSameBytes()
    {
        using ScratchFolder folder = new(), other = new();
        var study = new LineStudy { Rounds = 2, Reweights = true };
        study.Run(folder);

        string[] stages = ["simulate-1", "train-1", "simulate-2", "train-2", "reweight", "diagnose"];
        foreach (string stage in stages)
        {
            using var cancel = new CancellationTokenSource();
            var progress = new CancelAtWork(stage, cancel);
            Assert.ThrowsAny<OperationCanceledException>(() => study.Run(other, progress: progress, cancel: cancel.Token));
            Assert.False(File.Exists(other["run/report.html"]));
        }

        study.Run(other);
        Assert.Equal(LineStudy.Contents(folder["run"]), LineStudy.Contents(other["run"]));
    }

    private static Metrics ReadMetrics(ScratchFolder folder) => JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);

    private static IEnumerable<string> Repeated(IEnumerable<(string Stage, bool Reused)> stages) => stages.Where(s => !s.Reused).Select(s => s.Stage);

    /// <summary>Cancels when a stage first reports that it is at work.</summary>
    private sealed class CancelAtWork(string stage, CancellationTokenSource cancel) : IProgress<StageProgress>
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
