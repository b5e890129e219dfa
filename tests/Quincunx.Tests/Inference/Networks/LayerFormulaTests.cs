using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>Layers against their formulas written out.</summary>
public sealed class LayerFormulaTests
{
    [Fact]
    public void Forward_OfGatedRecurrentUnit_IsTheWrittenRecursion()
    {
        var unit = new GatedRecurrentUnit(2, 2, new Rng(1), DType.Float64);
        Parameters.Randomise(unit, new Rng(2));
        Dictionary<string, double[]> w = ParameterTree.Of(unit).Entries.ToDictionary(e => e.Key, e => e.Value.Value.ToArray(), StringComparer.Ordinal);
        double[] x = [0.3, -0.5, 0.9, 0.1, -0.2, 0.7];

        double[] states = unit.Forward(Tensor.From(x, new Shape(1, 3, 2))).ToArray();

        double[] h = [0, 0];
        for (int t = 0; t < 3; t++)
        {
            double FromInput(int row) => w["input.bias"][row] + (w["input.weight"][2 * row] * x[2 * t]) + (w["input.weight"][(2 * row) + 1] * x[(2 * t) + 1]);
            double[] old = h;
            double Gate(int row) => 1 / (1 + Math.Exp(-(FromInput(row) + (w["gates"][2 * row] * old[0]) + (w["gates"][(2 * row) + 1] * old[1]))));
            double[] reset = [Gate(0) * old[0], Gate(1) * old[1]];
            double Candidate(int i) => Math.Tanh(FromInput(4 + i) + (w["candidate"][2 * i] * reset[0]) + (w["candidate"][(2 * i) + 1] * reset[1]));
            h = [.. Enumerable.Range(0, 2).Select(i => (Gate(2 + i) * old[i]) + ((1 - Gate(2 + i)) * Candidate(i)))];
            Assert.Equal(h, states[(2 * t)..((2 * t) + 2)], (a, b) => Math.Abs(a - b) < 1e-15);
        }

        Assert.Equal(new Shape(4, 0, 2), unit.Forward(Tensor.Zeros(new Shape(4, 0, 2), DType.Float64)).Shape);
    }

    [Fact]
    public void Forward_OfFourierFeatures_IsTheWrittenFormulaAndItsFrequenciesHaveTheirScale()
    {
        var features = new FourierFeatures(1, 20_000, 3, new Rng(1), DType.Float64);
        double[] frequencies = ParameterTree.Of(features).Entries.Single().Value.Value.ToArray();
        double[] y = features.Forward(Tensor.From([0.3], new Shape(1, 1))).ToArray();

        Assert.Empty(ParameterTree.Of(features).Trained);
        Assert.Equal([.. frequencies.Select(f => Math.Cos(2 * Math.PI * f * 0.3)), .. frequencies.Select(f => Math.Sin(2 * Math.PI * f * 0.3))], y, (a, b) => Math.Abs(a - b) < 1e-13);

        // The standard error of the mean square is 9 √(2 / 20,000); 5 of them are exceeded once in two million seeds.
        Assert.Equal(9, frequencies.Average(f => f * f), 5 * 9 * Math.Sqrt(2.0 / 20_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierFeatures(1, 2, 0, new Rng(1)));
    }

    [Fact]
    public void Forward_OfFilm_StartsAsTheIdentityAndScalesAndShifts()
    {
        var film = new Film(2, 1, new Rng(1), DType.Float64);
        Tensor x = Tensor.From([1.0, 2, 3, 4], new Shape(1, 2, 2)), context = Tensor.From([0.5], new Shape(1, 1));

        Assert.Equal(x.ToArray(), film.Forward(x, context).ToArray());

        // γ = 1 + (2, 4) c + (0, 1), β = (6, 8) c + (2, 3)
        ParameterTree.Of(film).Entries[0].Value.Assign([2.0, 4, 6, 8]);
        ParameterTree.Of(film).Entries[1].Value.Assign([0.0, 1, 2, 3]);
        Assert.Equal([7.0, 15, 11, 23], film.Forward(x, context).ToArray());
        Assert.Equal([7.0, 9, 19, 23], film.Forward(x, context, axis: 1).ToArray());
        Assert.Throws<ShapeException>(() => film.Forward(x, Tensor.Ones(new Shape(2, 1), DType.Float64)));
    }

    [Fact]
    public void Forward_OfGroupNorm_HasMeanZeroAndVarianceOneInEachGroup()
    {
        var norm = new GroupNorm(4, 2, DType.Float64);
        double[] y = norm.Forward(Tensor.Uniform(3, 9, new Rng(1), new Shape(2, 4, 3, 5), DType.Float64)).ToArray();

        // Variances of 3 plus 1e-5.
        Assert.All(y.Chunk(30), group => Assert.Equal((0.0, 1.0), (Math.Round(group.Average(), 12), Math.Round(group.Average(v => v * v), 4))));
        Assert.Throws<ArgumentException>(() => new GroupNorm(4, 3));
        Assert.Throws<ShapeException>(() => norm.Forward(Tensor.Zeros(new Shape(2, 3, 5), DType.Float64)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Forward_OfAShiftedTorus_ShiftsABlocksResultAndKeepsANetworks(int axes)
    {
        var options = new ConvolutionBlockOptions { Axes = axes, Padding = PaddingKind.Circular, DType = DType.Float64 };
        var block = new ConvolutionBlock(2, 3, options, new Rng(1));
        var network = new ConvolutionNetwork(2, [3, 4], 2, options, new Rng(2));
        Parameters.Randomise(block, new Rng(3));
        Parameters.Randomise(network, new Rng(4));
        Tensor x = Tensor.Normal(0, 1, new Rng(5), new Shape([2, 2, .. new[] { 4, 5, 3 }[..axes]]), DType.Float64);
        Tensor Shifted(Tensor t) => Tensor.Concat([t.Slice(2, 1), t.Slice(2, 0, 1)], axis: 2);

        AssertClose(Shifted(block.Forward(x)), block.Forward(Shifted(x)));
        AssertClose(network.Forward(x), network.Forward(Shifted(x)));
    }

    [Fact]
    public void Forward_OfABlockAtItsStart_IsItsInput()
    {
        Tensor x = Tensor.Normal(0, 1, new Rng(5), new Shape(2, 3, 4, 4));

        Assert.Equal(x.ToArray(), new ConvolutionBlock(3, 3, new ConvolutionBlockOptions(), new Rng(1)).Forward(x).ToArray());
        Assert.Equal(new Shape(2, 5, 2, 2), new ConvolutionBlock(3, 5, new ConvolutionBlockOptions { Pooling = GridPooling.Max }, new Rng(1)).Forward(x).Shape);
        Assert.Throws<ArgumentException>(() => new ConvolutionBlock(3, 3, new ConvolutionBlockOptions { Window = 4 }, new Rng(1)));
        Assert.Throws<ArgumentException>(() => new ConvolutionLayer(3, 4, [3], new Rng(1), groups: 2));
        Assert.Throws<ArgumentException>(() => new ConvolutionNetwork(3, [], 1, new ConvolutionBlockOptions(), new Rng(1)));
    }

    private static void AssertClose(Tensor expected, Tensor actual) => Assert.Equal(expected.ToArray(), actual.ToArray(), (a, b) => Math.Abs(a - b) < 1e-10);
}
