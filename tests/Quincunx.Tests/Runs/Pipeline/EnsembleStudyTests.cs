using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Training;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Store;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies whose posterior is the mixture of several networks.</summary>
public sealed class EnsembleStudyTests
{
    private static readonly LineStudy Study = new() { Network = "method: npe\nensemble: { members: 3 }", Diagnostics = "{ sbc: 0, predictive: 0 }" };

    [Fact, Trait("Category", "Slow")]
    public void Run_OfAnEnsemble_ReportsTheMixturesIntervalAndWhereNetworksDiffer()
    {
        using ScratchFolder folder = new(), other = new();
        var progress = new ProgressList();
        Study.Run(folder, progress: progress);
        Study.Run(other);
        Assert.Equal(LineStudy.Contents(other["run"]), LineStudy.Contents(folder["run"]));

        // The interval of posterior.csv is the mixture's, to the noise of 2,000 draws; and each network's is nearer to it than the outermost ends.
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        EnsembleFacts facts = JsonArtifact.Read<EnsembleFacts>(folder["run/ensemble.json"]);
        Assert.Equal(("ensemble", 3), (metrics.Reported, facts.Networks));
        foreach ((ParameterMetrics parameter, EnsembleParameterFacts own) in metrics.Parameters.Zip(facts.Parameters))
        {
            Assert.Equal(parameter.Mean, own.Mean, 5 * own.Sd / Math.Sqrt(2000));
            Assert.Equal(parameter.Q025, own.Lower, 5 * 3 * own.Sd / Math.Sqrt(2000));
            Assert.Equal(parameter.Q975, own.Upper, 5 * 3 * own.Sd / Math.Sqrt(2000));
            Assert.True(own.LowestLower < own.Lower && own.Upper < own.HighestUpper);
            Assert.Equal(new SpreadMetrics(own.MeanSpread, own.LowerSpread, own.UpperSpread, own.LowestLower, own.HighestUpper), parameter.Networks);
            Assert.True(own.MeanSpread > 0.01 * own.Sd, "they agree more than their draws could");
        }

        TrainingMetrics training = Assert.Single(metrics.Training);
        NetworkFacts network = JsonArtifact.Read<NetworkFacts>(folder["run/network/round-1.json"]);
        Assert.Equal(3, training.Networks!.Count);
        Assert.All(training.Networks, n => Assert.Equal(("MaxEpochs", true, 12), (n.StopReason, n.Used, n.Epochs)));
        Assert.Equal(network.Members!.Sum(m => m.Steps), training.Steps);
        Assert.Equal(network.Members!.Average(m => m.BestValidationLoss), training.BestValidationLoss, 1e-12);
        Assert.Equal(12, network.History.Count);
        string report = File.ReadAllText(folder["run/report.html"]);
        Assert.Contains("What the 3 networks do not agree on", report, StringComparison.Ordinal);
        Assert.Contains("The networks of the ensemble.", report, StringComparison.Ordinal);

        // All epochs of all networks are told of, never fewer than before.
        double[] told = [.. progress.Reports.Where(r => r is { Stage: "train-1", Event: StageEvent.Working }).Select(r => r.Done)];
        Assert.Equal((3 * 12, 3 * 12), (told.Length, told[^1]));
        Assert.Equal(told.Order(), told);

        // Nothing depends on how members take their steps, but that the report has the study; another variety trains anew.
        Assert.Equal(["report"], Repeated(Study with { Network = "method: npe\nensemble: { members: 3, batched: true }" }, folder));
        using var batched = new ScratchFolder();
        (Study with { Network = "method: npe\nensemble: { members: 3, batched: true }" }).Run(batched);
        Assert.Equal(File.ReadAllText(folder["run/posterior.csv"]), File.ReadAllText(batched["run/posterior.csv"]));
        Assert.Equal(["train-1", "sample", "diagnose", "report"], Repeated(Study with { Network = "method: npe\nensemble: { members: 3, bootstrapped: true }" }, folder));
        Assert.Contains("each on its own draw of the simulations with replacement", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_Reweighted_HasTheNetworksBesideTheirOwnPosterior()
    {
        using var folder = new ScratchFolder();
        (Study with { Reweights = true, More = "marginals: { levels: [0.16, 0.5, 0.84] }" }).Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Assert.Equal("reweighted", metrics.Reported);
        Assert.All(metrics.Parameters, p => Assert.True(p.Networks is null && p.Raw!.Networks is not null));

        // As in the study of two rounds, the exact mean of start.
        double mean = ((57 * 19.6) - (24 * 43.6)) / ((13 * 57) - (24 * 24)), sd = Math.Sqrt(57.0 / ((13 * 57) - (24 * 24)));
        Assert.Equal(mean, metrics.Parameters[0].Mean, 4.5 * sd / Math.Sqrt(metrics.Parameters[0].Ess));
    }

    [Fact]
    public void Load_OfAnEnsemble_HasTheTrainingThatSuitsIt()
    {
        using var folder = new ScratchFolder();
        const string Text = """
            format: 1
            simulator: line
            prior: { start: { normal: { mean: 0, sd: 1 } }, slope: { normal: { mean: 0, sd: 1 } } }
            observation: { values: [1, 2, 3] }
            inference: { simulations: 6000, ensemble: {} }
            """;
        InferenceSettings settings = Quincunx.Runs.Studies.Study.Load(folder.Write("line/study.yaml", Text), new LineCatalog()).Inference;
        TrainingOptions expected = EnsembleEstimation.DefaultTraining(6000);
        Assert.Equal(new EnsembleSettings(10, false, false), settings.Ensemble);
        Assert.Equal((expected.MaxEpochs, expected.BatchSize), (settings.Training.MaxEpochs, settings.Training.Batch));

        folder.Write("line/study.yaml", Text.Replace("6000", "100000, memory: 1 MiB", StringComparison.Ordinal));
        Assert.Contains("more than inference.memory", Assert.Throws<StudyException>(() => Quincunx.Runs.Studies.Study.Load(folder["line/study.yaml"], new LineCatalog())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfARunWithAnEnsemble_SaysThatItIsNoFlow()
    {
        using var folder = new ScratchFolder();
        (Study with { Epochs = 1 }).Run(folder);
        Assert.Contains("an ensemble of 3 networks", Assert.Throws<ArtifactException>(() => TrainedRun.Read(folder["run"])).Message, StringComparison.Ordinal);
    }

    private static string[] Repeated(LineStudy study, ScratchFolder folder) => [.. study.Run(folder).Where(s => !s.Reused).Select(s => s.Stage)];
}
