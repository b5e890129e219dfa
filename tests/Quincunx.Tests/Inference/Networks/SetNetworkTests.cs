using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>Networks on sets: order and padding do not count.</summary>
public sealed class SetNetworkTests
{
    private const double Tolerance = 1e-10;

    // Elements of each set, and how many of them there are.
    private const int Sets = 3, Longest = 6, Features = 4;
    private static readonly int[] Order = [3, 0, 5, 1, 4, 2];

    public static TheoryData<string> Names => ["Mean", "Sum", "Max", "Attention", "direct", "induced", "seeds"];

    public static TheoryData<string> RowWise => ["encoder", "relative", "recurrent"];

    [Theory, MemberData(nameof(Names))]
    public void Forward_OfPermutedSets_IsTheSame(string name)
    {
        (_, Func<Tensor, Tensor?, Tensor> forward) = Network(name);
        Tensor x = Draw(1), mask = Mask();

        AssertClose(forward(x, null), forward(x.IndexSelect(1, Order), null));
        AssertClose(forward(x, mask), forward(x.IndexSelect(1, Order), mask.IndexSelect(1, Order)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [MemberData(nameof(RowWise))]
    public void Forward_OfPaddedSets_IsThatOfEachSetAlone(string name)
    {
        (IModule module, Func<Tensor, Tensor?, Tensor> forward) = Network(name);
        Tensor[] weights = [.. ParameterTree.Of(module).Trained.Select(p => p.Value)];
        Tensor x = Draw(1), mask = Mask();

        // Whatever the padding holds.
        Tensor padded = Tensor.Where(mask.Reshape(Sets, Longest, 1), x, double.NaN), together = forward(padded, mask);
        Assert.All(Gradient.Of(together.Sum(), weights), g => Assert.All(g.ToArray(), v => Assert.True(double.IsFinite(v))));
        for (int set = 0; set < Sets; set++)
        {
            Tensor alone = forward(x.Slice(0, set, 1).Slice(1, 0, set + 2), null);
            Tensor part = together.Slice(0, set, 1);
            AssertClose(alone, part.Rank == 3 ? part.Slice(1, 0, set + 2) : part);
        }

        Tensor[] expected = Gradient.Of(forward(x.Slice(0, 1, 1).Slice(1, 0, 3), null).Sum(), weights);
        Tensor one = forward(padded.Slice(0, 1, 1), mask.Slice(0, 1, 1));
        Tensor[] actual = Gradient.Of((one.Rank == 3 ? one.Slice(1, 0, 3) : one).Sum(), weights);
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second));
    }

    [Fact]
    public void Forward_OfPermutedRows_PermutesTheEncodersResult()
    {
        (_, Func<Tensor, Tensor?, Tensor> forward) = Network("encoder");
        Tensor x = Draw(1), mask = Mask();

        AssertClose(forward(x, mask).IndexSelect(1, Order), forward(x.IndexSelect(1, Order), mask.IndexSelect(1, Order)));
        Assert.NotEqual(forward(x, null).IndexSelect(1, Order).ToArray(), Network("positions").Forward(x.IndexSelect(1, Order), null).ToArray());
    }

    [Theory, MemberData(nameof(Names))]
    public void Forward_OfAnEmptySet_IsFinite(string name)
    {
        (IModule module, Func<Tensor, Tensor?, Tensor> forward) = Network(name);
        Tensor y = forward(Draw(1), Tensor.Zeros(new Shape(Sets, Longest), DType.Float64)), none = forward(Draw(1).Slice(1, 0, 0), null);

        AssertClose(y, none);
        Assert.All(y.ToArray(), v => Assert.True(double.IsFinite(v)));
        Assert.All(
            Gradient.Of(y.Sum(), [.. ParameterTree.Of(module).Trained.Select(p => p.Value)]), g => Assert.All(g.ToArray(), v => Assert.True(double.IsFinite(v))));
    }

    [Fact]
    public void Forward_OfWrongShapes_ThrowsAndShowsThem()
    {
        (_, Func<Tensor, Tensor?, Tensor> forward) = Network("Mean");

        ShapeException fault = Assert.Throws<ShapeException>(() => forward(Draw(1), Tensor.Ones(new Shape(3, 5), DType.Float64)));
        Assert.Equal("Expected shape [3, 6], got [3, 5].", fault.Message);
        Assert.Throws<ShapeException>(() => forward(Draw(1).Slice(2, 0, 3), null));
        Assert.Throws<ArgumentException>(() => new MultiHeadAttention(6, 4, new Rng(1)));
        foreach (PositionalEncoding positions in new[] { PositionalEncoding.Sinusoidal, PositionalEncoding.Relative })
        {
            Assert.Throws<ShapeException>(() => new TransformerEncoder(
                Features, new TransformerEncoderOptions { Positions = positions, LongestSequence = 5, DType = DType.Float64 }, new Rng(1)).Forward(Draw(1)));
        }
    }

    private static (IModule Module, Func<Tensor, Tensor?, Tensor> Forward) Network(string name)
    {
        var rng = new Rng(4);
        IModule module = name switch
        {
            "encoder" or "positions" or "relative" => new TransformerEncoder(
                Features,
                new TransformerEncoderOptions
                {
                    Width = 8,
                    Positions = name == "positions" ? PositionalEncoding.Sinusoidal : name == "relative" ? PositionalEncoding.Relative : PositionalEncoding.None,
                    Window = name == "relative" ? 3 : 1,
                    DType = DType.Float64,
                },
                rng),
            "recurrent" => new GatedRecurrentUnit(Features, 5, rng, DType.Float64),
            "direct" => new SetTransformer(Features, 3, new SetTransformerOptions { Width = 8, DType = DType.Float64 }, rng),
            "induced" => new SetTransformer(Features, 3, new SetTransformerOptions { Width = 8, InducingPoints = 3, DType = DType.Float64 }, rng),
            "seeds" => new SetTransformer(Features, 3, new SetTransformerOptions { Width = 8, Seeds = 3, DType = DType.Float64 }, rng),
            _ => new DeepSet(Features, 3, new DeepSetOptions { Width = 8, Pooling = Enum.Parse<SetPooling>(name), DType = DType.Float64 }, rng),
        };
        Parameters.Randomise(module, new Rng(5));
        return (module, module switch
        {
            DeepSet set => set.Forward,
            SetTransformer transformer => transformer.Forward,
            GatedRecurrentUnit unit => (x, mask) => unit.Forward(x, mask),
            _ => ((TransformerEncoder)module).Forward,
        });
    }

    private static Tensor Draw(ulong seed) => Tensor.Normal(0, 1, new Rng(seed), new Shape(Sets, Longest, Features), DType.Float64);

    // Sets of 2, 3 and 4 elements.
    private static Tensor Mask() => Tensor.From([.. Enumerable.Range(0, Sets * Longest).Select(i => i % Longest < (i / Longest) + 2 ? 1.0 : 0)], new Shape(Sets, Longest));

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray(), actual.ToArray(), (a, b) => Math.Abs(a - b) < Tolerance);
    }
}
