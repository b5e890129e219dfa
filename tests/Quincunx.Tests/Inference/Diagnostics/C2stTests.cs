using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class C2stTests
{
    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(3, 1_500)]
    public void Run_SameDistribution_IsHalf(int dimension, int count)
    {
        double[] accuracies = [.. Enumerable.Range(0, 4).Select(seed =>
        {
            var rng = new Rng((ulong)seed);
            return C2st.Run(Normal(count, dimension, 0, rng), Normal(count, dimension, 0, rng), dimension, rng.Split("c2st")).Accuracy;
        })];

        // Held-out rows of a coin: sd √(1/4 / 2n) a run, and an over-fitted classifier is still a coin. 4 standard errors of the mean of 4.
        Assert.Equal(0.5, accuracies.Average(), 4 * 0.5 / Math.Sqrt(2.0 * count * 4));
    }

    // Two unit Gaussians δ apart: the best classifier is the half-space between them and right with probability Φ(δ/2).
    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void Run_ShiftedGaussians_NearsTheBestPossibleAccuracyFromBelow(double shift, int dimension)
    {
        const int Count = 3_000;
        var rng = new Rng(11);
        double best = SpecialFunctions.NormalCdf(shift / 2);

        C2stResult result = C2st.Run(Normal(Count, dimension, 0, rng), Normal(Count, dimension, shift, rng), dimension, rng.Split("c2st"));

        double error = Math.Sqrt(best * (1 - best) / (2 * Count));
        Assert.True(result.Accuracy < best + (4 * error), $"{result.Accuracy} beats the best possible {best}.");
        Assert.True(result.Accuracy > best - 0.015 - (4 * error), $"{result.Accuracy} is far below the possible {best}.");
        Assert.Equal(0, result.UnfinishedFolds);
    }

    [Fact]
    public void Run_SameMomentsOtherShape_Sees()
    {
        // A ring against a Gaussian of the same mean and covariance: nothing linear or marginal-moment based tells them apart.
        const int Count = 1_500;
        var rng = new Rng(4);
        double[] ring = new double[2 * Count];
        for (int i = 0; i < Count; i++)
        {
            double angle = 2 * Math.PI * rng.NextDouble(), radius = Math.Sqrt(2) + (0.1 * rng.NextNormal());
            (ring[2 * i], ring[(2 * i) + 1]) = (radius * Math.Cos(angle), radius * Math.Sin(angle));
        }

        Assert.True(C2st.Run(ring, Normal(Count, 2, 0, rng), 2, rng.Split("c2st")).Accuracy > 0.8);
    }

    [Fact]
    public void Run_FarApart_IsOne()
    {
        var rng = new Rng(4);
        Assert.True(C2st.Run(Normal(400, 2, 0, rng), Normal(400, 2, 20, rng), 2, rng.Split("c2st")).Accuracy > 0.999);
    }

    [Fact]
    public void Run_OtherThreadCount_GivesTheSameBits()
    {
        var rng = new Rng(9);
        double[] a = Normal(203, 2, 0, rng), b = Normal(211, 2, 0.7, rng);

        C2stResult one = C2st.Run(a, b, 2, new Rng(1), new C2stOptions { Threads = 1 }), all = C2st.Run(a, b, 2, new Rng(1));

        Assert.Equal(one.FoldAccuracies, all.FoldAccuracies);
        Assert.Equal(one.FoldEpochs, all.FoldEpochs);
        Assert.NotEqual(one.FoldEpochs, C2st.Run(a, b, 2, new Rng(2)).FoldEpochs);
    }

    [Fact]
    public void Run_ScaleOfTheUnits_DoesNotMatter()
    {
        var rng = new Rng(9);
        double[] a = Normal(200, 2, 0, rng), b = Normal(200, 2, 0.7, rng);
        double[] bigA = [.. a.Select(v => 1024 * v)], bigB = [.. b.Select(v => 1024 * v)];

        Assert.Equal(C2st.Run(a, b, 2, new Rng(1)).FoldAccuracies, C2st.Run(bigA, bigB, 2, new Rng(1)).FoldAccuracies);
    }

    [Fact]
    public void Run_TooFewEpochs_CountsUnfinishedFolds()
    {
        var rng = new Rng(9);
        C2stResult result = C2st.Run(Normal(50, 1, 0, rng), Normal(50, 1, 0, rng), 1, rng, new C2stOptions { MaxEpochs = 3 });
        Assert.Equal((5, 3), (result.UnfinishedFolds, result.FoldEpochs[0]));
    }

    [Fact]
    public void Run_BadInput_Throws()
    {
        var rng = new Rng(1);
        double[] good = Normal(20, 2, 0, rng), constant = [.. good];
        for (int i = 0; i < constant.Length; i += 2)
        {
            constant[i] = 3;
        }

        Assert.Throws<ArgumentException>(() => C2st.Run(constant, good, 2, rng));
        Assert.Throws<ArgumentException>(() => C2st.Run(good, [double.NaN, 1], 2, rng));
        Assert.Throws<ArgumentException>(() => C2st.Run(good, [1, 2, 3], 2, rng));
        Assert.Throws<ArgumentException>(() => C2st.Run(good.AsSpan(0, 4).ToArray(), good.AsSpan(0, 4).ToArray(), 2, rng));
    }

    private static double[] Normal(int count, int dimension, double shift, Rng rng)
    {
        double[] x = new double[count * dimension];
        rng.FillNormal(x);
        for (int i = 0; i < x.Length; i += dimension)
        {
            x[i] += shift;
        }

        return x;
    }
}
