using Quincunx.Inference.Distributions;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Samplers;

public sealed class SamplerGuide
{
    [Fact]
    public void Page_Example_Runs()
    {
        // snippet: samplers
        // A rate with an exponential prior and ten waiting times that sum to 5: the posterior is Gamma(11, rate 6).
        var rates = new SupportBijection([new Support(0, double.PositiveInfinity)]);
        var posterior = new TensorTarget(1, rate => (10 * Tensor.Log(rate)) - (5 * rate) - rate);
        var target = new UnconstrainedGradientTarget(posterior, rates);

        var rng = new Rng(1);
        double[] start = ChainStarts.Uniform(target, chains: 4, rng);
        ChainResult chains = Nuts.Run(target, start, rng).ToConstrained(rates);

        double mean = chains.Coordinates[0].Mean, error = chains.Coordinates[0].MeanError;     // 11 / 6, and how well it is known
        bool isSound = chains.Warnings.Count == 0;                                              // R-hat, effective draws, divergences
        // end-snippet
        Assert.Equal(11.0 / 6, mean, 4.5 * error);
        Assert.True(isSound);
    }
}
