using Quincunx.Inference.Nle;
using Quincunx.Runs.Pipeline.Methods;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>Every key of a study file, of either form, with its rule, default and description. To add a key, add a row here and read it in the builder.</summary>
internal static class StudyKeys
{
    /// <summary>Version of the file format that this program reads.</summary>
    public const int Format = 1;

    private const long MaximumCount = 1_000_000_000;

    private static readonly ListRule Widths = new(new IntegerRule(1, 65_536), "a list of layer widths, such as [50, 50]", maximum: 64);
    private static readonly ListRule Names = new(new TextRule("a name"), "a list of names");
    private static readonly ListRule Command = new(new TextRule("a text"), "a list of a program and its arguments, such as [python3, sim.py]");

    /// <summary>Keys under <c>inference</c>.</summary>
    public static MapRule InferenceKeys { get; } = Inference();

    /// <summary>Keys of a study that infers the parameters of a simulator.</summary>
    public static MapRule Root { get; } = new(
        "a study: a mapping of keys",
        [
            new("format", new IntegerRule(Format, Format), "Version of this file format.", Required: true),
            new("title", new TextRule("a text"), "One line for the head of the report; the study's name if absent."),
            new("simulator", new EitherRule(new TextRule("the name of a simulator"), Simulator()), "The simulator: its name, or name and options.", Required: true),
            new("prior", new NamesRule("a mapping from parameter names to distributions", PriorKinds.Distribution),
                "A distribution for each parameter of the simulator. The order is the order of the columns of posterior.csv.", Required: true),
            new("correlation", Correlation(), "How parameters of the prior go together. Absent: they are independent."),
            new("noise", NoiseKeys.Rule, "Normal noise that is added to what the simulator gives, which is then stored without it. Absent: the simulator gives observations."),
            new("observation", Observation(), "The data.", Required: true),
            new("seed", new IntegerRule(0, Study.MaximumSeed), "Fixes every random number of the run.", Default: 1),
            new("inference", InferenceKeys, "How the posterior is learned."),
            new("importance", Importance(), "Reweights the posterior to the exact one; only for simulators with a likelihood, and deterministic ones with noise. Absent: no reweighting."),
            new("marginals", Marginals(), "A second network, which learns quantiles, mean and variance of each parameter by proper scores; they are reported beside those of the posterior. Absent: none."),
            new("diagnostics", Diagnostics(), "Checks of the result; 0 switches one off."),
            new("posterior", Posterior(), "The result."),
            new("execution", ExecutionKeys.Rule, "Where the simulations are made; changes no result."),
        ]);

    /// <summary>Keys of a study of an experiment.</summary>
    public static MapRule Experiment { get; } = new(
        "a study of an experiment: a mapping of keys",
        [
            new("format", new IntegerRule(Format, Format), "Version of this file format.", Required: true),
            new("title", new TextRule("a text"), "One line for the head of the report; the study's name if absent."),
            new("experiment", new EitherRule(new TextRule("the name of an experiment"), NamedExperiment()), "The experiment: its name, or name and options.", Required: true),
            new("seed", new IntegerRule(0, Study.MaximumSeed), "Fixes every random number of the run.", Default: 1),
        ]);

    private static MapRule NamedExperiment() => new(
        "a mapping with name and options",
        [
            new("name", new TextRule("the name of an experiment"), "Name of a built-in experiment.", Required: true),
            new("options", new AnyRule("a mapping of the experiment's options"), "Options of that experiment; quincunx check lists them."),
        ]);

    private static FormsRule Simulator() => new("a mapping with name and options, with command, with assembly and type, or with recorded", NamedSimulator(), ProgramSimulator(), AssemblySimulator(), RecordedSimulations());

    private static MapRule NamedSimulator() => new(
        "a mapping with name and options",
        [
            new("name", new TextRule("the name of a simulator"), "Name of a built-in simulator.", Required: true),
            new("options", new AnyRule("a mapping of the simulator's options"), "Options of that simulator; quincunx check lists them."),
        ]);

