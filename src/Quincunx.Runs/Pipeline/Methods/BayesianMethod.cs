using Quincunx.Inference.BayesianNetworks;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>bnn-npe</c>: the mean over Bayesian neural networks, for up to some hundred simulations; in several rounds by truncation.</summary>
internal sealed class BayesianMethod : InferenceMethod
{
    // Of which the first axis is the number of networks, which the study does not say: sampling may have ended early.
    private const string Counted = "biases";

    public override string Name => "bnn-npe";

    public override string Title => "Bayesian neural posterior estimation";

    public override string WithoutDraws => "because the chains of weights kept no network. Raise inference.bayesian.gradients, or look at the simulations for extreme numbers.";

    public override string Improvement => "Use more simulations, or another method where their posterior is far from a normal one.";

    public override string Loss => "−log q(θ | x)";

    public override bool Proposes => false;

    public override bool Samples => false;

    public override bool Streams => false;

    public override TrainingOptions Training => UsualTraining;

    public override Estimate Untrained(StudyModel model, NamedTensors state) =>
        Of(BayesianNetworkEstimation.Untrained(model.Bijection, model.Features, Options(model), state.TryGet(Counted, out Tensor? biases) ? biases.Shape[0] : 0), chains: null);

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        SimulationPairs pairs = data.Pairs!;
        if (pairs.Count > BayesianNetworkEstimation.MostSimulations)
        {
            // Of simulations made elsewhere the study does not say how many there are.
            throw new RunException($"Expected at most {BayesianNetworkEstimation.MostSimulations} simulations for {Name}, got {pairs.Count}: set inference.simulations, or use another method.");
        }

        BayesianNetworkResult result = BayesianNetworkEstimation.Train(model.Bijection, pairs.Theta, pairs.X, model.Features, Options(model), rng, progress, cancel);
        return (Of(result.Posterior, NetworkChains.Of(result)), NothingTrained(pairs.Count));
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        BayesianSettings own = Settings(model);
        hash.Add("method", Name).Add("hidden", own.Hidden).Add("chains", own.Chains).Add("warm-up", own.Warmup).Add("draws", own.Draws).Add("thinning", own.Thinning)
            .Add("acceptance", own.Acceptance).Add("gradients", own.Gradients ?? long.MaxValue);
    }

    public override string Describe(StudyModel model)
    {
        BayesianSettings own = Settings(model);
        return $"{Words.Plural(own.Chains * own.Draws, "network")} of {(own.Hidden == 0 ? "no hidden layer" : Words.Plural(own.Hidden, "hidden unit"))}, whose weights are drawn by {Words.Plural(own.Chains, "Hamiltonian chain")}";
    }

    private static BayesianSettings Settings(StudyModel model) => model.Study.Inference.Bayesian ?? BayesianSettings.Usual;

    private static BayesianNetworkOptions Options(StudyModel model)
    {
        BayesianSettings own = Settings(model);
        return new BayesianNetworkOptions
        {
            Hidden = own.Hidden,
            Chains = own.Chains,
            Warmup = own.Warmup,
            Draws = own.Draws,
            Thinning = own.Thinning,
            TargetAcceptance = own.Acceptance,
            MaxGradients = own.Gradients ?? long.MaxValue,
        };
    }

    private static Estimate Of(BayesianNetworkPosterior posterior, NetworkChains? chains) => new(posterior, posterior.Coordinates.X, posterior, chains);
}
