using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>tmnre</c>: ratios of single parameters, which cut the prior of the next round to a box, and beside them the ratio of all, which the draws are of.</summary>
internal sealed class TmnreMethod : InferenceMethod
{
    // Rows of lower and upper ends, beside the weights: the networks know only the box that they were trained in.
    private const string Ends = "box";

    public override string Name => "tmnre";

    public override string Title => "truncated marginal neural ratio estimation";

    public override string Loss => "the classifiers' cross-entropies, added up";

    public override bool Proposes => false;

    public override bool TruncatesToBox => true;

    public override bool Samples => true;

    public override bool Streams => false;

    public override TrainingOptions Training => NeuralRatioEstimation.DefaultTraining;

    public override Estimate Untrained(StudyModel model, NamedTensors state)
    {
        double[] ends = state.TryGet(Ends, out Tensor? stored) ? stored.ToArray() : [];
        TruncatedProduct box = ends.Length == 2 * model.Dimension
            ? new TruncatedProduct((IndependentProduct)model.Prior, [.. Enumerable.Range(0, model.Dimension).Select(j => new Support(ends[j], ends[model.Dimension + j]))])
            : new TruncatedProduct((IndependentProduct)model.Prior);
        return Of(model, box, MarginalRatioEstimation.Untrained(new SupportBijection(box), model.Features, Marginals(model), Options(model)));
    }

    public override NamedTensors Own(Estimate estimate)
    {
        IReadOnlyList<Support> box = ((MarginalRatios)estimate.Network).Supports;
        return new NamedTensors { { Ends, Tensor.From([.. box.Select(b => b.Lower), .. box.Select(b => b.Upper)], new Shape(2, box.Count), DType.Float64) } };
    }

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        TruncatedProduct box = data.Prior as TruncatedProduct ?? new TruncatedProduct((IndependentProduct)model.Prior);
        MarginalRatioResult result = MarginalRatioEstimation.Train(
            new SupportBijection(box), data.Pairs!.Theta, data.Pairs.X, model.Features, Marginals(model), Options(model), options, rng, progress, checkpoints, cancel);
        return (Of(model, box, result.Ratios), result.Training);
    }

    public override IReadOnlyList<Support> Box(StudyModel model, Estimate estimate, Rng rng)
    {
        var ratios = (MarginalRatios)estimate.Network;
        var prior = (IndependentProduct)model.Prior;
        return Tmnre.Truncate(prior, ratios, new TruncatedProduct(prior, ratios.Supports), model.Observation, new TmnreOptions().Threshold, rng).Supports;
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        hash.Add("method", Name).Add("hidden", model.Study.Inference.Ratio.Hidden);
        model.AddEmbedding(hash);
        AddSampler(model, hash);
    }

    public override string Describe(StudyModel model) =>
        $"{Words.Plural(Marginals(model).Length, "residual classifier")} with layers {string.Join(", ", model.Study.Inference.Ratio.Hidden)}, of each parameter and of all";

    // The one of all parameters is the last; where there is but one parameter, it is the only one.
    private static int[][] Marginals(StudyModel model)
    {
        int[] all = [.. Enumerable.Range(0, model.Dimension)];
        int[][] single = [.. all.Select(j => new[] { j })];
        return all.Length == 1 ? single : [.. single, all];
    }

    private static NeuralRatioOptions Options(StudyModel model)
    {
        RatioSettings ratio = model.Study.Inference.Ratio;
        return new NeuralRatioOptions
        {
            Loss = RatioLoss.Binary,
            Width = ratio.Hidden[0],
            Blocks = ratio.Hidden.Count,
            Embedding = model.Network.Embedding,
            ContextFeatures = model.Network.ContextFeatures,
        };
    }

    private static Estimate Of(StudyModel model, TruncatedProduct box, MarginalRatios ratios) =>
        new(ratios, ratios.Scaling, new SampledPosterior(box, ratios.Joint(ratios.Marginals.Count - 1), Sampler(model)));
}
