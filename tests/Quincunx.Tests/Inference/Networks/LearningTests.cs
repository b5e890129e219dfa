using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>Each network learns what a simpler one cannot, from a few hundred examples, and is judged on others.</summary>
[Trait("Category", "Slow")]
public sealed class LearningTests
{
    private const int Rows = 512, Seen = 1, Fresh = 2;

    // Sums of squares of symmetric numbers: no odd function, and so no linear one, explains anything of them.
    [Theory]
    [InlineData(SetPooling.Mean)]
    [InlineData(SetPooling.Sum)]
    [InlineData(SetPooling.Max)]
    [InlineData(SetPooling.Attention)]
    public void DeepSet_OfEachPooling_LearnsWhatNoLinearFunctionCan(SetPooling pooling)
    {
        const int Longest = 5;
        var network = new DeepSet(1, 1, new DeepSetOptions { Pooling = pooling, ElementHidden = [32], Width = 16, SetHidden = [32] }, new Rng(1));
        (Tensor x, Tensor mask, Tensor y) = Data(Seen);
        Learning.Fit(network, () => Learning.SquaredError(network.Forward(x, mask), y), steps: 300, rate: 0.01);

        (Tensor fresh, Tensor freshMask, Tensor target) = Data(Fresh);
        Assert.InRange(Learning.Unexplained(network.Forward(fresh, freshMask), target), 0, 0.1);

        (Tensor X, Tensor Mask, Tensor Y) Data(ulong seed)
        {
            var rng = new Rng(seed);
            Tensor sizes = Tensor.Uniform(1, Longest, rng.Split("sizes"), new Shape(Rows, 1)), values = Tensor.Uniform(-1.5, 1.5, rng.Split("x"), new Shape(Rows, Longest, 1));
            Tensor shown = Tensor.LessOrEqual(Tensor.From([0.0, 1, 2, 3, 4], new Shape(1, Longest), DType.Float32), sizes);
            Tensor squares = Tensor.Square(values.Reshape(Rows, Longest)) * shown, sum = squares.Sum(1, keepAxes: true);
            return (values, shown, pooling switch
            {
                SetPooling.Sum => sum,
                SetPooling.Max => Tensor.Sqrt(squares.Max(1, keepAxes: true)),
                _ => sum / shown.Sum(1, keepAxes: true),
            });
        }
    }

    // E[Σ xᵢxⱼ | xᵢ] = 0: of independent numbers no sum of functions of one element explains anything.
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void SetTransformer_OfPairs_LearnsWhatNoSumOverElementsCan(int inducingPoints)
    {
        var network = new SetTransformer(1, 1, new SetTransformerOptions { Width = 16, Blocks = 1, InducingPoints = inducingPoints }, new Rng(1));
        (Tensor x, Tensor y) = Data(Seen);
        Learning.Fit(network, () => Learning.SquaredError(network.Forward(x), y), steps: 400, rate: 0.01);

        (Tensor fresh, Tensor target) = Data(Fresh);
        Assert.InRange(Learning.Unexplained(network.Forward(fresh), target), 0, 0.3);

        static (Tensor X, Tensor Y) Data(ulong seed)
        {
            Tensor x = Tensor.Uniform(-1, 1, new Rng(seed), new Shape(Rows, 3, 1)), rows = x.Reshape(Rows, 3);
            return (x, Tensor.Square(rows.Sum(1, keepAxes: true)) - Tensor.Square(rows).Sum(1, keepAxes: true));
        }
    }

    // Without positions the best guess at the row before is the mean of the others: 1 - 1 / (n - 1) stays unexplained.
    [Theory]
    [InlineData(PositionalEncoding.Sinusoidal)]
    [InlineData(PositionalEncoding.Relative)]
    public void TransformerEncoder_WithPositions_LearnsToLookOneRowBack(PositionalEncoding positions)
    {
        const int Length = 6, Batch = 128;
        var options = new TransformerEncoderOptions { Width = 16, Heads = 2, Positions = positions, LongestSequence = Length };
        var network = new Headed<TransformerEncoder>(new TransformerEncoder(1, options, new Rng(1)), 16, (m, x) => m.Forward(x));
        Tensor x = Learning.Normal(Seen, Batch, Length, 1), fresh = Learning.Normal(Fresh, Batch, Length, 1);
        Learning.Fit(network, () => Learning.SquaredError(network.Forward(x).Slice(1, 1), x.Slice(1, 0, Length - 1)), steps: 300, rate: 0.01);

        Assert.InRange(Learning.Unexplained(network.Forward(fresh).Slice(1, 1), fresh.Slice(1, 0, Length - 1)), 0, 0.4);
    }

    // The last step is independent of the first: what does not remember explains nothing.
    [Fact]
    public void GatedRecurrentUnit_OfEightSteps_RemembersTheFirst()
    {
        const int Steps = 8, Batch = 256;
        var network = new Headed<GatedRecurrentUnit>(new GatedRecurrentUnit(1, 16, new Rng(1)), 16, (m, x) => m.Forward(x).At(1, -1));
        Tensor x = Learning.Normal(Seen, Batch, Steps, 1), fresh = Learning.Normal(Fresh, Batch, Steps, 1);
        Learning.Fit(network, () => Learning.SquaredError(network.Forward(x), x.At(1, 0)), steps: 300, rate: 0.02);

        Assert.InRange(Learning.Unexplained(network.Forward(fresh), fresh.At(1, 0)), 0, 0.2);
    }

