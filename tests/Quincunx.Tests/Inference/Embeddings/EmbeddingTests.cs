using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.MixtureDensity;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Inference.ScoreModels;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Tests.Inference.Networks;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Embeddings;

public sealed class EmbeddingTests
{
    private const int Features = EmbeddingCases.Features, Rows = 4;
    internal static readonly IndependentProduct Prior = new(("place", new Uniform(-1, 1)), ("size", new LogNormal(0, 1)));
    private static readonly FlowOptions Flow = new() { Transforms = 2, Hidden = 6, Blocks = 1, Bins = 4, Activation = Activation.Tanh };

    public static TheoryData<string> Names => EmbeddingCases.Names;

    public static TheoryData<string> Sets => EmbeddingCases.Sets;

    // With a number of context, and gaps in numbers, in an element and in the context.
    [Theory, MemberData(nameof(Names))]
    public void GradientsOfTheFlowsLoss_MatchCentralDifferences(string name)
    {
        foreach (MissingValues missing in Enum.GetValues<MissingValues>())
        {
            var options = new ObservationOptions(EmbeddingCases.Of(name), Context: 1, missing, Activation.Tanh, DType: DType.Float64);
            ObservationEmbedding embedding = ObservationEmbedding.Of(Features + 1, options, new Rng(1))!;
            Flow flow = Flow.Create(2, embedding.Outputs, new Rng(2), DType.Float64);
            var both = new Pair(embedding, flow);
            Parameters.Randomise(both, new Rng(3));
            var z = Tensor.Normal(0, 1, new Rng(4), new Shape(Rows, 2), DType.Float64);
            Tensor x = Observations(Rows, missing == MissingValues.Embedded, DType.Float64);
            Parameters.AssertGradients(both, () => -flow.LogProb(z, embedding.Forward(x)).Sum());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void GradientsOfTheRatiosLoss_MatchCentralDifferences(string name)
    {
        var options = new NeuralRatioOptions
        {
            Contrasts = 2,
            Width = 3,
            Blocks = 1,
            Activation = Activation.Tanh,
            Embedding = EmbeddingCases.Of(name),
            ContextFeatures = 1,
            Missing = MissingValues.Embedded,
            DType = DType.Float64,
        };
        var ratio = new NeuralRatio(new SupportBijection(Prior), new Standardise(2), new FeatureScaling(Features + 1), options, new Rng(1));
        Parameters.Randomise(ratio, new Rng(3));
        int atoms = RatioLosses.Atoms(options, Rows);
        var z = Tensor.Normal(0, 1, new Rng(4), new Shape(atoms * Rows, 2), DType.Float64);
        Tensor x = Observations(Rows, gaps: true, DType.Float64);
        Parameters.AssertGradients(ratio, () => RatioLosses.Sum(ratio.LogRatioScaled(z, x).Reshape(atoms, Rows), options));
    }

    [Theory, MemberData(nameof(Names))]
    public void Forward_OfSeveralRows_IsThatOfEach(string name)
    {
        var options = new ObservationOptions(EmbeddingCases.Of(name), Context: 1, MissingValues.Embedded, Activation.Relu, DType: DType.Float64);
        ObservationEmbedding embedding = ObservationEmbedding.Of(Features + 1, options, new Rng(1))!;
        Parameters.Randomise(embedding, new Rng(2));
        Tensor x = Observations(Rows, gaps: true, DType.Float64), all = embedding.Forward(x);
        Assert.Equal(new Shape(Rows, embedding.Outputs), all.Shape);
        Assert.Equal(name == "mlp" ? 3 : 3 + 2, embedding.Outputs);
        for (int i = 0; i < Rows; i++)
        {
            Assert.Equal(all.Slice(0, i, 1).ToArray(), embedding.Forward(x.Slice(0, i, 1)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-12 && double.IsFinite(a));
        }
    }

    // The whole posterior: the scales of elements are the same too.
    [Theory, MemberData(nameof(Sets))]
    public void LogProb_OfASetInAnotherOrder_IsTheSame(string name)
    {
        int each = EmbeddingCases.Element(name);
        NeuralPosterior posterior = Trained(Network(name), gaps: true, each);
        double[] x = Row(7, gaps: false), thetas = Thetas(20), logs = new double[20], others = new double[20];
        x.AsSpan(each, each).Fill(double.NaN);
        int[] order = Enumerable.Range(0, Features / each).ToArray();
        posterior.LogProb(x, thetas, logs);
        for (int permutation = 0; permutation < 5; permutation++)
        {
            new Rng(9).Split(permutation).Shuffle<int>(order);
            posterior.LogProb([.. order.SelectMany(e => x[(e * each)..((e + 1) * each)]), x[^1]], thetas, others);
            Assert.Equal(logs, others, (a, b) => Math.Abs(a - b) < 1e-4 * (1 + Math.Abs(a)));
        }

        // A part of an element is no element.
        x[each] = 0.3;
        posterior.LogProb(x, thetas, others);
        Assert.Equal(logs, others);
        x[each + 1] = x[(2 * each) - 1] = 0.3;
        posterior.LogProb(x, thetas, others);
        Assert.NotEqual(logs, others);
    }

    [Theory, MemberData(nameof(Names))]
    public void State_ThroughAFile_GivesTheSameBits(string name)
    {
        NeuralPosteriorOptions network = Network(name);
        NeuralPosterior posterior = Trained(network, gaps: true, each: 1), loaded = NeuralPosteriorEstimation.Untrained(new SupportBijection(Prior), Features + 1, network);
        var options = new NeuralRatioOptions { Width = 8, Blocks = 1, Embedding = network.Embedding, ContextFeatures = 1, Missing = MissingValues.Embedded };
        (double[] thetas, double[] xs) = Pairs(100, gaps: true, each: 1);
        NeuralRatio ratio = NeuralRatioEstimation.Train(new SupportBijection(Prior), thetas, xs, Features + 1, options, new TrainingOptions { MaxEpochs = 1, BatchSize = 50 }, new Rng(1)).Ratio;
        NeuralRatio other = NeuralRatioEstimation.Untrained(new SupportBijection(Prior), Features + 1, options);
        using var folder = new ScratchFolder();
        Through(folder["posterior.npz"], posterior, loaded);
        Through(folder["ratio.npz"], ratio, other);

        double[] x = Row(3, gaps: true), points = Thetas(20), a = new double[20], b = new double[20];
        posterior.LogProb(x, points, a);
        loaded.LogProb(x, points, b);
        Assert.Equal(a, b);
        Assert.All(a, v => Assert.True(double.IsFinite(v)));
        ratio.LogLikelihood(x, points, a);
        other.LogLikelihood(x, points, b);
        Assert.Equal(a, b);
        Assert.All(a, v => Assert.True(double.IsFinite(v)));
        Assert.Contains("Missing = Embedded", Assert.Throws<ArgumentException>(() => Trained(network with { Missing = MissingValues.Refused }, gaps: true, each: 1)).Message, StringComparison.Ordinal);
    }

    // The networks that have no flow: sets in any order, gaps, and weights through a file.
    [Theory, InlineData("mdn"), InlineData("fmpe"), InlineData("npse")]
    public void OtherPosteriors_OfSets_ForgetTheOrderAndSurviveAFile(string method)
    {
        var bijection = new SupportBijection(Prior);
        (double[] thetas, double[] xs) = Pairs(100, gaps: true, each: 2);
        EmbeddingOptions set = EmbeddingCases.Of("deep-set");
        var training = new TrainingOptions { MaxEpochs = 2, BatchSize = 50 };
        var mixture = new MixtureDensityOptions { Components = 2, Width = 8, Blocks = 1, Embedding = set, ContextFeatures = 1, Missing = MissingValues.Embedded };
        var network = new ScoreNetworkOptions { Width = 8, Blocks = 1, EmbeddingWidth = 4, Embedding = set, ContextFeatures = 1, Missing = MissingValues.Embedded };
        (IPosteriorEstimator posterior, IPosteriorEstimator loaded) = method switch
        {
            "mdn" => ((IPosteriorEstimator)MixtureDensityEstimation.Train(bijection, thetas, xs, Features + 1, mixture, training, new Rng(1)).Posterior,
                (IPosteriorEstimator)MixtureDensityEstimation.Untrained(bijection, Features + 1, mixture)),
            "fmpe" => (FlowMatching.Train(bijection, thetas, xs, Features + 1, new FlowMatchingOptions { Network = network }, training, new Rng(1)).Posterior,
                FlowMatching.Untrained(bijection, Features + 1, new FlowMatchingOptions { Network = network })),
            _ => (ScoreEstimation.Train(bijection, thetas, xs, Features + 1, new ScoreEstimationOptions { Network = network }, training, new Rng(1)).Posterior,
                ScoreEstimation.Untrained(bijection, Features + 1, new ScoreEstimationOptions { Network = network })),
        };
        using var folder = new ScratchFolder();
        Through(folder["network.npz"], (IModule)posterior, (IModule)loaded);
        double[] x = Row(7, gaps: true, each: 2), points = Thetas(10), logs = new double[10], others = new double[10], draws = new double[40];
        posterior.LogProb(x, points, logs);
        loaded.LogProb(x, points, others);
        Assert.Equal(logs, others);
        posterior.LogProb([.. x[6..12], .. x[..6], x[12]], points, others);
        Assert.Equal(logs, others, (a, b) => Math.Abs(a - b) < 1e-4 * (1 + Math.Abs(a)));
        x[0] = x[1] = 0.7;
        posterior.LogProb(x, points, others);
        Assert.NotEqual(logs, others);
        posterior.Sample(x, draws, new Rng(2));
        Assert.All(draws, v => Assert.True(double.IsFinite(v)));
    }

    [Theory]
    [InlineData("image", 11, "Expected an observation of 2 x 2 x 3 = 12 numbers")]
    [InlineData("deep-set", 11, "Expected an observation of whole elements of 2 numbers each, got 11 numbers.")]
    [InlineData("transformer", 10, "Expected an observation of whole steps of 3 numbers each, got 10 numbers.")]
    [InlineData("recurrent", 10, "whole steps of 4 numbers")]
    [InlineData("places-forgotten", 3, "Expected axes of at least 4 places for 2 blocks with pooling, got 3.")]
    public void Untrained_OfAnotherLength_SaysWhatIsExpected(string name, int features, string message)
    {
        var bijection = new SupportBijection(Prior);
        var options = new NeuralPosteriorOptions { Embedding = EmbeddingCases.Of(name) };
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => NeuralPosteriorEstimation.Untrained(bijection, features, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ThatDoNotGoTogether_Throw()
    {
        var bijection = new SupportBijection(Prior);
        void Refused(NeuralPosteriorOptions options) => Assert.ThrowsAny<ArgumentException>(() => NeuralPosteriorEstimation.Untrained(bijection, Features, options));
        Refused(new() { Embedding = EmbeddingCases.Of("deep-set"), Compression = 3 });
        Refused(new() { Embedding = EmbeddingCases.Of("mlp"), ContextFeatures = Features });
        Refused(new() { Embedding = new MlpEmbeddingOptions { Outputs = 0 } });
        Refused(new() { Embedding = new ConvolutionEmbeddingOptions { Filters = [] } });
        Refused(new() { Embedding = new ConvolutionEmbeddingOptions { Window = 4 } });
        Refused(new() { Embedding = new ConvolutionEmbeddingOptions { Grid = [1, 1, 3, 4] } });
        Refused(new() { Embedding = new SetTransformerEmbeddingOptions { Width = 5, Heads = 2 } });
        Refused(new() { Embedding = new RecurrentEmbeddingOptions { Layers = 0 } });
        Refused(new() { Embedding = new DeepSetEmbeddingOptions { Features = 0 } });
        NeuralPosteriorEstimation.Untrained(bijection, Features, new() { Embedding = EmbeddingCases.Of("mlp"), Compression = 3 });
    }

    [Fact]
    public void FeatureScaling_OfGroups_IsThatOfAllTheirValues()
    {
        double[] rows = [.. Enumerable.Range(0, 120).Select(i => (0.1 * i) + (i % 3 == 2 ? 1e6 * i : 0))], first = [.. rows.Where((_, i) => i % 3 != 2)];
        double[] one = new double[1], row = new double[3];
        FeatureScaling groups = FeatureScaling.Fit(rows, 3, groups: [0, 0, 1]), alone = FeatureScaling.Fit(first, 1);
        groups.Apply([3.5, 3.5, 0], row);
        alone.Apply([3.5], one);
        Assert.Equal((one[0], one[0]), (row[0], row[1]));

        // A column that never varied is named, whatever it is scaled with.
        Assert.Equal([1], FeatureScaling.Fit([1, 5, 2, 5, 3, 5], 2, groups: [0, 0]).ConstantFeatures);
        Assert.Throws<ArgumentException>(() => FeatureScaling.Fit(rows, 3, groups: [0, 0]));

        // The same from all rows as a sample, and, where quartiles agree, from the moments of all.
        var moments = new ColumnMoments(3);
        moments.Add(rows);
        double[] sampled = new double[3];
        FeatureScaling.Fit(rows, moments, groups: [0, 0, 1]).Apply([3.5, 3.5, 0], sampled);
        Assert.Equal(row, sampled);

        // Columns 0 and 1 hold 3 and -1 in one row of ten each, and 0 otherwise: together a variance of 0.5 - 0.1².
        double[] spikes = [.. Enumerable.Range(0, 200).Select(i => i % 20 == 6 ? 3.0 : i % 20 == 15 ? -1 : 0)], few = new double[20], two = new double[2];
        var all = new ColumnMoments(2);
        all.Add(spikes);
        FeatureScaling.Fit(few, all, groups: [0, 0]).Apply([1, 1], two);
        Assert.Equal(10 * Math.Asinh(1 / Math.Sqrt(0.49) / 10), two[0], 1e-12);
        Assert.Equal(two[0], two[1]);
    }

    internal static NeuralPosteriorOptions Network(string name) => new() { Embedding = EmbeddingCases.Of(name), ContextFeatures = 1, Missing = MissingValues.Embedded, Flow = Flow };

    internal static NeuralPosterior Trained(NeuralPosteriorOptions network, bool gaps, int each)
    {
        (double[] thetas, double[] xs) = Pairs(100, gaps, each);
        return NeuralPosteriorEstimation.Train(new SupportBijection(Prior), thetas, xs, Features + 1, network, new TrainingOptions { MaxEpochs = 2, BatchSize = 50 }, new Rng(5)).Posterior;
    }

    // Elements drift, so that each by itself would be scaled otherwise.
    internal static (double[] Thetas, double[] Xs) Pairs(int rows, bool gaps, int each)
    {
        double[] xs = [.. Enumerable.Range(0, rows).SelectMany(i => Row(i, gaps, each))];
        return (Thetas(rows), xs);
    }

    private static double[] Row(int seed, bool gaps, int each = 1)
    {
        Rng rng = new Rng(11).Split(seed);
        double[] row = [.. Enumerable.Range(0, Features).Select(j => (j / 4.0) + rng.NextNormal()), rng.NextDouble()];
        for (int e = 0; gaps && e < Features / each; e++)
        {
            if (rng.NextDouble() < 0.2)
            {
                row.AsSpan(e * each, each).Fill(double.NaN);
            }
        }

        return row;
    }

    private static double[] Thetas(int count)
    {
        var rng = new Rng(6);
        double[] thetas = new double[2 * count];
        for (int i = 0; i < count; i++)
        {
            Prior.Sample(thetas.AsSpan(2 * i, 2), rng);
        }

        return thetas;
    }

    private static Tensor Observations(int rows, bool gaps, DType dtype)
    {
        double[] values = [.. Enumerable.Range(0, rows).SelectMany(i => Row(i, gaps: false))];
        if (gaps)
        {
            values[2] = values[3] = values[Features + 3] = values[(2 * (Features + 1)) - 1] = double.NaN;
        }

        return Tensor.From(values, new Shape(rows, Features + 1), dtype);
    }

    private static void Through(string file, IModule from, IModule to)
    {
        using (FileStream stream = File.Create(file))
        {
            NpzFile.Write(stream, TensorArrays.Of(ModuleState.Export(from)));
        }

        ModuleState.Import(to, TensorArrays.Read(file));
    }

    private sealed class Pair(IModule first, IModule second) : IModule
    {
        public void Describe(ParameterTree tree)
        {
            tree.Add("first", first);
            tree.Add("second", second);
        }
    }
}
