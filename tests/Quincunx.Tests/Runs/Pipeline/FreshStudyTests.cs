using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies whose network learns from simulations that are made while it trains.</summary>
public sealed class FreshStudyTests
{
    private static readonly LineStudy Study = new() { Network = "method: npe\nfresh: true\nflow: { kind: affine-autoregressive, transforms: 2, hidden: [16] }", Diagnostics = "{ sbc: 0, predictive: 0 }" };

    [Fact, Trait("Category", "Slow")]
    public void Run_OnFreshSimulations_FindsThePosteriorAndCountsThem()
    {
        using ScratchFolder folder = new(), other = new();
        LineStudy study = Study with { Simulations = 1000, Epochs = 30 };
        study.Run(folder);
        study.Run(other);
        Assert.Equal(LineStudy.Contents(other["run"]), LineStudy.Contents(folder["run"]));

        // 1,000 are stored; each of the 29 epochs after the first has 900 of its own.
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Assert.Equal((1000 + (29 * 900), 0), (metrics.Simulations.Total, metrics.Simulations.Failed));
        Assert.Equal(new FreshFacts(29 * 900, 0), metrics.Training[0].Fresh);
        Assert.Equal(1000 + (29 * 900), metrics.Training[0].Simulations);
        Assert.Contains("of which 26,100 were made while the network trained", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);

        // Precision [[13, 24], [24, 57]], its inverse times (19.6, 43.6) for the mean; as near as other methods are tested.
        const double Determinant = (13 * 57) - (24 * 24);
        (double Mean, double Sd)[] exact =
            [(((57 * 19.6) - (24 * 43.6)) / Determinant, Math.Sqrt(57 / Determinant)), (((13 * 43.6) - (24 * 19.6)) / Determinant, Math.Sqrt(13 / Determinant))];
        foreach ((ParameterMetrics parameter, (double mean, double sd)) in metrics.Parameters.Zip(exact))
        {
            Assert.InRange(parameter.Mean, mean - (0.5 * sd), mean + (0.5 * sd));
            Assert.InRange(parameter.Sd / sd, 0.67, 1.5);
        }

        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        Assert.Equal(["simulate-1", "train-1", "sample", "diagnose", "report"], Repeated(study with { Simulations = 1200 }, folder));
    }

    // Some fail: others are made in their place, and all are counted, whether the run was stopped or not.
    [Fact, Trait("Category", "Slow")]
    public void Run_StoppedWhereSimulationsFail_EndsWithTheSameBytesAndCounts()
    {
        using ScratchFolder folder = new(), whole = new();
        LineStudy study = Study with { Fails = "sometimes", StartMean = -0.5, Simulations = 800, Epochs = 10 };
        study.Run(whole);
        foreach (int after in (int[])[2, 6])
        {
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => study.Run(folder, progress: new TrainingStopper(source, after), cancel: source.Token));
        }

        study.Run(folder);
        Assert.Equal(LineStudy.Contents(whole["run"]), LineStudy.Contents(folder["run"]));
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        TrainingMetrics training = metrics.Training[0];
        Assert.Equal(800 + training.Fresh!.Made, metrics.Simulations.Total);
        Assert.Equal(training.Excluded + training.Fresh.Failed, metrics.Simulations.Failed);

        // 6.7 % fail: of some 6,000 made, 400 with a standard deviation of 20.
        Assert.InRange((double)training.Fresh.Failed / training.Fresh.Made, 0.067 - 0.017, 0.067 + 0.017);
        Assert.Contains(metrics.Verdict.Reasons, r => r.Contains($"{metrics.Simulations.Total:N0} simulations failed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("method: mdn\nfresh: true", 1, "no such key for mdn")]
    [InlineData("method: npe\nfresh: true", 2, "no such key in several rounds")]
    [InlineData("method: npe\nfresh: true\nensemble: {}", 1, "no such key beside ensemble")]
    [InlineData("method: npe\nfresh: true\nbalance: 10", 1, "no such key beside balance")]
    [InlineData("method: npe\nfresh: yes", 1, "expected true or false")]
    public void Load_WhereItDoesNotFit_SaysWhy(string network, int rounds, string said)
    {
        using var folder = new ScratchFolder();
        Assert.Contains(said, Assert.Throws<StudyException>(() => (Study with { Network = network, Rounds = rounds }).Load(folder)).Message, StringComparison.Ordinal);
    }

    private static string[] Repeated(LineStudy study, ScratchFolder folder) => [.. study.Run(folder).Where(s => !s.Reused).Select(s => s.Stage)];
}
