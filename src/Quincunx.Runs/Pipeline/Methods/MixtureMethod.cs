using Quincunx.Inference.MixtureDensity;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>mdn</c>: a mixture of normal densities; in several rounds by truncation.</summary>
internal sealed class MixtureMethod : InferenceMethod
{
    public override string Name => "mdn";

    public override string Title => "mixture density estimation";

    public override string Loss => "−log q(θ | x)";

    public override bool Proposes => false;

    public override bool Samples => false;

    public override bool Streams => false;

    public override TrainingOptions Training => UsualTraining;

    public override Estimate Untrained(StudyModel model, NamedTensors state) => Of(MixtureDensityEstimation.Untrained(model.Bijection, model.Features, Options(model)));

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        MixtureDensityResult result = MixtureDensityEstimation.Train(
            model.Bijection, data.Pairs!.Theta, data.Pairs.X, model.Features, Options(model), options, rng, progress, checkpoints, cancel);
        return (Of(result.Posterior), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        MixtureSettings mixture = model.Study.Inference.Mixture;
        hash.Add("method", Name).Add("hidden", mixture.Hidden).Add("components", mixture.Components);
        model.Study.Inference.Embedding?.AddTo(hash);
    }

    public override string Describe(StudyModel model)
    {
        MixtureSettings mixture = model.Study.Inference.Mixture;
        return $"mixture of {Words.Plural(mixture.Components, "normal component")}, residual blocks of {string.Join(", ", mixture.Hidden)}";
    }

    private static MixtureDensityOptions Options(StudyModel model)
    {
        MixtureSettings mixture = model.Study.Inference.Mixture;
        return new MixtureDensityOptions
        {
            Components = mixture.Components,
            Width = mixture.Hidden[0],
            Blocks = mixture.Hidden.Count,
            Embedding = model.Network.Embedding,
            ContextFeatures = model.Network.ContextFeatures,
        };
    }

    private static Estimate Of(MixturePosterior posterior) => new(posterior, posterior.Coordinates.X, posterior);
}
