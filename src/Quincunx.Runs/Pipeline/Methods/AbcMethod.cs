using Quincunx.Inference;
using Quincunx.Inference.Abc;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>abc</c>: the nearest simulations; in several rounds by truncation. <c>smc-abc</c>: in several rounds at draws of the last posterior, weighted for that.</summary>
internal sealed class AbcMethod(bool weights) : InferenceMethod
{
    public override string Name => weights ? "smc-abc" : "abc";

    public override string Title => "approximate Bayesian computation";

    public override string WithoutDraws => "because too few simulations lie within the tolerance: raise inference.abc.tolerance, or accept a quantile instead.";

    public override string Noun => "estimator";

    public override string Improvement => "Use more simulations, another inference.abc.regression or learned summaries (inference.abc.summary).";

    public override string Loss => "the squared error of the summaries";

    public override bool Proposes => weights;

    public override bool Samples => false;

    public override bool Streams => false;

    public override TrainingOptions Training => new LearnedSummaryOptions().Training;

    public override Estimate Untrained(StudyModel model, NamedTensors state) =>
        Of(AbcEstimator.Untrained(model.Bijection, state.TryGet("theta", out Tensor? theta) ? theta.Shape[0] : 1, model.Features, Options(model, Training)));

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        SimulationPairs all = data.Pairs!;

        // Of the same stream in each round, since later rounds do again what earlier ones did.
        rng = model.Stream("summary");
        AbcEstimator estimator = weights
            ? PopulationAbc.Fit(model.Prior, data.Rounds, model.Observation, Options(model, options), rng, cancel)
            : AbcEstimator.Fit(model.Bijection, all.Theta, all.X, model.Features, Options(model, options), rng, cancel);
        return (Of(estimator), estimator.Training ?? NothingTrained(all.Count));
    }

    // Adjusted draws are narrower than what is accepted: rows outside of them would have large weights.
    public override IPosteriorEstimator Proposal(StudyModel model, IPosteriorEstimator posterior) => ((AbcEstimator)posterior).Unadjusted;

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        AbcSettings abc = Settings(model);
        hash.Add("method", Name).Add("quantile", abc.Quantile ?? double.NaN).Add("tolerance", abc.Tolerance ?? double.NaN).Add("metric", abc.Metric).Add("regression", abc.Regression);
        hash.Add("powers", abc.Summary?.Powers ?? 0).Add("hidden", abc.Summary?.Hidden ?? []);
        if (weights && model.Rounds > 1)
        {
            hash.Add("observation", model.Observation);
        }
    }

    public override string Describe(StudyModel model)
    {
        AbcSettings abc = Settings(model);
        string accepted = abc.Tolerance is { } tolerance ? FormattableString.Invariant($"the simulations within a distance of {tolerance}")
            : abc.Quantile is { } share ? $"the nearest {Words.Percent(share)} of the simulations" : "the nearest simulations";
        string summary = abc.Summary is null ? "their outputs" : abc.Summary.Hidden.Count == 0 ? "learned linear summaries" : "summaries learned by a network";
        return $"none: {accepted}, compared by {summary}" + (abc.Regression switch { "none" => "", "best" => ", adjusted by a linear regression where that helps", _ => $", adjusted by a {abc.Regression} regression" }) + ", under a kernel density";
    }

    private static AbcSettings Settings(StudyModel model) => model.Study.Inference.Abc ?? AbcSettings.Usual;

    private static AbcEstimatorOptions Options(StudyModel model, TrainingOptions training)
    {
        AbcSettings abc = Settings(model);
        return new AbcEstimatorOptions
        {
            Quantile = abc.Quantile,
            Tolerance = abc.Tolerance,
            Metric = Enum.Parse<AbcMetric>(abc.Metric.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
            Regression = abc.Regression == "none" ? null : new RegressionOptions { Kind = abc.Regression == "neural" ? RegressionKind.Neural : RegressionKind.Linear },
            AdjustOnlyWhereBetter = abc.Regression == "best",
            Summary = abc.Summary is { } summary ? new LearnedSummaryOptions { Powers = summary.Powers, Hidden = summary.Hidden, Training = training } : null,
        };
    }

    private static Estimate Of(AbcEstimator estimator) => new(estimator, Scaling: null, estimator);
}
