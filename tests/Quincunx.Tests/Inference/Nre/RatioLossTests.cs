using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Networks;

namespace Quincunx.Tests.Inference.Nre;

public sealed class RatioLossTests
{
    private const int Rows = 4;

    public static TheoryData<RatioLoss, double, double> Losses => new()
    {
        { RatioLoss.Binary, 1, 0 },
        { RatioLoss.Binary, 1, 100 },
        { RatioLoss.Contrastive, 1, 0 },
        { RatioLoss.ContrastiveMarginal, 1, 0 },
        { RatioLoss.ContrastiveMarginal, 2.5, 10 },
    };

    [Theory, MemberData(nameof(Losses))]
    public void Sum_IsTheCrossEntropyOfTheClasses(RatioLoss loss, double odds, double balance)
    {
        var options = new NeuralRatioOptions { Loss = loss, Contrasts = 3, Odds = odds, Balance = balance };
        int atoms = RatioLosses.Atoms(options, Rows);
        var f = Tensor.Uniform(-2, 2, new Rng(1), new Shape(atoms, Rows), DType.Float64);
        double[] values = f.ToArray();
        double F(int a, int i) => values[(a * Rows) + i];
        double expected = 0, off = -1;
        for (int i = 0; i < Rows; i++)
        {
            double[] ratios = [.. Enumerable.Range(0, atoms).Select(a => Math.Exp(F(a, i)))];
            expected -= loss switch
            {
                // Classes joint and marginals with densities r and 1.
                RatioLoss.Binary => Math.Log(ratios[0] / (1 + ratios[0])) + Math.Log(1 / (1 + ratios[1])),
                RatioLoss.Contrastive => Math.Log(ratios[0] / ratios.Sum()),

                // K classes of prior probability γ / (1 + γ) / K each, and none with 1 / (1 + γ): densities r_k and 1, over which the classifier normalises.
                _ => (odds / (1 + odds) * Math.Log(odds / 3 * ratios[0] / (1 + (odds / 3 * ratios[..3].Sum()))))
                    + (1 / (1 + odds) * Math.Log(1 / (1 + (odds / 3 * ratios[1..].Sum())))),
            };
            off += (SpecialFunctions.Sigmoid(F(0, i)) + Enumerable.Range(1, atoms - 1).Average(a => SpecialFunctions.Sigmoid(F(a, i)))) / Rows;
        }

        Assert.Equal(expected + (balance * Rows * off * off), RatioLosses.Sum(f, options).ToScalar(), 1e-11);
    }

    [Fact]
    public void Sum_WithOneContrastAndEvenOdds_IsHalfTheBinaryLoss()
    {
        var f = Tensor.Uniform(-3, 3, new Rng(2), new Shape(2, Rows), DType.Float64);
        double one = RatioLosses.Sum(f, new NeuralRatioOptions { Loss = RatioLoss.ContrastiveMarginal, Contrasts = 1 }).ToScalar();
        Assert.Equal(0.5 * RatioLosses.Sum(f, new NeuralRatioOptions { Loss = RatioLoss.Binary }).ToScalar(), one, 1e-13);
    }

    [Fact]
    public void Sum_WithGreatOdds_IsTheContrastiveLoss()
    {
        var f = Tensor.Uniform(-3, 3, new Rng(2), new Shape(5, Rows), DType.Float64);
        double great = RatioLosses.Sum(f, new NeuralRatioOptions { Loss = RatioLoss.ContrastiveMarginal, Contrasts = 4, Odds = 1e12 }).ToScalar();
        Assert.Equal(RatioLosses.Sum(f.Slice(0, 0, 4), new NeuralRatioOptions { Loss = RatioLoss.Contrastive, Contrasts = 4 }).ToScalar(), great, 1e-9);
    }

    [Theory, MemberData(nameof(Losses))]
    public void Gradients_MatchCentralDifferences(RatioLoss loss, double odds, double balance)
    {
        // Smooth, since a kink within a step of the differences would spoil them.
        var options = new NeuralRatioOptions
        {
            Loss = loss,
            Contrasts = 3,
            Odds = odds,
            Balance = balance,
            Width = 3,
            Blocks = 1,
            Activation = Activation.Tanh,
            Embedding = new MlpEmbeddingOptions { Hidden = [3], Outputs = 2 },
            DType = DType.Float64,
        };
        var ratio = new NeuralRatio(new SupportBijection(new Box([0, 0], [1, 1])), new Standardise(2), new FeatureScaling(3), options, new Rng(1));
        Parameters.Randomise(ratio, new Rng(3));
        int atoms = RatioLosses.Atoms(options, Rows);
        var z = Tensor.Normal(0, 1, new Rng(4), new Shape(atoms * Rows, 2), DType.Float64);
        var x = Tensor.Normal(0, 1, new Rng(5), new Shape(Rows, 3), DType.Float64);
        Parameters.AssertGradients(ratio, () => RatioLosses.Sum(ratio.LogRatioScaled(z, x).Reshape(atoms, Rows), options));
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        NeuralRatioOptions[] wrong =
        [
            new() { Width = 0 }, new() { Loss = RatioLoss.Contrastive, Contrasts = 1 }, new() { Loss = RatioLoss.ContrastiveMarginal, Contrasts = 0 }, new() { Odds = double.NaN }, new() { Odds = 0 },
            new() { Loss = RatioLoss.Binary, Balance = -1 }, new() { Loss = RatioLoss.Contrastive, Balance = 1 }, new() { Loss = (RatioLoss)9 },
        ];
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => NeuralRatioEstimation.Untrained(new SupportBijection(new Uniform(0, 1)), 1, options)));
        Assert.Equal(1, NeuralRatioEstimation.Untrained(new SupportBijection(new Uniform(0, 1)), 1, new NeuralRatioOptions { Loss = RatioLoss.Binary, Contrasts = 0 }).Dimension);
    }
}
