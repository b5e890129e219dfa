using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class LatticeNetworkTests
{
    private static readonly LatticeNetworkOptions Plain = new() { Hidden = [4, 3], DType = DType.Float64 };

    public static TheoryData<int, LatticeSymmetry, FieldParity> Kinds
    {
        get
        {
            var data = new TheoryData<int, LatticeSymmetry, FieldParity>();
            foreach (LatticeSymmetry symmetry in Enum.GetValues<LatticeSymmetry>())
            {
                foreach (FieldParity parity in Enum.GetValues<FieldParity>())
                {
                    data.Add(2, symmetry, parity);
                }

                data.Add(1, symmetry, FieldParity.Odd);
                data.Add(3, symmetry, FieldParity.Even);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Forward_OfAShiftedField_IsShifted(int axes, LatticeSymmetry symmetry, FieldParity parity)
    {
        LatticeNetwork network = Network(Plain with { Axes = axes, Symmetry = symmetry, Parity = parity });
        int[] lattice = new[] { 5, 4, 3 }[..axes];
        Tensor x = Tensor.Uniform(-1, 1, new Rng(1), new Shape([2, 2, .. lattice]), DType.Float64), y = network.Forward(x);
        for (int i = 0; i < 4; i++)
        {
            Rng rng = new Rng(2).Split(i);
            int[] by = [.. lattice.Select(length => (int)(rng.NextDouble() * length))];
            AssertClose(LatticeMoves.Shift(y, by), network.Forward(LatticeMoves.Shift(x, by)));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Forward_OfTheOppositeField_HasTheParity(int axes, LatticeSymmetry symmetry, FieldParity parity)
    {
        LatticeNetwork network = Network(Plain with { Axes = axes, Symmetry = symmetry, Parity = parity });
        Tensor x = Tensor.Uniform(-1, 1, new Rng(3), new Shape([2, 2, .. Enumerable.Repeat(4, axes)]), DType.Float64), y = network.Forward(x), opposite = network.Forward(-x);
        Assert.Equal(parity == FieldParity.Odd, Largest(y + opposite) < 1e-10);
        Assert.Equal(parity == FieldParity.Even, Largest(y - opposite) < 1e-10);
        Assert.True(Largest(y) > 0.01);
    }

    [Theory]
    [InlineData(LatticeSymmetry.Translations)]
    [InlineData(LatticeSymmetry.Rotations)]
    [InlineData(LatticeSymmetry.Full)]
    public void Forward_OfATurnedOrMirroredField_IsSoWhereTheSymmetrySays(LatticeSymmetry symmetry)
    {
        foreach (int side in new[] { 3, 5 })
        {
            LatticeNetwork network = Network(Plain with { Symmetry = symmetry, Side = side });
            Tensor x = Tensor.Uniform(-1, 1, new Rng(4), new Shape(2, 2, 6, 6), DType.Float64), y = network.Forward(x);
            foreach (string move in LatticeMoves.PointGroup)
            {
                // What turns a 3 x 3 window into itself mirrors it as well.
                bool respects = symmetry == LatticeSymmetry.Full || (symmetry == LatticeSymmetry.Rotations && (side == 3 || !LatticeMoves.Mirrors(move)));
                Assert.Equal(respects, Largest(LatticeMoves.Apply(move, y) - network.Forward(LatticeMoves.Apply(move, x))) < 1e-10);
            }
        }
    }

    [Theory]
    [InlineData(1, 3, LatticeSymmetry.Rotations, 3)]
    [InlineData(1, 3, LatticeSymmetry.Full, 2)]
    [InlineData(2, 3, LatticeSymmetry.Translations, 9)]
    [InlineData(2, 3, LatticeSymmetry.Rotations, 3)]
    [InlineData(2, 3, LatticeSymmetry.Full, 3)]
    [InlineData(2, 5, LatticeSymmetry.Rotations, 7)]
    [InlineData(2, 5, LatticeSymmetry.Full, 6)]
    [InlineData(3, 3, LatticeSymmetry.Full, 4)]
    [InlineData(3, 5, LatticeSymmetry.Rotations, 10)]
    [InlineData(3, 5, LatticeSymmetry.Full, 10)]
    public void Kernel_HasAsManyWeightsAsBurnsideCounts(int axes, int side, LatticeSymmetry symmetry, int weights)
    {
        // Windows of side 3 and 5 in 2-d: (5² + 2 · 1 + 1) / 4 = 7 under turns, (28 + 4 · 5) / 8 = 6 with mirrors; in 3-d side 5, |values| sorted: C(5, 3) = 10.
        var layer = new LatticeConvolution(2, 3, axes, side, new Rng(5), symmetry, dtype: DType.Float64);
        Assert.Equal(new Shape(3, 2, weights), layer.Weight.Shape);
        Assert.Equal(weights, layer.Kernel().ToArray().Take(layer.Kernel().Count / 6).Distinct().Count());
    }

    [Fact]
    public void Forward_OfOneLayer_IsTheSumOverNeighbours()
    {
        var layer = new LatticeConvolution(1, 1, 1, 3, new Rng(6), dtype: DType.Float64);
        layer.Weight.Assign([2.0, 3, 5]);
        layer.Bias!.Assign([0.5]);
        double[] y = layer.Forward(Tensor.From([1.0, 10, 100, 1000], new Shape(1, 1, 4))).ToArray();
        Assert.Equal([(2 * 1000) + 3 + 50 + 0.5, 2 + 30 + 500 + 0.5, 20 + 300 + 5000 + 0.5, 200 + 3000 + 5 + 0.5], y);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Forward_HasTheGradientsOfCentralDifferencesAndStoresItsWeights(int axes, LatticeSymmetry symmetry, FieldParity parity)
    {
        LatticeNetworkOptions options = Plain with { Axes = axes, Symmetry = symmetry, Parity = parity, Hidden = [2] };
        LatticeNetwork network = Network(options);
        Tensor x = Tensor.Uniform(-1, 1, new Rng(7), new Shape([1, 2, .. Enumerable.Repeat(3, axes)]), DType.Float64);
        Parameters.AssertGradients(network, () => network.Forward(x));
        GradientCheck.Outcome outcome = GradientCheck.Run(t => network.Forward(t[0]), [x], new Rng(8));
        Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-6, $"{outcome}");

        var other = new LatticeNetwork(2, 2, options, new Rng(99));
        ModuleState.Import(other, ModuleState.Export(network));
        Assert.Equal(network.Forward(x).ToArray(), other.Forward(x).ToArray());
    }

    [Fact]
    public void Forward_WithItsGradient_CanBeReplayed()
    {
        LatticeNetwork network = Network(Plain with { Symmetry = LatticeSymmetry.Full, Parity = FieldParity.Odd });
        var x = new Parameter(Tensor.Uniform(-1, 1, new Rng(9), new Shape(2, 2, 4, 4), DType.Float64), isTrained: false);
        Tensor[] weights = [.. ParameterTree.Of(network).Trained.Select(p => p.Value)];
        Replay? replay = Replay.Record(Compute, out string? obstacle);
        Assert.True(replay is not null, obstacle);
        x.Assign(x.Value * 0.7);
        Parameters.Randomise(network, new Rng(10));
        replay.Run();
        Assert.All(Compute().Zip(replay.Outputs), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));

        IReadOnlyList<Tensor> Compute()
        {
            Tensor y = network.Forward(x.Value);
            return [y, .. Gradient.Of(Tensor.Square(y).Sum(), weights)];
        }
    }

    [Fact]
    public void LatticeNetwork_WithOptionsThatDoNotGoTogether_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Network(Plain with { Parity = FieldParity.Odd, Activation = Activation.Silu }));
        Assert.Throws<ArgumentException>(() => Network(Plain with { Parity = FieldParity.Even, Hidden = [] }));
        Assert.Contains("even side of 4", Assert.Throws<ArgumentException>(() => Network(Plain with { Side = 4 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Network(Plain with { Axes = 4 }));
        ShapeException fault = Assert.Throws<ShapeException>(() => Network(Plain).Forward(Tensor.Zeros(new Shape(1, 3, 4, 4), DType.Float64)));
        Assert.Equal("Expected 2 channels on a lattice of 2 axes, got shape [1, 3, 4, 4].", fault.Message);
        Assert.All(new LatticeNetwork(1, 1, Plain with { Output = Initialiser.Zeros }, new Rng(1)).Forward(Tensor.Ones(new Shape(1, 1, 4, 4), DType.Float64)).ToArray(), y => Assert.Equal(0, y));
    }

    private static LatticeNetwork Network(LatticeNetworkOptions options)
    {
        var network = new LatticeNetwork(2, 2, options, new Rng(20));
        Parameters.Randomise(network, new Rng(21));
        return network;
    }

    private static double Largest(Tensor x) => x.ToArray().Max(Math.Abs);

    private static void AssertClose(Tensor expected, Tensor actual) => Assert.True(Largest(expected - actual) < 1e-10, $"off by {Largest(expected - actual)}");
}
