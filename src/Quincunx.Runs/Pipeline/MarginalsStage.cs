using Quincunx.Inference.Marginals;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>Learns quantiles, mean and variance of each parameter from the simulations of the last round, and asks them at the observation.</summary>
internal sealed class MarginalsStage(StudyModel model, MarginalSettings settings) : IStage
{
    private const int FewestSimulations = 10;

    public string Name => "marginals";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [RunFiles.Simulations(model.Rounds)];

    public void AddInputs(InputHash hash)
    {
        model.AddPrior(hash);
        model.Measurement.Noise?.AddTo(hash);
        hash.Add("levels", settings.Levels).Add("hidden", settings.Hidden).Add("observation", model.Observation).Add("seed", model.Study.Seed);
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        SimulationPairs pairs = Pairs(context);
        if (pairs.Count < FewestSimulations)
        {
            throw new RunException($"Expected at least {FewestSimulations} simulations with finite outputs to train on, got {pairs.Count} of {pairs.Count + pairs.Excluded}.");
        }

        TrainingOptions training = NeuralPosteriorEstimation.DefaultTraining;
        var options = new MarginalEstimationOptions { Levels = settings.Levels, Width = settings.Hidden[0], Blocks = settings.Hidden.Count };
        var progress = new Relay<TrainingProgress>(p =>
            context.Report(p.Latest.Epoch + 1, p.MaxEpochs, "epochs", null, ("loss", p.Latest.TrainingLoss), ("validation", p.Latest.ValidationLoss)));
        MarginalResult result = MarginalEstimation.Train(
            model.Bijection, pairs.Theta, pairs.X, model.Features, options, training, model.Stream(Name), progress, new TrainingCheckpoints(context.Checkpoint(), model.Clock), cancel);
        if (result.Training.StopReason == StopReason.Cancelled)
        {
            throw new OperationCanceledException(cancel);
        }

        if (result.Training.StopReason == StopReason.Diverged)
        {
            context.Warn($"Training of the marginals diverged after {result.Training.Steps} steps; the best weights before that are kept.");
        }

        MarginalSummary summary = result.Estimator.Summarise(model.Observation);
        context.WriteNpz(RunFiles.MarginalNetwork, "the network of the marginals", TensorArrays.Of(ModuleState.Export(result.Estimator)));
        MarginalParameterFacts[] parameters = [.. model.ParameterNames.Select((name, i) => new MarginalParameterFacts(name, summary.Mean[i], Math.Sqrt(summary.Variance[i]), summary.Quantiles[i]))];
        context.WriteJson(RunFiles.Marginals, "the marginals", new MarginalFacts(1, settings.Levels, parameters, pairs.Count, result.Training.StopReason.ToString()));
    }

    private SimulationPairs Pairs(StageContext context)
    {
        using CampaignReader simulations = SimulationsFile.Open(model, model.Rounds, context);
        return model.Measurement.Observe(model.OutputsOf(simulations.ReadAll().Successful()), part => model.Stream($"{part}-{model.Rounds}"));
    }
}
