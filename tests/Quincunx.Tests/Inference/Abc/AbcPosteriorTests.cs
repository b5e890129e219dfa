using Quincunx.Inference.Abc;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Abc;

public sealed class AbcPosteriorTests
{
    [Fact]
    public void LogProb_BoundedSupport_IntegratesToOne()
    {
        var posterior = new AbcPosterior(new SupportBijection(AbcProblems.UniformPrior), Draws(300, rng => rng.NextBeta(2, 5)));
        const int Steps = 20_000;
        double[] theta = [.. Enumerable.Range(0, Steps).Select(i => (i + 0.5) / Steps)], logs = new double[Steps];
        posterior.LogProb(theta, logs);
        Assert.Equal(1, logs.Sum(l => Math.Exp(l) / Steps), 1e-3);
    }

    [Fact]
    public void LogProb_OutsideTheSupportOrNaN_SaysSo()
    {
        var posterior = new AbcPosterior(new SupportBijection(AbcProblems.UniformPrior), Draws(50, rng => rng.NextDouble()));
        double[] logs = new double[3];
        posterior.LogProb([-0.1, double.NaN, 0.5], logs);
        Assert.Equal([double.NegativeInfinity, double.NaN], logs[..2]);
        Assert.True(double.IsFinite(logs[2]));
    }

    // The best width for normal draws in one dimension is (4 / 3n)^(1/5) = 0.31; the one that is found varies about it, and the grid has steps of √2.
    [Fact]
    public void Sample_NormalDraws_HasTheirMomentsAndTheKernels()
    {
        AbcDraws draws = Draws(500, rng => 3 + (2 * rng.NextNormal()));
        var posterior = new AbcPosterior(new SupportBijection([Support.Real]), draws);
        Assert.InRange(posterior.Bandwidth, 0.1, 0.8);

        double[] theta = new double[40_000];
        posterior.Sample(theta, new Rng(2));
        double mean = draws.Theta.Average(), variance = draws.Theta.Average(t => (t - mean) * (t - mean)) * (1 + (posterior.Bandwidth * posterior.Bandwidth));
        Assert.InRange((theta.Average() - mean) / Math.Sqrt(variance / theta.Length), -4, 4);
        Assert.InRange(((theta.Average(t => (t - mean) * (t - mean)) / variance) - 1) / Math.Sqrt(2.0 / theta.Length), -4, 4);
    }

    // Kernels of the shape and width of the whole, 10 wide, would bridge the gap; those of neighbours stay within the modes.
    [Fact]
    public void Sample_TwoFarModes_LeavesTheGapEmpty()
    {
        var posterior = new AbcPosterior(new SupportBijection([Support.Real]), Draws(200, rng => (rng.NextDouble() < 0.5 ? -10 : 10) + (0.1 * rng.NextNormal())));
        double[] theta = new double[10_000];
        posterior.Sample(theta, new Rng(2));
        Assert.All(theta, t => Assert.InRange(Math.Abs(t), 9, 11));
        Assert.InRange(posterior.Bandwidth, 0.001, 0.02);
    }

    [Fact]
    public void Constructor_TooFewOrFlatDraws_Throws()
    {
        Assert.Throws<ArgumentException>(() => new AbcPosterior(new SupportBijection([Support.Real]), Draws(2, rng => rng.NextNormal())));
        Assert.Throws<ArgumentException>(() => new AbcPosterior(new SupportBijection([Support.Real]), Draws(20, _ => 1.5)));
    }

    private static AbcDraws Draws(int count, Func<Rng, double> draw) => new()
    {
        Dimension = 1,
        Theta = [.. Enumerable.Range(0, count).Select(i => draw(new Rng(1).Split(i)))],
        Summaries = [],
        Distances = new double[count],
        Weights = [.. Enumerable.Repeat(1.0 / count, count)],
    };
}
