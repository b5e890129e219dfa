using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>nre-a</c>, <c>nre-b</c>, <c>nre-c</c>: neural ratio estimation; in several rounds with draws of the last posterior.</summary>
internal sealed class RatioMethod(string name, RatioLoss loss) : InferenceMethod
{
    public override string Name => name;

    public override string Title => "neural ratio estimation";

    public override string Loss => "the classifier's cross-entropy";

    public override bool Proposes => true;

    public override bool Samples => true;

    public override bool Streams => false;

    public override TrainingOptions Training => NeuralRatioEstimation.DefaultTraining;

    public override Estimate Untrained(StudyModel model, NamedTensors state) => Of(model, NeuralRatioEstimation.Untrained(model.Bijection, model.Features, Options(model)));

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        NreResult result = NeuralRatioEstimation.Train(
            model.Bijection, data.Pairs!.Theta, data.Pairs.X, model.Features, Options(model), options, rng, progress, checkpoints, cancel);
        return (Of(model, result.Ratio), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        RatioSettings ratio = model.Study.Inference.Ratio;
        hash.Add("method", name).Add("hidden", ratio.Hidden).Add("contrasts", ratio.Contrasts).Add("odds", ratio.Odds).Add("balance", ratio.Balance);
        model.AddEmbedding(hash);
        AddSampler(model, hash);
    }

    public override string Describe(StudyModel model)
    {
        RatioSettings ratio = model.Study.Inference.Ratio;
        string contrasts = loss == RatioLoss.Binary ? "joint pairs against shuffled ones" : FormattableString.Invariant($"{ratio.Contrasts} contrasts");
        return $"residual classifier with layers {string.Join(", ", ratio.Hidden)}, {contrasts}"
            + (loss == RatioLoss.ContrastiveMarginal ? FormattableString.Invariant($", odds {ratio.Odds}") : "")
            + (ratio.Balance > 0 ? FormattableString.Invariant($", balanced with weight {ratio.Balance}") : "");
    }

    private NeuralRatioOptions Options(StudyModel model)
    {
        RatioSettings ratio = model.Study.Inference.Ratio;
        return new NeuralRatioOptions
        {
            Loss = loss,
            Width = ratio.Hidden[0],
            Blocks = ratio.Hidden.Count,
            Contrasts = ratio.Contrasts,
            Odds = ratio.Odds,
            Balance = ratio.Balance,
            Embedding = model.Network.Embedding,
            ContextFeatures = model.Network.ContextFeatures,
        };
    }

    private static Estimate Of(StudyModel model, NeuralRatio ratio) => new(ratio, ratio.Scaling, new SampledPosterior(model.Prior, ratio, Sampler(model)));
}
