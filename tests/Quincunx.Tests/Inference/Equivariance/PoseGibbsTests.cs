using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Numerics.Random;

namespace Quincunx.Tests.Inference.Equivariance;

/// <summary>Iteration and densities with the exact conditional in place of a network.</summary>
public sealed class PoseGibbsTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void Run_ExactConditional_EndsInThePosterior(double width)
    {
        var model = new ExactLocation(priorSd: 2, width);
        GibbsResult run = model.Run(chains: 4000, seed: 1);
        Assert.Equal(GibbsStop.Converged, run.StopReason);
        Assert.InRange(run.RHat, 0.9, 1.05);
        Assert.Equal((0L, 0L), (run.Redrawn, run.Replaced));
        double[] draws = [.. run.Thetas];
        GoodnessOfFit.AssertContinuous(draws, model.Cdf);
        GoodnessOfFit.AssertMoments(draws, model.Mean, 1 / model.Precision);

        // Poses are those that the draws were made at: posterior and blur.
        GoodnessOfFit.AssertMoments([.. run.Poses], model.Mean, (1 / model.Precision) + (width * width));
    }

    [Fact]
    public void Run_WiderKernel_TakesFewerIterations()
    {
        int[] iterations = [.. new[] { 0.25, 0.5, 4 }.Select(width => new ExactLocation(2, width).Run(500, seed: 2).Iterations)];
        Assert.Equal(iterations.OrderDescending(), iterations);
        Assert.Equal(16, iterations[2]);
        Assert.True(iterations[0] > 16);
    }

    [Fact]
    public void Run_BoundedPrior_EndsInTheTruncatedPosterior()
    {
        // Flat on (0.2, ∞), with the posterior's mean at 0.1: 59 % of the unbounded draws would be outside.
        var model = new ExactLocation(double.PositiveInfinity, width: 0.7);
        GibbsResult run = model.Run(4000, seed: 3, prior: new Support(0.2, double.PositiveInfinity));
        double below = model.Cdf(0.2);
        Assert.Equal(GibbsStop.Converged, run.StopReason);
        Assert.True(run.Redrawn > 0);
        GoodnessOfFit.AssertContinuous([.. run.Thetas], mu => Math.Max(0, (model.Cdf(mu) - below) / (1 - below)));
    }

    [Fact]
    public void Run_Guess_StartsThere()
    {
        var model = new ExactLocation(2, 0.7);
        GibbsResult run = model.Run(2000, seed: 4, new GibbsOptions { Guess = [3] });
        Assert.Equal(GibbsStop.Converged, run.StopReason);
        GoodnessOfFit.AssertMoments([.. run.Thetas], model.Mean, 1 / model.Precision);

        // A kernel that hardly lets chains move leaves them where they were put.
        GibbsResult stuck = new ExactLocation(2, 0.002).Run(100, seed: 4, new GibbsOptions { Guess = [3], MaxIterations = 16 });
        Assert.All(stuck.Thetas, mu => Assert.Equal(3, mu, 0.1));
    }

    [Fact]
    public void Run_KernelTooNarrow_EndsWithoutConvergence()
    {
        GibbsResult run = new ExactLocation(2, width: 0.01).Run(200, seed: 5, new GibbsOptions { MaxIterations = 40 });
        Assert.Equal((GibbsStop.IterationsExhausted, 40), (run.StopReason, run.Iterations));
        Assert.True(run.RHat > 2);
        Assert.Equal(200, run.Thetas.Count);
        Assert.Contains("wider kernel", run.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NothingInsideThePrior_SaysSo()
    {
        GibbsResult run = new ExactLocation(2, 0.5).Run(50, seed: 6, new GibbsOptions { MaxRedraws = 7 }, new Support(100, 101));
        Assert.Equal((GibbsStop.OutsidePrior, 1, 350L), (run.StopReason, run.Iterations, run.Redrawn));
        Assert.Empty(run.Thetas);
        Assert.Contains("inside the prior", run.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SameSeed_SameDraws()
    {
        var model = new ExactLocation(2, 0.5);
        Assert.Equal(model.Run(300, seed: 7).Thetas, model.Run(300, seed: 7).Thetas);
        Assert.NotEqual(model.Run(300, seed: 7).Thetas, model.Run(300, seed: 8).Thetas);
    }

    [Fact]
    public void Run_Cancelled_Throws()
    {
        var model = new ExactLocation(2, 0.5);
        Assert.Throws<OperationCanceledException>(() =>
            PoseGibbs.Run(model, model.Kernel, [Support.Real], ExactLocation.X, 10, new GibbsOptions(), new Rng(1), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Mixture_IntegratesToOneAndFitsItsDraws()
    {
        const int Cells = 4000;
        const double Lower = -3, Width = 6.0 / Cells;
        var model = new ExactLocation(2, 0.5);
        var mixture = new PoseMixture(model, ExactLocation.X, [.. model.Run(5, seed: 1).Poses], components: 5);
        double[] points = [.. Enumerable.Range(0, Cells).Select(i => Lower + (Width * (i + 0.5)))], logs = new double[Cells], sums = new double[Cells + 1], draws = new double[20_000];
        mixture.LogProb(points, logs);
        for (int i = 0; i < Cells; i++)
        {
            sums[i + 1] = sums[i] + (Math.Exp(logs[i]) * Width);
        }

        Assert.Equal(1, sums[^1], 1e-6);
        mixture.Sample(draws, new Rng(2));
        GoodnessOfFit.AssertContinuous(draws, mu =>
        {
            double at = (mu - Lower) / Width;
            return sums[(int)at] + ((at - (int)at) * (sums[(int)at + 1] - sums[(int)at]));
        });
    }

    // The conditional is exact, so that what efficiency is lost is lost by the number of chains.
    [Theory]
    [InlineData(0.5, 64, 0.95)]
    [InlineData(2, 8, 0.95)]
    public void Densities_WeightedToThePosterior_HaveItsEvidenceAndMean(double width, int components, double efficiency)
    {
        var model = new ExactLocation(2, width);
        GibbsResult run = model.Run(1000, seed: 9);
        var mixture = new PoseMixture(model, ExactLocation.X, [.. run.Poses.Take(components)], components);
        var joint = new JointPosePosterior(model, model.Kernel, ExactLocation.X, [.. run.Thetas]);
        ReweightedDraws[] both =
        [
            PosteriorReweighting.ByLikelihood(mixture, model.Prior, model, ExactLocation.X).Draw(4000, new Rng(1)),
            PosteriorReweighting.ByLikelihood(joint, new PosedPrior(model.Prior, ExactLocation.Group, new Normal(0, width)), new PosedLikelihood(model, 1), ExactLocation.X).Draw(4000, new Rng(2)),
        ];
        foreach (ReweightedDraws draws in both)
        {
            double mean = 0, variance = 0;
            for (int i = 0; i < draws.Count; i++)
            {
                mean += draws.Weights.Weights[i] / draws.Count * draws.Thetas[i * draws.Dimension];
            }

            for (int i = 0; i < draws.Count; i++)
            {
                variance += draws.Weights.Weights[i] / draws.Count * Math.Pow(draws.Thetas[i * draws.Dimension] - mean, 2);
            }

            // 4.5 standard errors.
            double sd = 1 / Math.Sqrt(model.Precision), effective = draws.Weights.EffectiveSampleSize;
            Assert.Equal(model.LogEvidence, draws.LogEvidence, 4.5 * draws.LogEvidenceError);
            Assert.Equal(model.Mean, mean, 4.5 * sd / Math.Sqrt(effective));
            Assert.Equal(sd * sd, variance, 4.5 * sd * sd * Math.Sqrt(2 / effective));
            Assert.InRange(draws.Weights.Efficiency, efficiency, 1);
        }
    }

    [Fact]
    public void PosedPrior_DrawsFitTheDensity()
    {
        // Location and scale, whose blur has a slope: ∫ p(theta, ĝ) dĝ = p(theta) on a grid of ĝ.
        var prior = new IndependentProduct(("location", new Normal(0, 1)), ("scale", new LogNormal(0, 0.5)));
        var kernel = new IndependentProduct(("a", new Normal(0, 0.4)), ("b", new Normal(0, 0.6)));
        var posed = new PosedPrior(prior, new LocationScale(2, 0, 1, 3), kernel);
        double[] theta = [0.4, 1.9];
        double sum = 0;
        const double Cell = 0.05;
        for (double a = -3; a < 4; a += Cell)
        {
            for (double b = -8; b < 8; b += Cell)
            {
                sum += Math.Exp(posed.LogProb([.. theta, a, b])) * Cell * Cell;
            }
        }

        Assert.Equal(Math.Exp(prior.LogProb(theta)), sum, 1e-6);
        Assert.Equal(double.NegativeInfinity, posed.LogProb([0, -1, 0, 0]));
        Assert.Throws<ArgumentException>(() => posed.LogProb([0, 1, 0]));
        Assert.Throws<ArgumentException>(() => new PosedPrior(prior, ExactLocation.Group, kernel));

        // ĝ = (log scale + a, location + scale · b).
        double[] draws = new double[4 * 4000];
        for (int i = 0; i < 4000; i++)
        {
            posed.Sample(draws.AsSpan(4 * i, 4), new Rng(3).Split(i));
        }

        GoodnessOfFit.AssertMoments([.. Enumerable.Range(0, 4000).Select(i => draws[(4 * i) + 2])], 0, 0.25 + 0.16);
        GoodnessOfFit.AssertMoments([.. Enumerable.Range(0, 4000).Select(i => draws[(4 * i) + 3])], 0, 1 + (0.36 * Math.Exp(2 * 0.25)));
    }

    [Fact]
    public void GibbsOptions_OutOfRange_Throw()
    {
        var model = new EquivariantOptions { Kernel = new Normal(0, 1) };
        foreach (GibbsOptions bad in new GibbsOptions[]
        {
            new() { MinIterations = 4 }, new() { MaxIterations = 15 }, new() { RHat = 1 }, new() { RHat = double.NaN }, new() { MaxRedraws = 0 }, new() { Guess = [1, 2] }, new() { Guess = [double.NaN] },
        })
        {
            Assert.ThrowsAny<ArgumentException>(() => (model with { Gibbs = bad }).Checked(ExactLocation.Group));
        }

        Assert.Throws<ArgumentException>(() => (model with { Kernel = new Gamma(2, 1) }).Checked(new LocationScale(2, 0, 1, 3)));
        Assert.Throws<ArgumentException>(() => (model with { Kernel = new Uniform(1, 2) }).Checked(ExactLocation.Group));
        Assert.Throws<ArgumentOutOfRangeException>(() => (model with { Components = 0 }).Checked(ExactLocation.Group));
    }
}
