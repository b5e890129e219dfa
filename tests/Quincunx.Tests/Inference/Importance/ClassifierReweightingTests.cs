using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Nre;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Nre;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Importance;

public sealed class ClassifierReweightingTests
{
    private const int D = 2;

    private static readonly ClassifierReweightingOptions Options = new()
    {
        Network = new NeuralRatioOptions { Width = 32, Blocks = 1 },
        Training = NeuralRatioEstimation.DefaultTraining with { MaxEpochs = 30, Patience = 30 },
    };

    [Theory, Trait("Category", "Slow")]
    [InlineData(0.6, 1, 0.487, 0.06)]
    [InlineData(0, 1.7, 0.572, 0.06)]
    [InlineData(0, 0.6, double.NaN, 0.15)]
    [InlineData(0.5, 0.7, double.NaN, 0.15)]
    public void Train_AWrongGaussian_IsCorrectedToTheClosedForm(double shift, double width, double efficiency, double ofWidth)
    {
        ClassifierReweightingResult result = Train(new GaussianEstimator(D, shift, width), 5000, 1, Options);
        Assert.True(result.Rounds[0].Kept);
        Assert.InRange(result.Posterior.Rounds, 1, 3);

        // 1,000 draws know a mean to 0.03 sd, and a mean over 80 standard deviations to 0.003; the rest is the network's error. Five seeds had means off by 0.12 at most, and widths by 0.03; by 0.12 where the posterior
        // was too narrow, so that its draws show little of the tails.
        (double mean, double sd, double correlation) = Compare(result.Posterior);
        Assert.InRange(mean, 0, 0.15);
        Assert.InRange(sd, 1 - ofWidth, 1 + ofWidth);
        Assert.InRange(correlation, -0.1, 0.1);

        // exp(−d shift²), and (√(2 r² − 1) / r²)^d of a width r; below r = 1/√2 the weights have no variance, and just above few draws show it.
        if (!double.IsNaN(efficiency))
        {
            Assert.Equal(efficiency, result.Rounds[result.Posterior.Rounds - 1].Weights.Efficiency, 0.06);
        }
    }

