using Quincunx.Inference.Npe;
using Quincunx.Inference.Sequential;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>apt</c>: neural posterior estimation whose later rounds draw from the last posterior and are corrected by the atomic loss.</summary>
internal sealed class AtomicMethod : InferenceMethod
{
    private readonly NpeMethod _plain = new();

    public override string Name => "apt";

    public override string Loss => "−log q(θ | x), in later rounds with the atomic loss";

    public override bool Proposes => true;

    public override bool Samples => false;

    public override bool Streams => false;

    public override TrainingOptions Training => _plain.Training;

    public override Estimate Untrained(StudyModel model, NamedTensors state) => _plain.Untrained(model, state);

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        SimulationPairs all = data.Pairs!;
        int d = model.Dimension, k = model.Features, first = data.Rounds[0].Count;
        SimulationPairs[] rounds = first == all.Count
            ? [all]
            : [
                new SimulationPairs(all.Theta[..(first * d)], all.X[..(first * k)], first, 0),
                new SimulationPairs(all.Theta[(first * d)..], all.X[(first * k)..], all.Count - first, 0),
            ];
        NpeResult result = SequentialPosteriorEstimation.Train(
            model.Prior, rounds, k, new SequentialNpeOptions { Network = model.Network }, options, rng, start: null, progress, checkpoints, cancel);
        return (new Estimate(result.Posterior, result.Posterior.Scaling, result.Posterior), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        hash.Add("method", Name);
        _plain.AddNetwork(model, hash);
    }

    public override string Describe(StudyModel model) => _plain.Describe(model);
}
