using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Numerics.Random;
using Quincunx.Tests.Runs;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Npe;

/// <summary>What holds for every amortised posterior with a normalised density.</summary>
internal static class EstimatorChecks
{
    /// <summary>Held-out loss, means and covariances beside those of the exact posterior.</summary>
    /// <param name="divergence">Most nats that the mean of log p - log q may be, beside 4 standard errors of it.</param>
    /// <param name="mean">Most standard deviations that a mean may be off by.</param>
    /// <param name="covariance">Most that an element of the covariance may be off by, in products of standard deviations.</param>
    public static void AssertIsPosterior(
        IPosteriorEstimator posterior, PosteriorCase problem, ITestOutputHelper output, double divergence = 0.05, double mean = 0.15, double covariance = 0.2, int held = 2000)
    {
        const int Draws = 10_000;
        int d = problem.Prior.Dimension, k = problem.Features;
        (double[] thetas, double[] xs) = problem.Draw(held, new Rng(42));
        double[] excess = new double[held], draws = new double[Draws * d];
        posterior.LogProbPairs(thetas, xs, excess);
        for (int i = 0; i < held; i++)
        {
            excess[i] = problem.LogPosterior(thetas[(i * d)..((i + 1) * d)], xs[(i * k)..((i + 1) * k)]) - excess[i];
        }

        // The mean over fresh pairs is a divergence: positive but for noise.
        double found = excess.Average(), error = Math.Sqrt(excess.Average(e => (e - found) * (e - found)) / held);
        output.WriteLine($"{problem.Name}: divergence {found:F4} ± {error:F4} nats");
        List<string> faults = [];
        foreach (double[] x in problem.Observations)
        {
            (double[] exactMean, double[] exact) = problem.Moments(x);
            posterior.Sample(x, draws, new Rng(43));
            double[] centre = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, Draws).Average(n => draws[(n * d) + i]))];
            double worstMean = 0, worst = 0;
            for (int i = 0; i < d; i++)
            {
                double sd = Math.Sqrt(exact[i * (d + 1)]);
                worstMean = Math.Max(worstMean, Math.Abs(centre[i] - exactMean[i]) / sd);
                for (int j = 0; j <= i; j++)
                {
                    double product = Enumerable.Range(0, Draws).Average(n => (draws[(n * d) + i] - centre[i]) * (draws[(n * d) + j] - centre[j]));
                    worst = Math.Max(worst, Math.Abs(product - exact[(i * d) + j]) / (sd * Math.Sqrt(exact[j * (d + 1)])));
                }
            }

            output.WriteLine($"  x = {string.Join(", ", x.Take(3))}: means off by {worstMean:F3} sd, covariances by {worst:F3}");
            if (!(worstMean < mean && worst < covariance))
            {
                faults.Add($"x = {string.Join(", ", x.Take(3))}: means off by {worstMean:F3} sd, covariances by {worst:F3}");
            }
        }

        // 10,000 draws have means within 0.01 sd and variances within 1.4 %; what is left is the error of a network.
        Assert.Empty(faults);
        Assert.InRange(found, -4 * error, divergence + (4 * error));
    }

    /// <summary>The integral of the density over the support is one, by the midpoint rule in unconstrained coordinates.</summary>
    /// <param name="prior">Of one or two parameters.</param>
    public static void AssertIntegratesToOne(IPosteriorEstimator posterior, IDistribution prior, double[] x, double edge = 15, double tolerance = 0.005)
    {
        int cells = prior.Dimension == 1 ? 3000 : 300, count = prior.Dimension == 1 ? cells : cells * cells;
        double width = 2 * edge / cells;
        var bijection = new SupportBijection(prior);
        double[] points = new double[count * prior.Dimension], logs = new double[count], slopes = new double[count];
        for (int i = 0; i < count; i++)
        {
            points[i * prior.Dimension] = -edge + (width * ((i % cells) + 0.5));
            if (prior.Dimension == 2)
            {
                points[(2 * i) + 1] = -edge + (width * ((i / cells) + 0.5));
            }
        }

        bijection.LogAbsDetToConstrained(points, slopes);
        bijection.ToConstrained(points, points);
        posterior.LogProb(x, points, logs);
        Assert.Equal(1, logs.Zip(slopes, (log, slope) => Math.Exp(log + slope)).Sum() * Math.Pow(width, prior.Dimension), tolerance);
    }

    /// <summary>Draws of one parameter against the density's distribution function.</summary>
    public static void AssertDrawsFitTheDensity(IPosteriorEstimator posterior, Uniform prior, double[] x, int draws = 10_000)
    {
        const int Cells = 4000;
        double lower = prior.Supports[0].Lower, width = (prior.Supports[0].Upper - lower) / Cells;
        double[] points = [.. Enumerable.Range(0, Cells).Select(i => lower + (width * (i + 0.5)))], logs = new double[Cells], sums = new double[Cells + 1], thetas = new double[draws];
        posterior.LogProb(x, points, logs);
        for (int i = 0; i < Cells; i++)
        {
            sums[i + 1] = sums[i] + (Math.Exp(logs[i]) * width);
        }

        Assert.Equal(1, sums[^1], 0.005);
        posterior.Sample(x, thetas, new Rng(3));
        GoodnessOfFit.AssertContinuous(thetas, theta =>
        {
            double at = (theta - lower) / width;
            int cell = Math.Min(Cells - 1, (int)at);
            return Math.Clamp((sums[cell] + ((at - cell) * (sums[cell + 1] - sums[cell]))) / sums[^1], 0, 1);
        });
    }

    /// <summary>A module that state was imported into gives the numbers of the one it was exported from.</summary>
    public static void AssertStateCarriesAll<T>(T posterior, T untrained, double[] x)
        where T : IPosteriorEstimator, IModule
    {
        int d = posterior.Dimension;
        double[] thetas = new double[100 * d], logs = new double[100], otherThetas = new double[100 * d], otherLogs = new double[100];
        posterior.Sample(x, thetas, new Rng(1));
        posterior.LogProb(x, thetas, logs);
        StateFile.Carry(posterior, untrained);
        untrained.Sample(x, otherThetas, new Rng(1));
        untrained.LogProb(x, thetas, otherLogs);
        Assert.Equal(thetas, otherThetas);
        Assert.Equal(logs, otherLogs);
        Assert.All(logs, log => Assert.True(double.IsFinite(log)));
    }
}