    private static MapRule ProgramSimulator() => new(
        "a mapping with command",
        [
            new("command", Command, "The program and its arguments. It runs in the folder of the study.", Required: true),
            new("parameters", Names, "The parameters in the order in which the program takes them, if it does not announce them. Absent: the order of prior."),
            new("outputs", new OutputsRule(), "The outputs, if the program does not announce them. With parameters and outputs here, it is not started merely to read the study."),
            new("files", new ListRule(new TextRule("the path of a file"), "a list of paths"),
                "Further files that the simulations depend on, relative to the study file; also folders, and names with *. Files that the command names in the study's folder count anyway."),
            new("build", Command, "A command that makes the program in the folder {build}, a word that command may use as well. It is run once for each content of the files."),
            new("environment", new NamesRule("a mapping from names to texts", new TextRule("a text")), "Environment variables for the program."),
            new("workers", new IntegerRule(1, 4096), "Processes that run at once. Absent: one for each processor."),
            new("timeout", new DurationRule(), "Longest time that a simulation may take before it counts as failed. Absent: no limit."),
            new("memory", new SizeRule(), "Memory that a process may hold; one that holds more after a batch is replaced, and one that holds twice as much is killed. Absent: no limit."),
            new("restart-after", new IntegerRule(1, MaximumCount), "A process is replaced after so many simulations. Absent: never."),
            new("mode", new ChoiceRule("json", "npy"), "How numbers travel: as lines of JSON, or as NumPy arrays. Absent: as the program prefers."),
        ]);

    private static MapRule AssemblySimulator() => new(
        "a mapping with assembly and type",
        [
            new("assembly", new TextRule("the path of a .NET assembly"), "A .NET assembly, relative to the study file, with what it uses beside it.", Required: true),
            new("type", new TextRule("the full name of a type"), "Full name of a public type in it that implements ISimulator or IMechanism.", Required: true),
            new("options", new AnyRule("a mapping of the type's options"), "Arguments of its public constructor, by name: numbers, truth values and texts."),
        ]);

    private static MapRule RecordedSimulations() => new(
        "a mapping with recorded",
        [
            new("recorded", new TextRule("the path of a file"), "Simulations that were made elsewhere, at draws from the prior: .npz with theta and x, .npy with the outputs behind the parameters, or .csv with a column for each, relative to the study file.", Required: true),
            new("parameters", Names, "The order of the parameters in the file. Absent: the order of prior; a .csv has names."),
            new("outputs", new OutputsRule(), "The outputs. Absent: the other columns of a .csv, or x_1, x_2 and so on."),
        ]);

    private static MapRule Correlation() => new(
        "a mapping with parameters and matrix",
        [
            new("parameters", new ListRule(new TextRule("the name of a parameter"), "a list of at least two parameters", minimum: 2), "The parameters, in the order of the matrix.", Required: true),
            new("matrix", new ListRule(new ListRule(new NumberRule(-1, 1), "a row of numbers"), "a list of rows, such as [[1, 0.5], [0.5, 1]]", minimum: 2),
                "Correlations of their normal scores: of the parameters themselves where their priors are normal, of the logarithms where log-normal. Symmetric, positive definite, ones on the diagonal.", Required: true),
        ]);

    private static MapRule Observation() => new(
        "a mapping with file or values",
        [
            new("file", new TextRule("the path of a CSV file"), "A CSV file with a header, relative to the study file."),
            new("columns", new ListRule(new TextRule("the name of a column"), "a list of column names"),
                "Columns that are put one after the other. Absent: the file has one row and a column for each output of the simulator, and for the noise level if noise.level is a distribution."),
            new("values", new ListRule(new ObservedNumberRule(), "a list of numbers"), "The data themselves, in the order of the simulator's outputs, behind them the noise level if noise.level is a distribution; .nan for one that is missing, with inference.gaps."),
        ],
        "file",
        "values");

