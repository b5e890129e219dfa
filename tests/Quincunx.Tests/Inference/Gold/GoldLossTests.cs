using Quincunx.Inference.Distributions;
using Quincunx.Inference.Gold;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Networks;

namespace Quincunx.Tests.Inference.Gold;

public sealed class GoldLossTests
{
    public static TheoryData<GoldLoss> Losses => [.. Enum.GetValues<GoldLoss>()];

    [Theory, MemberData(nameof(Losses))]
    public void Ratio_IsTheFormula(GoldLoss loss)
    {
        double[] g = [-2, 0.3, 4], log = [0.5, -1, -120];
        double expected = 0;
        for (int i = 0; i < g.Length; i++)
        {
            double own = SpecialFunctions.Sigmoid(g[i]), truth = SpecialFunctions.Sigmoid(-log[i]);
            expected += loss switch
            {
                GoldLoss.Carl or GoldLoss.Cascal => -Math.Log(own),
                GoldLoss.Rolr or GoldLoss.Rascal => Math.Pow(Math.Exp(-g[i]) - Math.Exp(log[i]), 2),
                _ => -(truth * Math.Log(own)) - ((1 - truth) * Math.Log(1 - own)),
            };
        }

        Assert.Equal(expected, GoldLosses.Ratio(loss, Vector(g), Vector(log)).ToScalar(), 1e-10 * expected);
    }

    // Two normals one behind the other: x ~ N(z, 1), z ~ N(theta, 4). The mean of each loss over z given x, with equally many events from both thetas, is least at the ratio of x itself.
    [Theory, MemberData(nameof(Losses))]
    public void Ratio_OverEventsOfBoth_IsLeastAtTheLikelihoodRatio(GoldLoss loss)
    {
        double[] thetas = [0.4, -0.6];
        const double X = 1.1;
        double Exact(double theta) => new Normal(theta, Math.Sqrt(5)).LogProb([X]);
        double truth = Exact(thetas[0]) - Exact(thetas[1]), least = Mean(truth);
        Assert.All((double[])[-0.3, -0.01, 0.01, 0.3], off => Assert.True(Mean(truth + off) > least, $"{off}"));

        double Mean(double g)
        {
            double sum = 0;
            foreach ((double own, double other, double sign) in (ReadOnlySpan<(double, double, double)>)[(thetas[0], thetas[1], 1), (thetas[1], thetas[0], -1)])
            {
                // z given x and theta: precision 1/4 + 1.
                double mean = ((own / 4) + X) / 1.25, sd = Math.Sqrt(0.8), weight = Math.Exp(Exact(own));
                for (int i = -400; i <= 400; i++)
                {
                    double z = mean + (sd * i / 50.0), log = new Normal(other, 2).LogProb([z]) - new Normal(own, 2).LogProb([z]);
                    sum += weight * Math.Exp(-0.5 * i * i / 2500.0) * GoldLosses.Ratio(loss, Vector([sign * g]), Vector([log])).ToScalar();
                }
            }

            return sum;
        }
    }

    [Theory, MemberData(nameof(Losses))]
    public void Gradients_OfTheWeights_MatchCentralDifferences(GoldLoss loss)
    {
        var prior = new IndependentProduct(("a", new Normal(0, 1)), ("b", new Normal(0, 1)));
        GoldRatioOptions options = new() { Loss = loss, Width = 5, Blocks = 1, ScoreWeight = 0.7 };
        var ratio = new NeuralRatio(new SupportBijection(prior), new Standardise(2), new FeatureScaling(3), options.Network with { DType = DType.Float64 }, new Rng(1));
        var rng = new Rng(2);

        Parameters.Randomise(ratio, new Rng(3));
        Tensor own = Tensor.Uniform(-1, 1, rng, new Shape(4, 2), DType.Float64).Track(), other = Tensor.Uniform(-1, 1, rng, new Shape(4, 2), DType.Float64);
        Tensor x = Tensor.Uniform(-1, 1, rng, new Shape(4, 3), DType.Float64), log = Tensor.Uniform(-1, 1, rng, new Shape(4), DType.Float64), score = Tensor.Uniform(-1, 1, rng, new Shape(4, 2), DType.Float64);
        Parameters.AssertGradients(ratio, () =>
        {
            Tensor f = ratio.LogRatioScaled(own, x), sum = GoldLosses.Ratio(loss, f - ratio.LogRatioScaled(other, x), log);
            return options.HasScore ? sum + GoldLosses.Score(Gradient.Of(f.Sum(), own, differentiable: true), score, options.ScoreWeight, 1.3) : sum;
        });
    }

    private static Tensor Vector(double[] values) => Tensor.From(values, new Shape(values.Length), DType.Float64);
}
