using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>carl</c>: the ratio of likelihoods of theta and of one reference hypothesis, at which half the simulations are made; in several rounds with draws of the last posterior.</summary>
internal sealed class CarlMethod : InferenceMethod
{
    private const int MedianDraws = 4_001, FewestOfAClass = 2;

    public override string Name => "carl";

    public override string Title => "a parametrised classifier against a reference hypothesis";

    public override string Loss => "the classifier's cross-entropy";

    public override bool Proposes => true;

    public override bool Samples => true;

    // Far from the reference the classes never overlap.
    public override bool IsLocal(int rounds) => true;

    public override bool Streams => false;

    public override TrainingOptions Training => NeuralRatioEstimation.DefaultTraining;

    public override IDistribution Law(StudyModel model) => new ReferenceLaw(model.Prior, Reference(model));

    public override IPosteriorEstimator Proposal(StudyModel model, IPosteriorEstimator posterior) => new ReferenceProposal(posterior, Reference(model));

    public override void AddLaw(StudyModel model, InputHash hash) => hash.Add("reference", Reference(model));

    public override Estimate Untrained(StudyModel model, NamedTensors state) => Of(model, NeuralRatioEstimation.Untrained(model.Bijection, model.Features, Options(model)));

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        (SimulationPairs others, double[] references) = Parts(model, data.Pairs!);
        NreResult result = ReferenceRatioEstimation.Train(model.Bijection, others.Theta, others.X, references, model.Features, Options(model), options, rng, progress, checkpoints, cancel);
        return (Of(model, result.Ratio), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        hash.Add("method", Name).Add("hidden", model.Study.Inference.Ratio.Hidden).Add("contrasts", model.Study.Inference.Ratio.Contrasts).Add("reference", Reference(model));
        model.AddEmbedding(hash);
        AddSampler(model, hash);
    }

    public override string Describe(StudyModel model) =>
        $"residual classifier with layers {string.Join(", ", model.Study.Inference.Ratio.Hidden)}, against "
        + string.Join(", ", model.ParameterNames.Zip(Reference(model), (name, value) => FormattableString.Invariant($"{name} = {value:G4}")));

    /// <summary>The study's, or else the median of each parameter under the prior, to 4,001 draws of a fixed stream.</summary>
    public static double[] Reference(StudyModel model)
    {
        if (model.Study.Inference.Ratio.Reference is { } given)
        {
            return [.. given];
        }

        int d = model.Dimension;
        double[] draws = new double[MedianDraws * d], reference = new double[d];
        var rng = new Rng(0);
        for (int i = 0; i < MedianDraws; i++)
        {
            model.Prior.Sample(draws.AsSpan(i * d, d), rng);
        }

        for (int j = 0; j < d; j++)
        {
            double[] values = [.. Enumerable.Range(0, MedianDraws).Select(i => draws[(i * d) + j])];
            Array.Sort(values);
            reference[j] = values[MedianDraws / 2];
        }

        return reference;
    }

    // As many of either class, in the order they were made; the few more of one are left out.
    private static (SimulationPairs Others, double[] References) Parts(StudyModel model, SimulationPairs pairs)
    {
        int d = model.Dimension, k = model.Features;
        double[] reference = Reference(model);
        ILookup<bool, int> rows = Enumerable.Range(0, pairs.Count).ToLookup(i => pairs.Theta.AsSpan(i * d, d).SequenceEqual(reference));
        int count = Math.Min(rows[true].Count(), rows[false].Count());
        if (count < FewestOfAClass)
        {
            throw new RunException($"Expected successful simulations at the reference hypothesis and elsewhere, got {rows[true].Count()} and {rows[false].Count()}. Set inference.ratio.reference to where the simulator succeeds.");
        }

        var others = new SimulationPairs(
            [.. rows[false].Take(count).SelectMany(i => pairs.Theta[(i * d)..((i + 1) * d)])], [.. rows[false].Take(count).SelectMany(i => pairs.X[(i * k)..((i + 1) * k)])], count, pairs.Excluded);
        return (others, [.. rows[true].Take(count).SelectMany(i => pairs.X[(i * k)..((i + 1) * k)])]);
    }

    private static NeuralRatioOptions Options(StudyModel model)
    {
        RatioSettings ratio = model.Study.Inference.Ratio;
        return new NeuralRatioOptions
        {
            Loss = RatioLoss.Binary,
            Width = ratio.Hidden[0],
            Blocks = ratio.Hidden.Count,
            Contrasts = ratio.Contrasts,
            Embedding = model.Network.Embedding,
            ContextFeatures = model.Network.ContextFeatures,
        };
    }

    private static Estimate Of(StudyModel model, NeuralRatio ratio) => new(ratio, ratio.Scaling, new SampledPosterior(model.Prior, ratio, Sampler(model)));
}