    private static MapRule Inference() => new(
        "a mapping",
        [
            new("method", new ChoiceRule(InferenceMethod.Names), "What is learned. The posterior: npe by a flow, apt by a flow that is corrected for later rounds, fmpe by flow matching, npse by score matching, mdn by a mixture of normals, bnn-npe (for up to 1,000 simulations) by Bayesian neural networks. nle: the likelihood, by a flow. nre-a, nre-b, nre-c: the ratio of likelihood to evidence, by a classifier (binary, contrastive, contrastive with marginals). tmnre: such ratios of each parameter, which cut the prior to a box, and of all within it. carl: the ratio to the likelihood of one reference hypothesis, at which half the simulations are made. scandal: the likelihood, from outputs and joint scores. rolr, cascal, rascal, alice, alices: the ratio of two hypotheses' likelihoods, from joint ratios (not cascal) and joint scores (not rolr and alice), which some simulators give. abc: nothing, the nearest simulations are kept; smc-abc: the same in rounds.", Default: InferenceMethod.Names[0]),
            new("simulations", new IntegerRule(10, MaximumCount), "Training budget of each round.", Default: 50_000),
            new("rounds", new IntegerRule(1, 20), "1: amortised. More: each further round draws from the prior truncated to where the last posterior is, and learns from earlier simulations that lie there as well (npe, fmpe, npse, mdn, bnn-npe, tmnre, abc), or from the last posterior (apt, nle, scandal, ratios, carl, smc-abc).", Default: 1),
            new("truncation", new NumberRule(0, 0.1, open: true), "Share of the last posterior outside the region of the next round, before the region is widened by a quarter.", Default: 0.01),
            new("early", Early(), "Budget of every round but the last. Absent: the same as the last."),
            new("flow", Flow(), "The density estimator of npe and apt."),
            new("embedding", EmbeddingKeys.Rule, "A network that summarises the data before the network of npe, apt, fmpe, npse, mdn, ratios and carl: one of the kinds there are, or one of your own. Absent: that sees the data themselves."),
            new("gaps", Gaps(), "Numbers of the observation, and of simulations, may be missing (NaN); for npe. Absent: a simulation with a number that is not finite has failed, and the observation has all numbers."),
            new("balance", new NumberRule(0), "Weight of the balance condition of npe in one round, which makes posteriors rather too wide than too narrow; 0 for none. 100 is usual.", Default: 0.0),
            new("ensemble", Ensemble(), "Several networks of npe, whose mixture is the posterior: where they do not agree, it is wider. Absent: one network."),
            new("fresh", new BooleanRule(), "Whether npe in one round learns from simulations that are made while it trains, each for one epoch: simulations is then the number of those that are stored, which are the first epoch, and of an epoch. For simulators that cost little.", Default: false),
            new("equivariance", EquivarianceKeys.Rule, "A symmetry for npe in one round: parameters and data that move together. The network reads data at a standard pose, and chains find the pose. Absent: none."),
            new("likelihood", Likelihood(), "The density estimator of nle and scandal."),
            new("ratio", Ratio(), "The classifier of the ratio methods."),
            new("gold", Gold(), "How joint scores count in scandal, cascal, rascal and alices."),
            new("score", Score(), "The network of fmpe and npse, and how it is drawn from."),
            new("mixture", Mixture(), "The network of mdn."),
            new("bayesian", Bayesian(), "The networks of bnn-npe, and how their weights are sampled."),
            new("sampler", Sampler(), "How draws are made of a learned likelihood or ratio."),
            new("abc", Abc(), "What abc and smc-abc keep, and how they adjust it."),
            new("training", Training(), "How the networks are trained. The defaults are those of npe; other methods and ensembles have others, on their pages."),
            new("memory", new SizeRule(), "Simulations that take more than this are read from the disk while the network is trained, in so much memory.", Default: "512 MiB"),
        ]);

    private static MapRule Early() => new(
        "a mapping",
        [
            new("simulations", new IntegerRule(10, MaximumCount), "Training budget of each of these rounds.", Required: true),
            new("max-epochs", new IntegerRule(1, 1_000_000), "Passes over the simulations at most.", Required: true),
        ]);

