using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Gold;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Mining;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>rolr</c>, <c>cascal</c>, <c>rascal</c>, <c>alice</c>, <c>alices</c>: ratios of likelihoods from mined simulations, to another draw of the prior or to a reference; in several rounds with draws of the last posterior.</summary>
internal sealed class GoldRatioMethod(GoldLoss loss) : InferenceMethod
{
    public override string Name { get; } = loss.ToString().ToLowerInvariant();

    public override string Title => "likelihood ratios from mined simulations";

    public override string Loss => loss switch
    {
        GoldLoss.Rolr => "the squared error of the ratio",
        GoldLoss.Rascal => "the squared errors of ratio and score",
        GoldLoss.Alice => "the cross-entropy with the joint probability",
        GoldLoss.Alices => "the cross-entropy with the joint probability and the squared error of the score",
        _ => "the classifier's cross-entropy and the squared error of the score",
    };

    public override bool Proposes => true;

    public override bool Samples => true;

    // Cascal needs no joint ratio, but the pairs; so all of them find the same simulations.
    public override MinedParts Mines => MinedParts.ScoresAndRatios;

    public override bool Streams => false;

    public override TrainingOptions Training => GoldRatioEstimation.DefaultTraining;

    public override IDistribution Law(StudyModel model) => Reference(model) is { } reference ? new ReferenceLaw(model.Prior, reference) : model.Prior;

    public override IPosteriorEstimator Proposal(StudyModel model, IPosteriorEstimator posterior) =>
        Reference(model) is { } reference ? new ReferenceProposal(posterior, reference) : posterior;

    public override void AddLaw(StudyModel model, InputHash hash)
    {
        if (Reference(model) is { } reference)
        {
            hash.Add("reference", reference);
        }
    }

    public override Estimate Untrained(StudyModel model, NamedTensors state) => Of(model, GoldRatioEstimation.Untrained(model.Bijection, model.Features, Options(model)));

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        NreResult result = GoldRatioEstimation.Train(model.Bijection, model.Mined!.Events(data.Pairs!), model.Features, Options(model), options, rng, progress, checkpoints, cancel);
        return (Of(model, result.Ratio), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        hash.Add("method", Name).Add("hidden", model.Study.Inference.Ratio.Hidden).Add("reference", Reference(model) ?? []);
        hash.Add("score weight", Options(model).ScoreWeight);
        model.Study.Inference.Embedding?.AddTo(hash);
        AddSampler(model, hash);
    }

    public override string Describe(StudyModel model)
    {
        GoldRatioOptions options = Options(model);
        return $"residual network with layers {string.Join(", ", model.Study.Inference.Ratio.Hidden)}, "
            + (loss == GoldLoss.Cascal ? "joint scores" : options.HasScore ? "joint ratios and scores" : "joint ratios")
            + (options.HasScore ? FormattableString.Invariant($" with weight {options.ScoreWeight}") : "")
            + ", against " + (Reference(model) is { } reference
                ? string.Join(", ", model.ParameterNames.Zip(reference, (name, value) => FormattableString.Invariant($"{name} = {value:G4}")))
                : "other draws of the same law");
    }

    private static double[]? Reference(StudyModel model) => model.Study.Inference.Ratio.Reference is { } reference ? [.. reference] : null;

    private GoldRatioOptions Options(StudyModel model)
    {
        InferenceSettings inference = model.Study.Inference;
        return new GoldRatioOptions
        {
            Loss = loss,
            ScoreWeight = (inference.Gold ?? GoldSettings.Usual).ScoreWeight,
            Width = inference.Ratio.Hidden[0],
            Blocks = inference.Ratio.Hidden.Count,
            Embedding = model.Network.Embedding,
            ContextFeatures = model.Network.ContextFeatures,
        };
    }

    private static Estimate Of(StudyModel model, NeuralRatio ratio) => new(ratio, ratio.Scaling, new SampledPosterior(model.Prior, ratio, Sampler(model)));
}
