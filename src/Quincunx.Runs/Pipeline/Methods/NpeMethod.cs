using Quincunx.Inference.Fresh;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Sequential;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>npe</c>: neural posterior estimation; in several rounds by truncation.</summary>
internal sealed class NpeMethod : InferenceMethod
{
    public override string Name => "npe";

    public override string Loss => "−log q(θ | x)";

    public override bool Proposes => false;

    public override bool Samples => false;

    public override bool Streams => true;

    public override TrainingOptions Training => NeuralPosteriorEstimation.DefaultTraining;

    public override Estimate Untrained(StudyModel model, NamedTensors state) => Of(NeuralPosteriorEstimation.Untrained(model.Bijection, model.Features, model.Network));

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        if (model.IsNoiseFresh)
        {
            NpeResult measured = FreshPosteriorEstimation.Train(
                model.Bijection, data.Pairs!.Theta, data.Pairs.X, model.Measurement.Noise!.Measurement, model.Network, options, rng, augmentation: null, progress, checkpoints, cancel);
            return (Of(measured.Posterior), measured.Training);
        }

        if (model.Study.Inference.Balance is > 0 and var balance)
        {
            NpeResult balanced = SequentialPosteriorEstimation.Train(
                model.Prior, [data.Pairs!], model.Features, new SequentialNpeOptions { Network = model.Network, Balance = balance }, options, rng, start: null, progress, checkpoints, cancel);
            return (Of(balanced.Posterior), balanced.Training);
        }

        NpeResult result = data.Blocks is { } blocks
            ? NeuralPosteriorEstimation.Train(model.Bijection, blocks, model.Study.Inference.Memory, model.Network, options, rng, progress, checkpoints, cancel)
            : NeuralPosteriorEstimation.Train(
                model.Bijection, data.Pairs!.Theta, data.Pairs.X, model.Features, model.Network, options, rng, progress, checkpoints, cancel);
        return (Of(result.Posterior), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        FlowSettings flow = model.Study.Inference.Flow;
        hash.Add("flow", flow.Kind).Add("transforms", flow.Transforms).Add("hidden", flow.Hidden).Add("bins", flow.Bins);
        if (flow.IsContinuous)
        {
            hash.Add("steps", flow.Steps);          // for this kind alone, so that runs of the others are found again
        }

        if (model.Study.Inference.Balance is > 0 and var balance)
        {
            hash.Add("balance", balance);
        }

        model.Measurement.Gaps?.AddTo(hash);
        model.AddEmbedding(hash);
    }

    public override string Describe(StudyModel model)
    {
        FlowSettings flow = model.Study.Inference.Flow;
        return $"{flow.Kind} flow, {(flow.IsContinuous ? Words.Plural(flow.Steps, "step") : Words.Plural(flow.Transforms, "transform"))}, hidden layers {string.Join(", ", flow.Hidden)}"
            + (flow.IsSpline ? $", {flow.Bins} bins" : "") + (model.Study.Inference.Balance is > 0 and var balance ? FormattableString.Invariant($", balanced with weight {balance}") : "");
    }

    private static Estimate Of(NeuralPosterior posterior) => new(posterior, posterior.Scaling, posterior);
}