    private static MapRule Flow() => new(
        "a mapping",
        [
            new("kind", new ChoiceRule(FlowSettings.Kinds), "Transform of the flow.", Default: FlowSettings.Kinds[0]),
            new("transforms", new IntegerRule(1, 64), "Number of transforms; not for a continuous flow, which is one.", Default: 5),
            new("hidden", Widths, "Residual blocks of each transform's network, or hidden layers of a continuous flow's, by their width, which is the same for all.", Default: new[] { 50, 50 }),
            new("bins", new IntegerRule(2, 256), "Bins of a spline; only for the spline kinds.", Default: 10),
            new("steps", new IntegerRule(1, 1000), "Steps in which the velocity field is integrated; only for the continuous kind.", Default: 8),
        ]);

    private static MapRule Ensemble() => new(
        "a mapping",
        [
            new("members", new IntegerRule(2, 1000), "Networks.", Default: 10),
            new("bootstrapped", new BooleanRule(), "Whether each network also learns from its own draw of the simulations with replacement; otherwise they differ by their initial weights and the order of their batches.", Default: false),
            new("batched", new BooleanRule(), "Whether the networks of a thread take each step together, in one batched step, rather than an epoch in turn. The result is the same, to the byte; which is faster depends on the processor's caches.", Default: false),
        ]);

    private static MapRule Likelihood() => new(
        "a mapping",
        [
            new("affine", new IntegerRule(0, 64), "Affine autoregressive transforms, next to the data.", Default: 4),
            new("splines", new IntegerRule(1, 64), "Spline autoregressive transforms after them.", Default: 1),
            new("hidden", Widths, "Residual blocks of each transform's network by their width, which is the same for all.", Default: new[] { 50, 50 }),
            new("bins", new IntegerRule(2, 256), "Bins of a spline.", Default: 5),
            new("discrete", new ListRule(new TextRule("the name of an output"), "a list of names of outputs", minimum: 0),
                "Outputs that are whole numbers and have probabilities; the others have densities. Absent: those whose simulated values are all whole steps apart."),
            new("levels", new IntegerRule(1, 10_000), "Values up to which a discrete output is learned as categories; where it has more, noise of width 1 makes it continuous.", Default: new NeuralLikelihoodOptions().MostLevels),
        ]);

    private static MapRule Score() => new(
        "a mapping",
        [
            new("hidden", Widths, "Residual blocks by their width, which is the same for all.", Default: new[] { 128, 128, 128 }),
            new("path", new ChoiceRule(ScoreSettings.Paths), "How parameters turn into noise. Absent: optimal-transport for fmpe, variance-preserving for npse."),
            new("sampler", new ChoiceRule(ScoreSettings.Samplers), "How noise turns into draws.", Default: ScoreSettings.Samplers[0]),
            new("steps", new IntegerRule(1, 100_000), "Steps of the sampler; for the diffusions 500 if absent.", Default: 20),
            new("trace", new ChoiceRule(ScoreSettings.Traces), "The divergence in a log-density: exact, a pass of the network for each parameter, or estimated in one pass with noise (Hutchinson).", Default: ScoreSettings.Traces[0]),
        ]);

    private static MapRule Mixture() => new(
        "a mapping",
        [
            new("components", new IntegerRule(1, 1000), "Normal components.", Default: 8),
            new("hidden", Widths, "Residual blocks by their width, which is the same for all.", Default: new[] { 64, 64 }),
        ]);

