using Quincunx.Inference.Distributions;
using Quincunx.Inference.MixtureDensity;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Flows;

namespace Quincunx.Tests.Inference.MixtureDensity;

public sealed class MixtureNetworkTests
{
    private const int Features = 2, Columns = 4;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(5, 3)]
    public void LogProb_IsThatOfTheNormalsThatAreRead(int dimension, int components)
    {
        (MixtureNetwork network, Tensor z, Tensor x) = Case(dimension, components);
        Tensor outputs = network.Outputs(x);
        double[] logs = network.LogProb(z, outputs).ToArray(), points = z.Transpose().ToArray(), columns = outputs.Transpose().ToArray();
        int width = columns.Length / Columns;
        for (int n = 0; n < Columns; n++)
        {
            IReadOnlyList<NormalComponent> normals = network.Read(columns.AsSpan(n * width, width));
            Assert.Equal(1, normals.Sum(c => c.Weight), 1e-12);
            double density = normals.Sum(c => c.Weight * Math.Exp(new MultivariateNormal([.. c.Mean], [.. c.Covariance]).LogProb(points.AsSpan(n * dimension, dimension))));
            Assert.Equal(Math.Log(density), logs[n], 1e-9);
        }
    }

    [Fact]
    public void Draw_HasTheMomentsOfTheMixture()
    {
        const int Dimension = 3, Draws = 40_000;
        (MixtureNetwork network, _, Tensor x) = Case(Dimension, 3);
        double[] outputs = network.Outputs(x).Slice(1, 0, 1).ToArray(), draws = new double[Draws * Dimension];
        IReadOnlyList<NormalComponent> normals = network.Read(outputs);
        var rng = new Rng(3);
        for (int i = 0; i < Draws; i++)
        {
            network.Draw(outputs, draws.AsSpan(i * Dimension, Dimension), rng);
        }

        for (int i = 0; i < Dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double exact = normals.Sum(c => c.Weight * (c.Covariance[(i * Dimension) + j] + (c.Mean[i] * c.Mean[j])));
                double[] products = [.. Enumerable.Range(0, Draws).Select(n => draws[(n * Dimension) + i] * draws[(n * Dimension) + j])];
                double mean = products.Average(), error = Math.Sqrt(products.Average(p => (p - mean) * (p - mean)) / Draws);
                Assert.Equal(exact, mean, 5 * error);
            }

            Assert.Equal(normals.Sum(c => c.Weight * c.Mean[i]), Enumerable.Range(0, Draws).Average(n => draws[(n * Dimension) + i]), 0.05);
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    public void LogProb_HasTheGradientsOfCentralDifferences(int dimension, int components)
    {
        (MixtureNetwork network, Tensor z, Tensor x) = Case(dimension, components);
        GradientCheck.Outcome outcome = GradientCheck.Run(inputs => network.LogProb(inputs[0], inputs[1]), [z, network.Outputs(x)], new Rng(6));
        Assert.InRange(outcome.First, 0, 1e-7);
        Assert.InRange(outcome.Second, 0, 1e-6);
    }

    private static (MixtureNetwork Network, Tensor Z, Tensor X) Case(int dimension, int components)
    {
        var rng = new Rng(5);
        var options = new MixtureDensityOptions { Components = components, Width = 6, Blocks = 1, Activation = Activation.Tanh };
        var network = new MixtureNetwork(dimension, Features, options, rng.Split("weights"), DType.Float64);
        BijectionCases.Scatter(network, rng.Split("scatter"), 0.3);
        return (network, Tensor.Normal(0, 1, rng.Split("z"), new Shape(dimension, Columns), DType.Float64), Tensor.Normal(0, 1, rng.Split("x"), new Shape(Features, Columns), DType.Float64));
    }
}
