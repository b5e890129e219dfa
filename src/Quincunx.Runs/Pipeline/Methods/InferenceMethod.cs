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

/// <summary>A method of inference, as the stages of a study run it. To add one, add a class here and a line in <see cref="Of(string)"/> and in <see cref="Names"/>.</summary>
internal abstract class InferenceMethod
{
    /// <summary>Words of the study file; the first is the default.</summary>
    public static IReadOnlyList<string> Names { get; } = ["npe", "apt", "fmpe", "npse", "mdn", "bnn-npe", "nle", "nre-a", "nre-b", "nre-c", "tmnre", "carl", "scandal", "rolr", "cascal", "rascal", "alice", "alices", "abc", "smc-abc"];

    /// <summary>Word of the study file.</summary>
    public abstract string Name { get; }

    /// <summary>The method in words, after "by".</summary>
    public virtual string Title => "neural posterior estimation";

    /// <summary>Why draws of the posterior may not be numbers, and what may help.</summary>
    public virtual string WithoutDraws => "as after training that diverged. Lower the learning rate, or look at the simulations for extreme numbers.";

    /// <summary>What a report calls that which gives the posterior.</summary>
    public virtual string Noun => "network";

    /// <summary>What may help where the posterior is not calibrated.</summary>
    public virtual string Improvement => "Use more simulations, or a larger or longer trained network.";

    /// <summary>What training minimises the mean of, in words.</summary>
    public abstract string Loss { get; }

    /// <summary>
    /// What the rounds after the first simulate. True: draws of the last posterior, and the network learns from all rounds. False: draws of the prior restricted to where the last posterior is,
    /// and it learns from those of its own round and from earlier ones that lie there.
    /// </summary>
    public abstract bool Proposes { get; }

    /// <summary>Whether what is learned is right near the observation alone, so that calibration is checked under the prior restricted to the region of the posterior.</summary>
    public virtual bool IsLocal(int rounds) => Proposes && rounds > 1;

    /// <summary>Whether the restriction is to an interval of each parameter, which <see cref="Box"/> finds, rather than to where draws are.</summary>
    public virtual bool TruncatesToBox => false;

    /// <summary>Whether draws are made by a sampler, which may fail, rather than by the network itself.</summary>
    public abstract bool Samples { get; }

    /// <summary>What it learns from besides outputs, which only some simulators give.</summary>
    public virtual MinedParts Mines => MinedParts.Nothing;

    /// <summary>Whether simulations can be read from the disk while the network is trained.</summary>
    public abstract bool Streams { get; }

    public static InferenceMethod Of(string name) => name switch
    {
        "npe" => new NpeMethod(),
        "apt" => new AtomicMethod(),
        "fmpe" => new ScoreMethod(matchesFlow: true),
        "npse" => new ScoreMethod(matchesFlow: false),
        "mdn" => new MixtureMethod(),
        "bnn-npe" => new BayesianMethod(),
        "nle" => new LikelihoodMethod(learnsScores: false),
        "nre-a" => new RatioMethod(name, RatioLoss.Binary),
        "nre-b" => new RatioMethod(name, RatioLoss.Contrastive),
        "nre-c" => new RatioMethod(name, RatioLoss.ContrastiveMarginal),
        "tmnre" => new TmnreMethod(),
        "carl" => new CarlMethod(),
        "scandal" => new LikelihoodMethod(learnsScores: true),
        "rolr" => new GoldRatioMethod(GoldLoss.Rolr),
        "cascal" => new GoldRatioMethod(GoldLoss.Cascal),
        "rascal" => new GoldRatioMethod(GoldLoss.Rascal),
        "alice" => new GoldRatioMethod(GoldLoss.Alice),
        "alices" => new GoldRatioMethod(GoldLoss.Alices),
        "abc" => new AbcMethod(weights: false),
        "smc-abc" => new AbcMethod(weights: true),
        _ => throw new ArgumentException($"Expected one of {string.Join(", ", Names)}, got '{name}'.", nameof(name)),
    };

    /// <summary>The method of a study.</summary>
    public static InferenceMethod Of(InferenceSettings settings) => settings.Ensemble is not null ? new EnsembleMethod() : settings.Equivariance is not null ? new EquivariantMethod() : settings.Fresh ? new FreshMethod() : Of(settings.Method);

    /// <summary>The method that a network was made by.</summary>
    public static InferenceMethod Of(NetworkFacts network) => network.Members is not null ? new EnsembleMethod() : network.Equivariance is not null ? new EquivariantMethod() : Of(network.Method);

    /// <summary>What suits it where the study does not say.</summary>
    public abstract TrainingOptions Training { get; }

    private protected static TrainingOptions UsualTraining { get; } = new() { BatchSize = 200, LearningRate = 5e-4, MaxEpochs = 1000, Patience = 20, AverageDecay = 0.99, ClipNorm = 5 };

    /// <summary>Where no optimiser has changed a weight.</summary>
    private protected static TrainingResult NothingTrained(int rows) => new()
    {
        StopReason = StopReason.Converged,
        History = [],
        BestEpoch = -1,
        BestValidationLoss = double.NaN,
        Steps = 0,
        SkippedSteps = 0,
        Replays = 0,
        TrainingRows = rows,
        ValidationRows = 0,
    };

    /// <summary>A network of the study's architecture, whose weights come from a file.</summary>
    /// <param name="state">Contents of the file: the weights, and <see cref="Own"/>.</param>
    public abstract Estimate Untrained(StudyModel model, NamedTensors state);

    /// <summary>What a file has to keep besides the weights, because the study does not say it.</summary>
    public virtual NamedTensors Own(Estimate estimate) => new();

    /// <param name="rng">Of the round's training; not advanced.</param>
    /// <returns>The best weights found, whatever the reason for which training ended.</returns>
    public abstract (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel);

    /// <summary>What the first round draws its parameters from.</summary>
    public virtual IDistribution Law(StudyModel model) => model.Prior;

    /// <summary>What that depends on besides the prior.</summary>
    public virtual void AddLaw(StudyModel model, InputHash hash)
    {
    }

    /// <summary>What the next round is drawn from.</summary>
    /// <param name="posterior">Of the round before.</param>
    public virtual IPosteriorEstimator Proposal(StudyModel model, IPosteriorEstimator posterior) => posterior;

    /// <summary>The intervals of the next round.</summary>
    /// <param name="estimate">Of the round before.</param>
    /// <param name="rng">Not shared with anything else.</param>
    public virtual IReadOnlyList<Support> Box(StudyModel model, Estimate estimate, Rng rng) => throw new NotSupportedException($"{Name} does not restrict the prior to a box.");

    /// <summary>What the network's shape and loss, and the draws, depend on.</summary>
    public abstract void AddNetwork(StudyModel model, InputHash hash);

    /// <summary>The network in words.</summary>
    public abstract string Describe(StudyModel model);

    private protected static SampledPosteriorOptions Sampler(StudyModel model)
    {
        SamplerSettings sampler = model.Study.Inference.Sampler;
        return new SampledPosteriorOptions
        {
            Sampler = Enum.Parse<PosteriorSampler>(sampler.Kind.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
            Chains = sampler.Chains,
        };
    }

    private protected static void AddSampler(StudyModel model, InputHash hash) =>
        hash.Add("sampler", model.Study.Inference.Sampler.Kind).Add("chains", model.Study.Inference.Sampler.Chains);
}