    private static MapRule Bayesian() => new(
        "a mapping",
        [
            new("hidden", new IntegerRule(0, 1000), "Hidden units; 0 for linear networks.", Default: BayesianSettings.Usual.Hidden),
            new("chains", new IntegerRule(2, 1000), "Chains of weights.", Default: BayesianSettings.Usual.Chains),
            new("warm-up", new IntegerRule(0, 1_000_000), "Iterations of each chain before its first network.", Default: BayesianSettings.Usual.Warmup),
            new("draws", new IntegerRule(1, 100_000), "Networks kept of each chain.", Default: BayesianSettings.Usual.Draws),
            new("thinning", new IntegerRule(1, 10_000), "Iterations from one of them to the next.", Default: BayesianSettings.Usual.Thinning),
            new("acceptance", new NumberRule(0.5, 0.999), "Mean acceptance that the step size is tuned to.", Default: BayesianSettings.Usual.Acceptance),
            new("gradients", new IntegerRule(1, long.MaxValue), "Gradients of one chain's weights, in all, after which sampling ends with the networks it has. Absent: no such budget."),
        ]);

    private static MapRule Ratio() => new(
        "a mapping",
        [
            new("hidden", Widths, "Residual blocks of the classifier by their width, which is the same for all.", Default: new[] { 128, 128 }),
            new("contrasts", new IntegerRule(2, 10_000), "Parameters that each observation is contrasted with, or (carl) each simulation of the reference; not for nre-a, tmnre and ratios from mined simulations.", Default: 10),
            new("odds", new NumberRule(0, open: true), "Odds that one of them made it; only for nre-c.", Default: 1.0),
            new("balance", new NumberRule(0), "Weight of the balance condition, which makes posteriors rather too wide than too narrow; 0 for none. Only for nre-a and nre-c. 100 is usual.", Default: 0.0),
            new("reference", new ListRule(new NumberRule(), "a list of numbers, one a parameter"), "Parameters of the hypothesis that carl and the ratios from mined simulations compare with, in the order of the prior; half of the simulations are made there. Absent: for carl the medians of the prior; for the others each simulation has a draw of the prior to be compared with."),
        ]);

    private static MapRule Gaps() => new(
        "a mapping",
        [
            new("pattern", new ChoiceRule(GapSettings.Patterns), "What simulations lose before the network sees them, besides what the simulator leaves out. observation: the numbers that are missing in the data. random: in half of them those, in the others each number by itself, with a probability drawn for each simulation from 0 to share. simulator: nothing.", Default: GapSettings.Patterns[0]),
            new("share", new NumberRule(0, 1, open: true), "Highest probability that a number is lost; only for random.", Default: 0.5),
        ]);

    private static MapRule Gold() => new(
        "a mapping",
        [
            new("score-weight", new NumberRule(0), "Weight of the squared error of the score, per parameter in units of the scores' variance.", Default: GoldSettings.Usual.ScoreWeight),
        ]);

    private static MapRule Sampler() => new(
        "a mapping",
        [
            new("kind", new ChoiceRule(SamplerSettings.Kinds), "Sampler.", Default: SamplerSettings.Kinds[0]),
            new("chains", new IntegerRule(16, 1_000_000), "Chains for each observation at most; shares of separate modes are known to about 1 / √chains.", Default: 1_000),
        ]);

    private static MapRule Abc() => new(
        "a mapping",
        [
            new("quantile", new NumberRule(0, 1, open: true), "Share of the simulations that is accepted for an observation; of weighted ones by their effective number. Absent: three times the root of their number, at least 50 and with a regression at least six for each number that is compared, or (abc) a third of that number, where left-out draws then have the larger density."),
            new("tolerance", new NumberRule(0), "Largest distance that is accepted, instead of a quantile."),
            new("metric", new ChoiceRule(AbcSettings.Metrics), "Distance: Euclidean with each number divided by its median absolute deviation over the simulations, Euclidean in the units there are, or Mahalanobis.", Default: AbcSettings.Metrics[0]),
            new("regression", new ChoiceRule(AbcSettings.Regressions), "Regression of parameters on what is compared, by which accepted draws are moved to where they would be had their simulations hit the observation. best: linear where left-out draws then have the larger density, none otherwise.", Default: AbcSettings.Regressions[0]),
            new("summary", new MapRule(
                "a mapping",
                [
                    new("powers", new IntegerRule(1, 4), "Powers of each output that are linear features.", Default: 2),
                    new("hidden", Widths, "Hidden layers of a network that learns what linear features leave. Absent: none."),
                ]),
                "Compares estimates of the posterior mean, learned from the simulations, instead of the outputs; in smc-abc from those of the first round."),
        ]);

