using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Populations;

namespace Quincunx.Tests.Physics.Populations;

public sealed class RickerTests
{
    // One step from 1: N is log-normal with logarithm log r - 1 ± σ, and the count Poisson in it.
    [Fact]
    public void Simulate_FirstCount_HasThePoissonLogNormalMoments()
    {
        const int Events = 50_000;
        (double logR, double sigma, double phi) = (1.5, 0.3, 10);
        double mean = phi * Math.Exp(logR - 1 + (sigma * sigma / 2)), variance = mean + (mean * mean * (Math.Exp(sigma * sigma) - 1));
        var model = new Ricker(counts: 1, burnIn: 0);
        double[] x = new double[1], counts = new double[Events];
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)model).Simulate([logR, sigma, phi], x, new Rng(1).Split(i));
            counts[i] = x[0];
        }

        double average = counts.Average(), fourth = counts.Average(c => Math.Pow(c - mean, 4));
        Assert.Equal(mean, average, 4 * Math.Sqrt(variance / Events));
        Assert.Equal(variance, counts.Average(c => (c - mean) * (c - mean)), 4 * Math.Sqrt((fourth - (variance * variance)) / Events));
    }

    // Where growth is slow the map settles at N = log r; with hardly any noise the counts are Poisson there.
    [Fact]
    public void Simulate_SlowGrowth_SettlesAtTheFixedPoint()
    {
        const int Counts = 5_000;
        double[] x = new double[Counts];
        ((ISimulator)new Ricker(Counts)).Simulate([1.2, 1e-6, 50], x, new Rng(2));
        Assert.Equal(60, x.Average(), 4 * Math.Sqrt(60.0 / Counts));
    }

    // N(t + 1) from N(t) by the map and the recorded choice: what is left is noise of the right size.
    [Fact]
    public void Run_ChaoticGrowth_FollowsTheMap()
    {
        TraceRecord record = RecordingTrace.Run(new Ricker(counts: 2_000, burnIn: 10), [3.8, 0.3, 10], new Rng(3));
        double log = 0, squares = 0;
        for (int t = 1; t <= 2_010; t++)
        {
            double next = record[new Site("log_population", t)], noise = next - (3.8 + log - Math.Exp(log));
            (log, squares) = (next, squares + (noise * noise));
        }

        Assert.Equal(0.09, squares / 2_010, 4 * 0.09 * Math.Sqrt(2.0 / 2_010));
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ricker(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ricker(1, -1));
        Assert.ThrowsAny<ArgumentException>(() => ((ISimulator)new Ricker(1)).Simulate([3.8, 0, 10], new double[1], new Rng(1)));
        Assert.ThrowsAny<ArgumentException>(() => ((ISimulator)new Ricker(1)).Simulate([3.8, 0.3, -1], new double[1], new Rng(1)));
    }
}
