using Quincunx.Inference.Networks;
using Quincunx.Inference.ScoreModels;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Flows;

namespace Quincunx.Tests.Inference.ScoreModels;

public sealed class ScoreNetworkTests
{
    private const int Dimension = 3, Features = 2, Columns = 4;

    [Theory]
    [InlineData(Activation.Silu, 0)]
    [InlineData(Activation.Silu, 2)]
    [InlineData(Activation.Tanh, 1)]
    public void Tangents_AreTimesTheNumericJacobian(Activation activation, int blocks)
    {
        (ScoreNetwork network, Tensor y, Tensor time, Tensor x) = Case(activation, blocks);
        Tensor tangents = Tensor.Normal(0, 1, new Rng(7), new Shape(Dimension, 2, Columns), DType.Float64);
        (Tensor value, Tensor products) = network.WithTangents(y, time, x, tangents);
        Assert.Equal(network.Forward(y, time, x).ToArray(), value.ToArray());
        for (int m = 0; m < 2; m++)
        {
            Tensor along = tangents.At(1, m) * 1e-5;
            double[] numeric = ((network.Forward(y + along, time, x) - network.Forward(y - along, time, x)) * 5e4).ToArray(), found = products.At(1, m).ToArray();
            Assert.All(numeric.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
        }
    }

    [Fact]
    public void Divergence_ByNoise_HasTheExactOneAsItsMeanOverAllSigns()
    {
        (ScoreNetwork network, Tensor y, _, Tensor x) = Case(Activation.Silu, 2);
        var field = new AngleField(network, 0.1, 1.5);
        Tensor exact = field.WithDivergence(0.6, y, x, noise: null).Divergence, mean = Tensor.Zeros(new Shape(Columns), DType.Float64);
        for (int pattern = 0; pattern < 8; pattern++)
        {
            double[] signs = [.. Enumerable.Range(0, Dimension * Columns).Select(i => (pattern >> (i / Columns) & 1) == 0 ? 1.0 : -1)];
            mean += field.WithDivergence(0.6, y, x, Tensor.From(signs, y.Shape)).Divergence / 8;
        }

        Assert.All(exact.ToArray().Zip(mean.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        Assert.True(exact.ToArray().Max() - exact.ToArray().Min() > 1e-3, "The divergence should depend on the column.");
    }

    [Fact]
    public void Loss_HasTheGradientsOfCentralDifferences()
    {
        (ScoreNetwork network, Tensor y, Tensor time, Tensor x) = Case(Activation.Silu, 1);
        Tensor target = Tensor.Normal(0, 1, new Rng(8), y.Shape, DType.Float64), weight = Tensor.Uniform(0.5, 2, new Rng(9), new Shape(1, Columns), DType.Float64);
        IReadOnlyList<Parameter> weights = ParameterTree.Of(network).Trained;
        Tensor[] gradients = Gradient.Of(ScoreBatch.Loss(network, y, time, x, target, weight), [.. weights.Select(w => w.Value)]);
        for (int p = 0; p < weights.Count; p++)
        {
            double[] start = weights[p].Value.ToArray(), gradient = gradients[p].ToArray();
            for (int i = 0; i < start.Length; i += 1 + (start.Length / 5))
            {
                double numeric = (At(weights[p], start, i, 1e-5) - At(weights[p], start, i, -1e-5)) / 2e-5;
                Assert.Equal(numeric, gradient[i], 1e-6 * (1 + Math.Abs(numeric)));
            }
        }

        double At(Parameter parameter, double[] start, int i, double step)
        {
            double[] moved = [.. start];
            moved[i] += step;
            parameter.Assign(moved);
            double loss = ScoreBatch.Loss(network, y, time, x, target, weight).ToScalar();
            parameter.Assign(start);
            return loss;
        }
    }

    private static (ScoreNetwork Network, Tensor Y, Tensor Time, Tensor X) Case(Activation activation, int blocks)
    {
        var rng = new Rng(5);
        var network = new ScoreNetwork(
            Dimension, Features, new ScoreNetworkOptions { Width = 8, Blocks = blocks, EmbeddingWidth = 5, Activation = activation }, rng.Split("weights"), DType.Float64);
        BijectionCases.Scatter(network, rng.Split("scatter"), 0.2);
        return (network, Normal(Dimension, "y"), Normal(ScoreNetwork.TimeFeatures, "time"), Normal(Features, "x"));

        Tensor Normal(int rows, string label) => Tensor.Normal(0, 1, rng.Split(label), new Shape(rows, Columns), DType.Float64);
    }
}
