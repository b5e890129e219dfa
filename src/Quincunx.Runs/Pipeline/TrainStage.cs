using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Trains the network of a round.</summary>
internal sealed class TrainStage(StudyModel model, int round) : IStage
{
    private const int FewestSimulations = 10;

    public string Name => $"train-{round}";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [RunFiles.Simulations(round)];

    public void AddInputs(InputHash hash)
    {
        model.AddPrior(hash);
        model.AddNetwork(hash);
        model.AddTraining(hash, round);
        hash.Add("seed", model.Study.Seed);
        if (model.IsStreamed(round))
        {
            hash.Add("memory", model.Study.Inference.Memory);
        }
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        TrainingOptions options = model.Training(round);
        var progress = new Relay<TrainingProgress>(p => Report(context, options, p));
        var checkpoints = new TrainingCheckpoints(context.Checkpoint(), model.Clock);
        using CampaignReader simulations = SimulationsFile.Open(model, round, context);
        NpeResult result;
        (int Count, int Excluded) used;
        if (model.IsStreamed(round))
        {
            used = Enough(simulations.Rows.Sum(), simulations.Excluded);
            result = NeuralPosteriorEstimation.Train(
                model.Bijection, simulations, model.Study.Inference.Memory, model.Network, options, model.Stream(Name), progress, checkpoints, cancel);
        }
        else
        {
            SimulationPairs pairs = simulations.ReadAll().Successful();
            used = Enough(pairs.Count, pairs.Excluded);
            result = NeuralPosteriorEstimation.Train(
                model.Bijection, pairs.Theta, pairs.X, model.Features, model.Network, options, model.Stream(Name), progress, checkpoints, cancel);
        }

        if (result.Training.StopReason == StopReason.Cancelled)
        {
            throw new OperationCanceledException(cancel);
        }

        context.WriteNpz(RunFiles.Network(round), "the network", NetworkFile.Arrays(result.Posterior));
        context.WriteJson(RunFiles.NetworkFacts(round), "facts of the network", NetworkFacts.Of(model, round, result, used.Count, used.Excluded));
        if (result.Training.StopReason == StopReason.Diverged)
        {
            context.Warn($"Training of round {round} diverged after {result.Training.Steps} steps; the best weights before that are kept.");
        }
    }

    private static (int Count, int Excluded) Enough(int count, int excluded) => count >= FewestSimulations
        ? (count, excluded)
        : throw new RunException($"Expected at least {FewestSimulations} simulations with finite outputs to train on, got {count} of {count + excluded}.");

    // Only along a cosine does training usually go on to the last epoch. Otherwise it ends when patience does, which no rate foretells:
    // a time left until the last epoch would be far too long.
    private static void Report(StageContext context, TrainingOptions options, TrainingProgress progress)
    {
        TrainingEpoch epoch = progress.Latest;
        bool counted = options.Schedule == RateSchedule.Cosine;
        string? waits = counted ? null
            : $"best {epoch.Epoch - Math.Max(progress.BestEpoch, 0)} epochs ago (ends at {options.Patience}), at most {progress.MaxEpochs} epochs";
        context.Report(
            epoch.Epoch + 1, counted ? progress.MaxEpochs : 0, "epochs", waits, ("loss", epoch.TrainingLoss), ("validation", epoch.ValidationLoss));
    }
}
