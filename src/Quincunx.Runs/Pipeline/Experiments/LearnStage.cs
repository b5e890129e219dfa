using Quincunx.Inference.Experiments;
using Quincunx.Inference.Training;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>Trains the network of an experiment.</summary>
internal sealed class LearnStage(ExperimentModel model) : IStage
{
    public string Name => "train";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [ExperimentFiles.Data];

    public void AddInputs(InputHash hash) => model.AddInputs(hash);

    public void Run(StageContext context, CancellationToken cancel)
    {
        var progress = new Relay<TrainingProgress>(p => context.Report(p.Latest.Epoch + 1, p.MaxEpochs, "epochs", null, ("loss", p.Latest.TrainingLoss)));
        ExperimentTraining trained = model.Study.Experiment.Train(
            TensorArrays.Read(context.Input(ExperimentFiles.Data)), model.Stream(Name), progress, new TrainingCheckpoints(context.Checkpoint(), model.Clock), cancel);
        if (trained.Training.StopReason == StopReason.Cancelled)
        {
            throw new OperationCanceledException(cancel);
        }

        context.WriteNpz(ExperimentFiles.Weights, "the network", TensorArrays.Of(trained.Weights));
        context.WriteJson(ExperimentFiles.Training, "facts of the training", TrainingFacts.Of(trained.Training));
        if (trained.Training.StopReason == StopReason.Diverged)
        {
            context.Warn($"Training diverged after {trained.Training.Steps} steps; the best weights before that are kept.");
        }
    }
}