    private static MapRule Training() => new(
        "a mapping",
        [
            new("batch", new IntegerRule(1, 1_000_000), "Simulations in a step.", Default: 100),
            new("learning-rate", new NumberRule(0, 1, open: true), "Step size of Adam.", Default: 3e-3),
            new("schedule", new ChoiceRule("constant", "cosine", "plateau"), "How the learning rate falls: not, along a cosine to 0 over max-epochs, or by half where the validation loss stands still.", Default: "cosine"),
            new("max-epochs", new IntegerRule(1, 1_000_000), "Passes over the simulations at most.", Default: 100),
            new("patience", new IntegerRule(1, 1_000_000), "Epochs without a better validation loss before training stops.", Default: 100),
            new("validation-share", new NumberRule(0.001, 0.9), "Share of the simulations that is held out.", Default: 0.1),
            new("average", new NumberRule(0, 0.99999), "Memory of the running average of the weights that is kept in their place; 0 for none.", Default: 0.0),
            new("clip", new NumberRule(0, open: true), "Largest norm of the gradient.", Default: 5.0),
            new("weight-decay", new NumberRule(0), "Decay of the weights, by the learning rate times this in each step. Where it is absent, that of npe is 1 with 10,000 simulations and in proportion to 1/√n with n.", Default: 1.0),
            new("warm-up", new IntegerRule(0, MaximumCount), "Steps over which the learning rate rises from 0.", Default: 0),
            new("dropout", new NumberRule(0, 0.9), "Probability that a value inside a residual block is left out in a step. Not for summaries of abc and continuous flows, which have no such blocks.", Default: 0.0),
        ]);

    private static MapRule Marginals() => new(
        "a mapping",
        [
            new("levels", new ListRule(new NumberRule(0, 1, open: true), "a list of rising levels between 0 and 1", minimum: 1), "Levels of the quantiles, rising. Absent: 0.05, 0.25, 0.5, 0.75 and 0.95."),
            new("hidden", Widths, "Residual blocks by their width, which is the same for all.", Default: new[] { 64, 64 }),
        ]);

    private static MapRule Importance() => new(
        "a mapping",
        [
            new("draws", new IntegerRule(100, MaximumCount), "Draws from the proposal; with effective, at most so many. Absent: 20000, or a million with effective."),
            new("effective", new IntegerRule(1, MaximumCount), "Draws until they are worth so many independent ones, instead of a number of draws. Needs rounds."),
            new("fresh", new BooleanRule(), "With effective: once it is reached, as many draws again are reported instead, which nothing has selected. To stop when the effective number is high is to stop before large weights have come: the evidence is then a little too low (2 % at 60 effective draws). Costs twice the draws.", Default: false),
            new("rounds", new IntegerRule(0, 100), "How often the proposal is refitted to its own weighted draws, at most; it stops where that no longer helps. 0: the network itself is the proposal.", Default: 15),
        ]);

    private static MapRule Diagnostics() => new(
        "a mapping",
        [
            new("sbc", new IntegerRule(0, MaximumCount), "Simulated data sets for simulation-based calibration.", Default: 300),
            new("sbc-draws", new IntegerRule(10, 1_000_000), "Posterior draws for each of them.", Default: 200),
            new("coverage", new BooleanRule(), "The expected coverage curve, on the same data sets.", Default: true),
            new("predictive", new IntegerRule(0, MaximumCount), "Simulations from the posterior that are compared with the data.", Default: 500),
        ]);

    private static MapRule Posterior() => new(
        "a mapping",
        [
            new("draws", new IntegerRule(100, MaximumCount), "Rows of posterior.csv.", Default: 10_000),
        ]);
}