    [Fact, Trait("Category", "Slow")]
    public void Train_TheRightPosterior_StaysAsItIs()
    {
        // A false alarm has at most the chance of 3 standard errors, 0.0013 a seed.
        ClassifierReweightingOptions quick = Options with { Training = Options.Training with { MaxEpochs = 8, Patience = 8 } };
        double[] x = [0.4, -1], expected = new double[20], found = new double[20];
        for (ulong seed = 0; seed < 10; seed++)
        {
            var exact = new GaussianEstimator(D);
            ClassifierReweightingResult result = Train(exact, 1000, seed, quick);
            Assert.Equal((ClassifierStop.NothingLeft, 0, false), (result.StopReason, result.Posterior.Rounds, result.Rounds.Single().Kept));
            Assert.True(result.Posterior.IsNormalised);
            exact.Sample(x, expected, new Rng(seed));
            result.Posterior.Sample(x, found, new Rng(seed));
            Assert.Equal(expected, found);
            exact.LogProb(x, expected, expected.AsSpan(0, 10));
            result.Posterior.LogProb(x, found, found.AsSpan(0, 10));
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Import_IntoAnUntrainedPosterior_GivesTheSameNumbers()
    {
        var wrong = new GaussianEstimator(D, shift: 0.6);
        ClassifierPosterior trained = Train(wrong, 1500, 1, Options).Posterior;
        ClassifierPosterior loaded = ClassifierReweighting.Untrained(wrong, new SupportBijection(LinearGaussian.Prior(D)), D, trained.Rounds, Options);
        StateFile.Carry(trained, loaded);

        (double[] thetas, double[] xs) = LinearGaussian.Draw(D, 50, new Rng(9));
        double[] expected = new double[50], found = new double[50], draws = new double[100], again = new double[100];
        trained.LogProbPairs(thetas, xs, expected);
        loaded.LogProbPairs(thetas, xs, found);
        Assert.InRange(trained.Rounds, 1, 3);
        Assert.False(trained.IsNormalised);
        Assert.All(expected.Zip(found), p => Assert.Equal(p.First, p.Second, 1e-6));
        trained.LogProb(xs.AsSpan(0, D), thetas, found);
        Assert.Equal(expected[0], found[0], 1e-5);      // other matrix shapes round differently, in float32
        trained.Sample(xs.AsSpan(0, D), draws, new Rng(3));
        loaded.Sample(xs.AsSpan(0, D), again, new Rng(3));
        Assert.All(draws.Zip(again), p => Assert.Equal(p.First, p.Second, 1e-6));
    }

    [Fact]
    public void Train_DrawsOutsideTheSupport_HaveNoDensity()
    {
        // theta is uniform on (0, 1) and x says nothing about it, so the posterior is the prior; a normal about 1/2 with standard deviation 1/2 puts 0.317 of its draws outside.
        var rng = new Rng(4);
        double[] thetas = new double[4000], xs = new double[4000], draws = new double[4000], logs = new double[3];
        rng.FillUniform(thetas);
        rng.FillNormal(xs);
        var proposal = new FixedNormal(0.5, 0.5);
        ClassifierReweightingResult result = ClassifierReweighting.Train(proposal, new SupportBijection(new Uniform(0, 1)), thetas, xs, 1, Options, new Rng(1));

        Assert.Equal(0.317, result.FailedDraws, 4 * Math.Sqrt(0.317 * 0.683 / (4000 * Options.Contrasts)));
        Assert.InRange(result.Posterior.Rounds, 1, 3);
        result.Posterior.Sample([0.3], draws, new Rng(2));
        Assert.All(draws, theta => Assert.InRange(theta, 0, 1));
        Assert.InRange(result.Posterior.PoolWeights.Single().Zeros, 0.30 * 80_000, 0.335 * 80_000);
        result.Posterior.LogProb([0.3], [-0.1, double.NaN, 0.5], logs);
        Assert.Equal((double.NegativeInfinity, double.NaN, true), (logs[0], logs[1], double.IsFinite(logs[2])));

        // A uniform has variance 1/12; the standard error of 4,000 draws is 0.0012, the rest is the network's.
        double mean = draws.Average();
        Assert.Equal(1.0 / 12, draws.Average(t => (t - mean) * (t - mean)), 0.01);
    }

    [Fact]
    public void Train_WhatCannotGoOn_SaysSo()
    {
        var wrong = new GaussianEstimator(D, shift: 2);
        ClassifierReweightingResult diverged = Train(wrong, 400, 1, Options with { Training = Options.Training with { LearningRate = 1e30 } });
        Assert.Equal((ClassifierStop.Diverged, 0), (diverged.StopReason, diverged.Posterior.Rounds));
        Assert.Contains("learning rate", diverged.Advice, StringComparison.Ordinal);

        ClassifierReweightingResult failed = Train(new GaussianEstimator(D, shift: double.NaN), 400, 1, Options);
        Assert.Equal((ClassifierStop.DrawsFailed, 1.0, 0), (failed.StopReason, failed.FailedDraws, failed.Rounds.Count));

        (double[] thetas, double[] xs) = LinearGaussian.Draw(D, 400, new Rng(1));
        ClassifierReweightingResult cancelled = ClassifierReweighting.Train(
            wrong, new SupportBijection(LinearGaussian.Prior(D)), thetas, xs, D, Options, new Rng(1), cancel: new CancellationToken(canceled: true));
        Assert.Equal((ClassifierStop.Cancelled, 0, false), (cancelled.StopReason, cancelled.Posterior.Rounds, cancelled.Rounds.Single().Kept));
    }

    [Fact]
    public void Train_BadInput_SaysWhatItExpects()
    {
        var bijection = new SupportBijection(LinearGaussian.Prior(D));
        (double[] thetas, double[] xs) = LinearGaussian.Draw(D, 100, new Rng(1));
        var estimator = new GaussianEstimator(D);
        Assert.Contains("at least 50", Assert.Throws<ArgumentException>(() => ClassifierReweighting.Train(estimator, bijection, thetas[..20], xs[..20], D, Options, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("of 2 parameters, got 3", Assert.Throws<ArgumentException>(() => ClassifierReweighting.Train(new GaussianEstimator(3), bijection, thetas, xs, D, Options, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("got NaN as number 1", Assert.Throws<ArgumentException>(() => ClassifierReweighting.Train(estimator, bijection, thetas, [xs[0], double.NaN, .. xs[2..]], D, Options, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ClassifierReweighting.Train(
            new GaussianEstimator(1), new SupportBijection(new Uniform(0, 1)), [2, .. new double[99]], xs[..100], 1, Options, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassifierReweighting.Train(estimator, bijection, thetas, xs, D, Options with { HeldOut = 1 }, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassifierReweighting.Train(estimator, bijection, thetas, xs, D, Options with { Rounds = 0 }, new Rng(1)));
        ClassifierPosterior posterior = ClassifierReweighting.Untrained(estimator, bijection, D, 1, Options);
        Assert.Throws<ArgumentException>(() => posterior.Sample([1], new double[4], new Rng(1)));
        Assert.Throws<ArgumentException>(() => posterior.SampleMany([1, 2, 3, 4], 3, new double[11], new Rng(1)));
    }

    private static ClassifierReweightingResult Train(IPosteriorEstimator estimator, int pairs, ulong seed, ClassifierReweightingOptions options)
    {
        (double[] thetas, double[] xs) = LinearGaussian.Draw(D, pairs, new Rng(seed).Split("pairs"));
        return ClassifierReweighting.Train(estimator, new SupportBijection(LinearGaussian.Prior(D)), thetas, xs, D, options, new Rng(seed).Split("train"));
    }

    // Over 40 observations: root mean square of the error of the mean, mean of the standard deviation, both in exact standard deviations, and the mean correlation, which is 0.
    private static (double Mean, double Sd, double Correlation) Compare(IPosteriorEstimator posterior)
    {
        const int Observations = 40, Draws = 1000;
        double[] xs = LinearGaussian.Draw(D, Observations, new Rng(77)).Xs, thetas = new double[Observations * Draws * D];
        posterior.SampleMany(xs, Draws, thetas, new Rng(78));
        (double squares, double sds, double correlation) = (0, 0, 0);
        for (int i = 0; i < Observations; i++)
        {
            double[][] z = [.. Enumerable.Range(0, D).Select(j => Enumerable.Range(0, Draws).Select(n => (thetas[(((i * Draws) + n) * D) + j] - (0.5 * xs[(i * D) + j])) / Math.Sqrt(0.5)).ToArray())];
            double[] means = [.. z.Select(v => v.Average())], own = [.. z.Select((v, j) => Math.Sqrt(v.Average(t => (t - means[j]) * (t - means[j]))))];
            squares += means.Average(m => m * m) / Observations;
            sds += own.Average() / Observations;
            correlation += z[0].Zip(z[1]).Average(p => (p.First - means[0]) * (p.Second - means[1])) / (own[0] * own[1]) / Observations;
        }

        return (Math.Sqrt(squares), sds, correlation);
    }

    private sealed class FixedNormal(double mean, double sd) : IPosteriorEstimator
    {
        private readonly GaussianProposal _normal = new([mean], sd);

        public int Dimension => 1;

        public bool IsNormalised => true;

        public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => _normal.Sample(thetas, rng);

        public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => _normal.Sample(thetas, rng);

        public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => _normal.LogProb(thetas, logProbs);

        public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => _normal.LogProb(thetas, logProbs);
    }
}
