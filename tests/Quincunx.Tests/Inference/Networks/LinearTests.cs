using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class LinearTests
{
    [Fact]
    public void Forward_OfSmallMatrix_IsTheHandComputedMap()
    {
        var layer = new Linear(2, 3, new Rng(1), dtype: DType.Float64);
        layer.Weight.Assign([1, 2, 3, 4, 5, 6]);
        layer.Bias.Assign([0.5, -0.5, 1]);

        Tensor y = layer.Forward(Tensor.From([1.0, 0, 2, -1], new Shape(2, 2)));

        Assert.Equal([1.5, 2.5, 6, 0.5, 1.5, 5], y.ToArray());
    }

    [Fact]
    public void Forward_OfWrongShape_NamesBoth()
    {
        var layer = new Linear(3, 2, new Rng(1));

        ShapeException fault = Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(new Shape(5, 4))));
        Assert.Equal("Expected shape [*, 3], got [5, 4].", fault.Message);
    }

    [Fact]
    public void ForwardColumns_OfStaircaseLinear_IgnoresWhatIsNotThereAndLeavesItZeroThroughTraining()
    {
        var stairs = new Staircase(3, 0, 1, 3);
        var layer = new StaircaseLinear(stairs, new Rng(2), dtype: DType.Float64);
        var optimiser = new AdamW([layer.Weight, layer.Bias]);
        for (int i = 0; i < 20; i++)
        {
            Tensor x = Tensor.Uniform(-1, 1, new Rng(3).Split(i), new Shape(3, 7), DType.Float64);
            Tensor y = layer.ForwardColumns(x);
            optimiser.Step(Gradient.Of((y * y).Sum(), [layer.Weight.Value, layer.Bias.Value]), 0.01);
        }

        double[] weights = layer.Weight.Value.ToArray(), mask = stairs.ToMask(DType.Float64).ToArray();
        Assert.All(mask.Zip(weights), pair => Assert.Equal(pair.First != 0, pair.Second != 0));
        Tensor point = Tensor.From([0.3, -0.2, 0.9], new Shape(3, 1)).Track();
        double[][] jacobian = [.. Enumerable.Range(0, 3).Select(i =>
            Gradient.VectorJacobian(layer.ForwardColumns(point), Tensor.From([i == 0 ? 1.0 : 0, i == 1 ? 1 : 0, i == 2 ? 1 : 0], new Shape(3, 1)), [point])[0].ToArray())];
        Assert.Equal(weights, jacobian.SelectMany(row => row));

        layer.Weight.Assign([.. mask.Zip(weights, (m, w) => m == 0 ? 1e9 : w)]);
        Assert.Equal(jacobian[1][0] * 0.3, layer.ForwardColumns(point).ToArray()[1] - layer.Bias.Value.ToArray()[1], 1e-15);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 4)]
    [InlineData(-1, 2)]
    public void Staircase_OfLengthsThatFallOrLeaveTheMatrix_Throws(int first, int second) =>
        Assert.Throws<ArgumentException>(() => new Staircase(3, first, second));

    [Fact]
    public void ForwardColumns_OfLinear_IsForwardTurned()
    {
        var layer = new Linear(3, 5, new Rng(4), dtype: DType.Float64);
        Parameters.Randomise(layer, new Rng(5));
        Tensor x = Tensor.Uniform(-1, 1, new Rng(6), new Shape(9, 3), DType.Float64);
        double[] expected = layer.Forward(x).ToArray(), turned = layer.ForwardColumns(x.Transpose()).Transpose().ToArray();
        Assert.All(expected.Zip(turned), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
        Assert.Equal(Tensor.Tanh(layer.ForwardColumns(x.Transpose())).ToArray(), layer.ForwardColumns(x.Transpose(), activation: Activation.Tanh).ToArray());
    }

    [Fact]
    public void Forward_InBothLayers_HasTheGradientsOfCentralDifferences()
    {
        var rng = new Rng(8);
        var linear = new Linear(3, 4, rng.Split("linear"), dtype: DType.Float64);
        var stairs = new StaircaseLinear(new Staircase(4, 1, 3), rng.Split("stairs"), dtype: DType.Float64);
        Tensor x = Tensor.Uniform(-1, 1, rng, new Shape(5, 3), DType.Float64);

        Parameters.AssertGradients(linear, () => stairs.ForwardColumns(Tensor.Exp(linear.Forward(x)).Transpose()));
        Parameters.AssertGradients(stairs, () => stairs.ForwardColumns(Tensor.Exp(linear.Forward(x)).Transpose()));
    }
}
