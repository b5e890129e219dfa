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
    public void Forward_OfMaskedLinear_IgnoresTheRemovedAndKeepsThemZeroThroughTraining()
    {
        double[] mask = [1, 0, 1, 0, 0, 0, 0, 1, 1];
        var layer = new MaskedLinear(Tensor.From(mask, new Shape(3, 3)), new Rng(2), dtype: DType.Float64);
        var optimiser = new AdamW([layer.Weight, layer.Bias]);
        for (int i = 0; i < 20; i++)
        {
            Tensor x = Tensor.Uniform(-1, 1, new Rng(3).Split(i), new Shape(7, 3), DType.Float64);
            Tensor y = layer.Forward(x);
            optimiser.Step(Gradient.Of((y * y).Sum(), [layer.Weight.Value, layer.Bias.Value]), 0.01);
        }

        double[] weights = layer.Weight.Value.ToArray();
        Assert.All(mask.Zip(weights), pair => Assert.Equal(pair.First != 0, pair.Second != 0));
        Tensor point = Tensor.From([0.3, -0.2, 0.9], new Shape(1, 3)).Track();
        double[][] jacobian = [.. Enumerable.Range(0, 3).Select(i =>
            Gradient.VectorJacobian(layer.Forward(point), Tensor.From([i == 0 ? 1.0 : 0, i == 1 ? 1 : 0, i == 2 ? 1 : 0], new Shape(1, 3)), [point])[0].ToArray())];
        Assert.Equal(weights, jacobian.SelectMany(row => row));
    }

    [Fact]
    public void MaskedLinear_OfAMaskThatIsNotZerosAndOnes_Throws() =>
        Assert.Throws<ArgumentException>(() => new MaskedLinear(Tensor.From([0.5, 1], new Shape(1, 2)), new Rng(1)));

    [Fact]
    public void Forward_InBothLayers_HasTheGradientsOfCentralDifferences()
    {
        var rng = new Rng(8);
        var linear = new Linear(3, 4, rng.Split("linear"), dtype: DType.Float64);
        var masked = new MaskedLinear(Tensor.From([1, 1, 0, 1, 0, 1, 1, 0], new Shape(2, 4)), rng.Split("masked"), dtype: DType.Float64);
        Tensor x = Tensor.Uniform(-1, 1, rng, new Shape(5, 3), DType.Float64);

        Parameters.AssertGradients(linear, () => masked.Forward(Tensor.Exp(linear.Forward(x))));
        Parameters.AssertGradients(masked, () => masked.Forward(Tensor.Exp(linear.Forward(x))));
    }
}
