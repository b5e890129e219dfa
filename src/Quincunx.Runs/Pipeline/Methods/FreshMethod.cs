using Quincunx.Inference.Fresh;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>npe</c> in one round, on simulations that are made while it learns: the stored ones are its first epoch.</summary>
internal sealed class FreshMethod : InferenceMethod
{
    // As where the library makes the first ones itself.
    private const double LargestFailedShare = 0.99;

    private readonly NpeMethod _stored = new();

    public override string Name => _stored.Name;

    public override string Title => "neural posterior estimation on fresh simulations";

    public override string Loss => _stored.Loss;

    public override bool Proposes => false;

    public override bool Samples => false;

    public override bool Streams => false;

    public override TrainingOptions Training => TrainingOf(new EndlessOptions().Rows);

    /// <summary>Of epochs of so many simulations: short ones are more, so that the network takes no fewer steps than in the usual ones.</summary>
    public static TrainingOptions TrainingOf(int simulations)
    {
        TrainingOptions usual = FreshPosteriorEstimation.DefaultTraining;
        int epochs = (int)Math.Max(usual.MaxEpochs, (long)usual.MaxEpochs * new EndlessOptions().Rows / simulations);
        return usual with { MaxEpochs = epochs, Patience = epochs };
    }

    public override Estimate Untrained(StudyModel model, NamedTensors state) => _stored.Untrained(model, state);

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        SimulationPairs first = data.Pairs!;
        long events = first.Count + (long)first.Excluded;
        if (first.Excluded > LargestFailedShare * events)
        {
            throw new RunException($"Expected more than one in a hundred simulations to succeed, got {first.Count} of {events}: fresh ones would cost too much. Restrict the prior to where they succeed.");
        }

        var endless = new EndlessOptions { Stored = new StoredEvents(first, events, model.Stream(StudyModel.SimulationStream(1))) };
        FreshResult result = FreshPosteriorEstimation.TrainEndless(model.Study.Simulator, model.Prior, model.Measurement.Noise?.Measurement, model.Network, endless, options, rng, progress, checkpoints, cancel);
        if (result is not { Posterior: { } posterior, Training: { } training })
        {
            throw new OperationCanceledException(cancel);
        }

        return (new Estimate(posterior, posterior.Scaling, posterior, Fresh: new FreshFacts(result.Simulations - first.Count + result.Failed, result.Failed)), training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        _stored.AddNetwork(model, hash);
        hash.Add("fresh", "each epoch");
    }

    public override string Describe(StudyModel model) => _stored.Describe(model);
}