    // Σ xᵢxⱼ over neighbours j has mean 0 given xᵢ: a node that hears nothing of its neighbours explains nothing.
    [Fact]
    public void GraphBlock_OnARing_LearnsWhatNodesAloneCannot()
    {
        const int Count = 400;
        int[] senders = [.. Enumerable.Range(0, 2 * Count).Select(e => e / 2)];
        int[] receivers = [.. Enumerable.Range(0, 2 * Count).Select(e => ((e / 2) + (e % 2 == 0 ? 1 : Count - 1)) % Count)];
        GraphTopology ring = GraphTopology.Of(senders, receivers, Count);
        var block = new GraphBlock(new GraphBlockOptions { Nodes = 1, NodeWidth = 1, EdgeWidth = 8, Hidden = [32] }, new Rng(1));
        Tensor x = Learning.Normal(Seen, Count, 1), fresh = Learning.Normal(Fresh, Count, 1);
        Tensor Target(Tensor v) => v * Tensor.SegmentSum(v.IndexSelect(0, senders), receivers, Count);
        Tensor y = Target(x);
        Learning.Fit(block, () => Learning.SquaredError(block.Forward(new GraphState(x), ring).Nodes, y), steps: 300, rate: 0.01);

        Assert.InRange(Learning.Unexplained(block.Forward(new GraphState(fresh), ring).Nodes, Target(fresh)), 0, 0.3);
    }

    // Products of neighbours have mean 0 given any one of them: nothing for a function of single sites, averaged, and nothing for a linear one.
    [Fact]
    public void ConvolutionNetwork_OnATorus_LearnsACorrelationOfNeighbours()
    {
        const int Side = 6, Batch = 256;
        var options = new ConvolutionBlockOptions { Padding = PaddingKind.Circular };
        var network = new ConvolutionNetwork(1, [16, 16], 1, options, new Rng(1));
        Tensor x = Learning.Normal(Seen, Batch, 1, Side, Side), fresh = Learning.Normal(Fresh, Batch, 1, Side, Side);
        Tensor Target(Tensor v) => (v * Tensor.Concat([v.Slice(3, 1), v.Slice(3, 0, 1)], axis: 3)).Sum([2, 3]) / Side;
        Tensor y = Target(x);
        Learning.Fit(network, () => Learning.SquaredError(network.Forward(x), y), steps: 300, rate: 0.01);

        Assert.InRange(Learning.Unexplained(network.Forward(fresh), Target(fresh)), 0, 0.3);
    }

    // Rahaman et al. 2019, arXiv:1806.08734: a network of few layers takes ages over what oscillates.
    [Fact]
    public void FourierFeatures_BeforeANetwork_LearnAFineWaveThatItAloneDoesNot()
    {
        Tensor x = Tensor.From([.. Enumerable.Range(0, 256).Select(i => i / 256.0)], new Shape(256, 1), DType.Float32), y = Tensor.Sin(x * (2 * Math.PI * 9));
        var features = new FourierFeatures(1, 32, 6, new Rng(1));
        var network = new Mlp(features.Outputs, [32, 32], 1, new Rng(2));
        var alone = new Mlp(1, [32, 32], 1, new Rng(2));
        Learning.Fit(network, () => Learning.SquaredError(network.Forward(features.Forward(x)), y), steps: 300, rate: 0.005);
        Learning.Fit(alone, () => Learning.SquaredError(alone.Forward(x), y), steps: 300, rate: 0.005);

        Assert.InRange(Learning.Unexplained(network.Forward(features.Forward(x)), y), 0, 0.02);
        Assert.InRange(Learning.Unexplained(alone.Forward(x), y), 0.5, 1.5);
    }

    // c x is uncorrelated with every function of c plus every function of x.
    [Fact]
    public void Film_OfAContext_LearnsAProductThatNoSumCan()
    {
        var film = new Film(1, 1, new Rng(1));
        Tensor x = Learning.Normal(1, Rows, 1), context = Learning.Normal(2, Rows, 1);
        Learning.Fit(film, () => Learning.SquaredError(film.Forward(x, context), x * context), steps: 300, rate: 0.05);

        Assert.InRange(Learning.Unexplained(film.Forward(x, context), x * context), 0, 1e-3);
    }

    // One linear output behind a module.
    private sealed class Headed<TModule>(TModule module, int width, Func<TModule, Tensor, Tensor> forward) : IModule
        where TModule : IModule
    {
        private readonly Linear _head = new(width, 1, new Rng(8), Initialiser.LeCunUniform);

        public Tensor Forward(Tensor x) => _head.Forward(forward(module, x));

        public void Describe(ParameterTree tree)
        {
            tree.Add("module", module);
            tree.Add("head", _head);
        }
    }
}
