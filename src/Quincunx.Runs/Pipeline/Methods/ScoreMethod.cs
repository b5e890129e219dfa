using Quincunx.Inference.Flows;
using Quincunx.Inference.ScoreModels;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>fmpe</c> and <c>npse</c>: posteriors by flow matching and by score matching; in several rounds by truncation.</summary>
internal sealed class ScoreMethod(bool matchesFlow) : InferenceMethod
{
    public override string Name => matchesFlow ? "fmpe" : "npse";

    public override string Title => matchesFlow ? "flow matching" : "score matching";

    public override string Loss => matchesFlow ? "the squared error of the velocity" : "the weighted squared error of the score";

    public override bool Proposes => false;

    public override bool Samples => false;

    public override bool Streams => false;

    public override TrainingOptions Training => matchesFlow ? FlowMatching.DefaultTraining : ScoreEstimation.DefaultTraining;

    public override Estimate Untrained(StudyModel model, NamedTensors state) => Of(matchesFlow
        ? FlowMatching.Untrained(model.Bijection, model.Features, FlowOptions(model))
        : ScoreEstimation.Untrained(model.Bijection, model.Features, ScoreOptions(model)));

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        (double[] theta, double[] x) = (data.Pairs!.Theta, data.Pairs.X);
        ScoreResult result = matchesFlow
            ? FlowMatching.Train(model.Bijection, theta, x, model.Features, FlowOptions(model), options, rng, progress, checkpoints, cancel)
            : ScoreEstimation.Train(model.Bijection, theta, x, model.Features, ScoreOptions(model), options, rng, progress, checkpoints, cancel);
        return (Of(result.Posterior), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        ScoreSettings score = model.Study.Inference.Score;
        hash.Add("method", Name).Add("linear", "beside").Add("hidden", score.Hidden).Add("path", PathWord(score)).Add("sampler", score.Sampler).Add("steps", score.Steps);
        if (score.Trace is { } trace)
        {
            hash.Add("trace", trace);           // for estimates alone, so that runs of before are found again
        }

        model.Study.Inference.Embedding?.AddTo(hash);
    }

    public override string Describe(StudyModel model)
    {
        ScoreSettings score = model.Study.Inference.Score;
        return $"residual blocks of {string.Join(", ", score.Hidden)} on a {PathWord(score).Replace('-', ' ')} path, drawn along the {score.Sampler.Replace('-', ' ')} in {Words.Plural(score.Steps, "step")}{(score.Trace is null ? "" : ", log-densities by estimates of the trace")}";
    }

    private FlowMatchingOptions FlowOptions(StudyModel model)
    {
        ScoreSettings score = model.Study.Inference.Score;
        return new FlowMatchingOptions { Network = Network(model), Path = Path(score), Sampling = Sampling(score) };
    }

    private ScoreEstimationOptions ScoreOptions(StudyModel model)
    {
        ScoreSettings score = model.Study.Inference.Score;
        return new ScoreEstimationOptions { Network = Network(model), Path = Path(score), Sampling = Sampling(score) };
    }

    private NoisePath Path(ScoreSettings score) => Enum.Parse<NoisePath>(PathWord(score).Replace("-", "", StringComparison.Ordinal), ignoreCase: true);

    private string PathWord(ScoreSettings score) => score.Path ?? (matchesFlow ? "optimal-transport" : "variance-preserving");

    private static ScoreNetworkOptions Network(StudyModel model) => new()
    {
        Width = model.Study.Inference.Score.Hidden[0],
        Blocks = model.Study.Inference.Score.Hidden.Count,
        Embedding = model.Network.Embedding,
        ContextFeatures = model.Network.ContextFeatures,
    };

    private static ScoreSampling Sampling(ScoreSettings score)
    {
        ScoreSampler sampler = Enum.Parse<ScoreSampler>(score.Sampler.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        TraceNoise? trace = score.Trace is null ? null : Enum.Parse<TraceNoise>(score.Trace, ignoreCase: true);
        return sampler == ScoreSampler.ProbabilityFlow
            ? new ScoreSampling { Sampler = sampler, FlowSteps = score.Steps, Divergence = trace }
            : new ScoreSampling { Sampler = sampler, DiffusionSteps = score.Steps, Divergence = trace };
    }

    private static Estimate Of(ScorePosterior posterior) => new(posterior, posterior.Coordinates.X, posterior);
}
