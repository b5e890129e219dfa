using Quincunx.Inference.Gold;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Pipeline.Mining;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>nle</c> and, with joint scores, <c>scandal</c>: neural likelihood estimation; in several rounds with draws of the last posterior.</summary>
internal sealed class LikelihoodMethod(bool learnsScores) : InferenceMethod
{
    // Rows of index, least value and number of values, beside the weights: which outputs the network takes as discrete was found in the simulations.
    private const string Discrete = "discrete";

    // Beyond it numbers one apart are no longer told apart by float32.
    private const int MostSteps = 1 << 24;

    public override string Name => learnsScores ? "scandal" : "nle";

    public override string Title => learnsScores ? "neural likelihood estimation with joint scores" : "neural likelihood estimation";

    public override string Loss => learnsScores ? "−log q(x | θ) + α |∇ log q(x | θ) − t|²" : "−log q(x | θ)";

    public override MinedParts Mines => learnsScores ? MinedParts.Scores : MinedParts.Nothing;

    public override bool Proposes => true;

    public override bool Samples => true;

    public override bool Streams => false;

    public override TrainingOptions Training => learnsScores ? GoldLikelihoodEstimation.DefaultTraining : NeuralLikelihoodEstimation.DefaultTraining;

    public override Estimate Untrained(StudyModel model, NamedTensors state)
    {
        double[] rows = state.TryGet(Discrete, out Tensor? stored) ? stored.ToArray() : [];
        DiscreteFeature[] features = [.. rows.Chunk(3).Select(row => new DiscreteFeature((int)row[0], row[1], (int)row[2]))];
        return Of(model, NeuralLikelihoodEstimation.Untrained(model.Bijection, model.Features, Options(model) with { Discrete = features }));
    }

    public override NamedTensors Own(Estimate estimate)
    {
        var own = new NamedTensors();
        IReadOnlyList<DiscreteFeature> features = ((NeuralLikelihood)estimate.Network).Discrete;
        if (features.Count > 0)
        {
            double[] rows = [.. features.SelectMany(f => new[] { f.Index, f.Lowest, f.Levels })];
            own.Add(Discrete, Tensor.From(rows, new Shape(features.Count, 3), DType.Float64));
        }

        return own;
    }

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        double[] xs = model.OutputsOf(data.Pairs!).X;
        NeuralLikelihoodOptions network = Options(model) with { Discrete = Declared(model, xs) };
        NleResult result = model.Mined is { } mined
            ? GoldLikelihoodEstimation.Train(model.Bijection, mined.Events(data.Pairs!), model.Features, network, ScoreWeight(model), options, rng, progress, checkpoints, cancel)
            : NeuralLikelihoodEstimation.Train(model.Bijection, data.Pairs!.Theta, xs, model.Features, network, options, rng, progress, checkpoints, cancel);
        return (Of(model, result.Likelihood), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        LikelihoodSettings likelihood = model.Study.Inference.Likelihood;
        hash.Add("method", Name).Add("affine", likelihood.Affine).Add("splines", likelihood.Splines).Add("hidden", likelihood.Hidden).Add("bins", likelihood.Bins);
        if (likelihood.Discrete is { } discrete)
        {
            hash.Add("discrete", discrete);         // where the study says it, so that runs of before are found again
        }

        if (likelihood.Levels is { } levels)
        {
            hash.Add("levels", levels);
        }

        if (learnsScores)
        {
            hash.Add("score weight", ScoreWeight(model));
        }

        AddSampler(model, hash);
    }

    public override string Describe(StudyModel model)
    {
        LikelihoodSettings likelihood = model.Study.Inference.Likelihood;
        return $"{Words.Plural(likelihood.Affine, "affine transform")} and {Words.Plural(likelihood.Splines, "spline")} of {likelihood.Bins} bins of the outputs, hidden layers {string.Join(", ", likelihood.Hidden)}"
            + (likelihood.Discrete is null ? "" : $", discrete: {(likelihood.Discrete.Count > 0 ? string.Join(", ", likelihood.Discrete) : "none")}")
            + (learnsScores ? FormattableString.Invariant($", joint scores with weight {ScoreWeight(model)}") : "");
    }

    private static double ScoreWeight(StudyModel model) => (model.Study.Inference.Gold ?? GoldSettings.Usual).ScoreWeight;

    private static NeuralLikelihoodOptions Options(StudyModel model)
    {
        LikelihoodSettings likelihood = model.Study.Inference.Likelihood;
        var usual = new NeuralLikelihoodOptions();
        return usual with
        {
            AffineTransforms = likelihood.Affine,
            MostLevels = likelihood.Levels ?? usual.MostLevels,
            Flow = usual.Flow with { Transforms = likelihood.Splines, Hidden = likelihood.Hidden[0], Blocks = likelihood.Hidden.Count, Bins = likelihood.Bins },
        };
    }

    // The outputs that the study names, with the values that they have in the simulations; null where it names none and they are to be found.
    private static DiscreteFeature[]? Declared(StudyModel model, double[] xs)
    {
        if (model.Study.Inference.Likelihood.Discrete is not { } names)
        {
            return null;
        }

        int k = model.Features;
        var features = new List<DiscreteFeature>();
        foreach (string name in names)
        {
            int index = model.Study.Simulator.OutputNames.ToList().IndexOf(name);
            double[] values = [.. Enumerable.Range(0, xs.Length / k).Select(i => xs[(i * k) + index])];
            if (Array.FindIndex(values, v => v != Math.Floor(v)) is >= 0 and var broken)
            {
                throw new RunException(FormattableString.Invariant(
                    $"inference.likelihood.discrete: found {name} = {values[broken]:R} in the simulations, expected whole numbers. Leave {name} out of the list to have its density learned."));
            }

            (double lowest, double highest) = (values.Min(), values.Max());
            if (highest - lowest >= MostSteps)
            {
                throw new RunException(FormattableString.Invariant(
                    $"inference.likelihood.discrete: found {name} from {lowest:R} to {highest:R} in the simulations, expected at most {MostSteps} values. Leave {name} out of the list to have its density learned."));
            }

            features.Add(new DiscreteFeature(index, lowest, (int)(highest - lowest) + 1));
        }

        return [.. features];
    }

    private static Estimate Of(StudyModel model, NeuralLikelihood likelihood) =>
        new(likelihood, Scaling: null, new SampledPosterior(model.Prior, likelihood, Sampler(model)));
}
