using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Posteriors;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Nle;

public sealed class NeuralLikelihoodTests(ITestOutputHelper output)
{
    private static readonly Lazy<(NeuralLikelihood Likelihood, LikelihoodCase Problem)> Mixed = new(() => Trained(LikelihoodCase.Mixed, 6_000, 40));

    [Theory]
    [InlineData(1, 3_000)]
    [InlineData(2, 4_000)]
    public void Train_LinearGaussian_FindsLikelihoodAndPosterior(int dimension, int simulations) => CheckGaussian(dimension, simulations, epochs: 30);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(5, 6_000)]
    [InlineData(10, 8_000)]
    [InlineData(50, 10_000)]
    public void Train_LinearGaussianOfManyDimensions_FindsLikelihoodAndPosterior(int dimension, int simulations) => CheckGaussian(dimension, simulations, epochs: 40);

    [Fact]
    public void Train_GaltonBoard_FindsProbabilitiesAndTheBetaPosterior()
    {
        (NeuralLikelihood likelihood, LikelihoodCase problem) = Trained(LikelihoodCase.Galton, 4_000, 40);
        Assert.Equal(new DiscreteFeature(0, 0, LikelihoodCase.Rows + 1), Assert.Single(likelihood.Discrete));
        CheckDivergence(likelihood, problem, 0.03);
        foreach (double theta in (double[])[0.05, 0.5, 0.8])
        {
            double[] bins = [.. Enumerable.Range(0, LikelihoodCase.Rows + 1).Select(k => (double)k)], thetas = [.. bins.Select(_ => theta)], logs = new double[bins.Length];
            likelihood.LogLikelihoodPairs(thetas, bins, logs);
            Assert.Equal(1, logs.Sum(Math.Exp), 1e-5);
        }

        // Beta(x + 1, rows - x + 1).
        const int Bin = 14, Draws = 1_000;
        double[] draws = new double[Draws];
        new SampledPosterior(problem.Prior, likelihood).Sample([Bin], draws, new Rng(5));
        double a = Bin + 1, b = LikelihoodCase.Rows - Bin + 1, sd = Math.Sqrt(a * b / ((a + b) * (a + b) * (a + b + 1)));
        Assert.Equal(a / (a + b), draws.Average(), 0.2 * sd);
        Assert.Equal(sd, Math.Sqrt(draws.Average(t => (t - draws.Average()) * (t - draws.Average()))), 0.15 * sd);

        double[] impossible = new double[3];
        likelihood.LogLikelihoodPairs([0.5, 0.5, 0.5], [-1, 3.5, 21], impossible);
        Assert.All(impossible, log => Assert.Equal(double.NegativeInfinity, log));
    }

    [Fact]
    public void Train_DiscreteAndContinuousFeatures_FindsTheirJointDensity()
    {
        (NeuralLikelihood likelihood, LikelihoodCase problem) = Mixed.Value;
        Assert.Equal(new DiscreteFeature(1, 0, 2), Assert.Single(likelihood.Discrete));
        CheckDivergence(likelihood, problem, 0.03);

        // Summed over the discrete feature and integrated over the continuous one, midpoints of a grid far into both tails.
        const int Cells = 4_000;
        const double Low = -6, Width = 14.0 / Cells;
        foreach (double theta in (double[])[0.1, 0.9])
        {
            double[] xs = new double[4 * Cells], logs = new double[2 * Cells];
            for (int i = 0; i < 2 * Cells; i++)
            {
                (xs[2 * i], xs[(2 * i) + 1]) = (Low + ((i / 2) + 0.5) * Width, i % 2);
            }

            likelihood.LogLikelihoodPairs([.. Enumerable.Repeat(theta, 2 * Cells)], xs, logs);
            Assert.Equal(1, logs.Sum(Math.Exp) * Width, 0.002);
        }
    }

    [Fact]
    public void Train_CountsThatAreTooManyForCategories_FindsTheirProbabilities()
    {
        (NeuralLikelihood likelihood, LikelihoodCase problem) = Trained(LikelihoodCase.Counts, 4_000, 40);
        Assert.True(Assert.Single(likelihood.Discrete).Levels > 100);
        CheckDivergence(likelihood, problem, 0.05);
    }

    [Fact]
    public void Train_OnBlocks_FindsTheSameFeaturesAndTheDensity()
    {
        LikelihoodCase problem = LikelihoodCase.Mixed;
        (double[] thetas, double[] xs) = problem.Draw(6_000, new Rng(41));
        var blocks = new PairBlocks(new SimulationPairs(thetas, xs, 6_000, 0), 100);
        TrainingOptions training = NeuralLikelihoodEstimation.DefaultTraining with { MaxEpochs = 30 };
        NeuralLikelihood likelihood = NeuralLikelihoodEstimation.Train(new SupportBijection(problem.Prior), blocks, 40_000, new NeuralLikelihoodOptions(), training, new Rng(42)).Likelihood;

        Assert.Equal(Mixed.Value.Likelihood.Discrete, likelihood.Discrete);
        CheckDivergence(likelihood, problem, 0.03);
        Assert.Throws<ArgumentException>(() => NeuralLikelihoodEstimation.Train(
            new SupportBijection([new Support(0, 0.5)]), blocks, 40_000, new NeuralLikelihoodOptions(), training, new Rng(42)));
    }

    [Fact]
    public void LogLikelihood_ConstantFeature_AllowsOnlyItsValue()
    {
        var rng = new Rng(1);
        double[] thetas = new double[600], xs = new double[1_200];
        for (int i = 0; i < 600; i++)
        {
            thetas[i] = rng.NextNormal();
            (xs[2 * i], xs[(2 * i) + 1]) = (thetas[i] + rng.NextNormal(), 0.37);
        }

        NeuralLikelihood likelihood = NeuralLikelihoodEstimation.Train(
            new SupportBijection([Support.Real]), thetas, xs, 2, new NeuralLikelihoodOptions(), new TrainingOptions { MaxEpochs = 2 }, new Rng(2)).Likelihood;
        double[] logs = new double[2];
        likelihood.LogLikelihoodPairs([0.0, 0.0], [0.1, 0.37, 0.1, 0.38], logs);
        Assert.True(double.IsFinite(logs[0]));
        Assert.Equal(double.NegativeInfinity, logs[1]);
    }

    [Fact]
    public void Import_StoredWeights_GivesTheSameNumbers()
    {
        (NeuralLikelihood trained, LikelihoodCase problem) = Mixed.Value;
        NeuralLikelihood loaded = NeuralLikelihoodEstimation.Untrained(new SupportBijection(problem.Prior), 2, new NeuralLikelihoodOptions { Discrete = trained.Discrete });
        ModuleState.Import(loaded, ModuleState.Export(trained));

        (double[] thetas, double[] xs) = problem.Draw(500, new Rng(9));
        double[] before = new double[500], after = new double[500], one = new double[500];
        trained.LogLikelihoodPairs(thetas, xs, before);
        loaded.LogLikelihoodPairs(thetas, xs, after);
        Assert.All(before.Zip(after), p => Assert.Equal(p.First, p.Second, 1e-6));

        // One observation for all parameters is the same as that observation in each pair; blocks and their sizes change nothing.
        trained.LogLikelihood(xs.AsSpan(0, 2), thetas, one);
        trained.LogLikelihoodPairs(thetas, [.. Enumerable.Range(0, 500).SelectMany(_ => xs[..2])], after);
        Assert.Equal(one, after);
        trained.LogLikelihoodPairs(thetas.AsSpan(0, 7), xs.AsSpan(0, 14), after.AsSpan(0, 7));
        Assert.Equal(before[..7], after[..7]);
    }

    [Fact]
    public void LogLikelihoodPairs_Gradient_IsThatOfTheValue()
    {
        (NeuralLikelihood likelihood, LikelihoodCase problem) = Mixed.Value;
        (double[] thetas, double[] xs) = problem.Draw(64, new Rng(10));
        double[] logs = new double[64], gradients = new double[64], same = new double[64], above = new double[64], below = new double[64];
        likelihood.LogLikelihoodPairs(thetas, xs, logs, gradients);
        likelihood.LogLikelihoodPairs(thetas, xs, same);
        Assert.Equal(same, logs);

        // The network computes in float32, with errors of some 1e-6 over the step; and where it has kinks (ReLU) a difference across one is off by more.
        const double Step = 1e-3;
        likelihood.LogLikelihoodPairs([.. thetas.Select(t => t + Step)], xs, above);
        likelihood.LogLikelihoodPairs([.. thetas.Select(t => t - Step)], xs, below);
        int off = Enumerable.Range(0, 64).Count(i => !(Math.Abs(((above[i] - below[i]) / (2 * Step)) - gradients[i]) < 0.02 + (0.01 * Math.Abs(gradients[i]))));
        Assert.InRange(off, 0, 8);
    }

    [Fact]
    public void Sample_SeveralObservations_NarrowsThePosteriorAsTheirNumber()
    {
        var many = new IndependentObservations(KnownLikelihood.Gaussian(2, 0.5), 4);
        double[] xs = [1, 2, 0.5, 1.5, 1.5, 2.5, 1, 2], thetas = [0.3, 0.4, 1, 2], logs = new double[2], pairs = new double[2], gradients = new double[4], one = new double[2];
        many.LogLikelihood(xs, thetas, logs);
        many.LogLikelihoodPairs(thetas, [.. xs, .. xs], pairs, gradients);
        for (int i = 0; i < 4; i++)
        {
            double[] part = new double[2];
            KnownLikelihood.Gaussian(2, 0.5).LogLikelihood(xs.AsSpan(2 * i, 2), thetas, part);
            (one[0], one[1]) = (one[0] + part[0], one[1] + part[1]);
        }

        Assert.All(one.Zip(logs), p => Assert.Equal(p.First, p.Second, 1e-12));
        Assert.All(one.Zip(pairs), p => Assert.Equal(p.First, p.Second, 1e-12));
        Assert.Equal((4 - (4 * 0.3)) / 0.25, gradients[0], 1e-9);
        Assert.Equal(8, many.Features);
        Assert.Throws<ArgumentException>(() => many.LogLikelihood([1.0, 2.0], [0.1, 0.2], new double[1]));
    }

    [Fact]
    public void Train_WrongArguments_AreRefused()
    {
        var real = new SupportBijection([Support.Real]);
        Assert.Throws<ArgumentException>(() => NeuralLikelihoodEstimation.Train(real, [1.0, 2], [1.0], 1, new(), new(), new Rng(1)));
        Assert.Throws<ArgumentException>(() => NeuralLikelihoodEstimation.Train(real, [1.0, 2], [1.0, double.NaN], 1, new(), new(), new Rng(1)));
        Assert.Throws<ArgumentException>(() => NeuralLikelihoodEstimation.Train(
            real, [1.0, 2], [1.0, 5], 1, new NeuralLikelihoodOptions { Discrete = [new DiscreteFeature(0, 1, 3)] }, new(), new Rng(1)));
        Assert.Throws<ArgumentException>(() => NeuralLikelihoodEstimation.Untrained(real, 1, new NeuralLikelihoodOptions { Discrete = [new DiscreteFeature(1, 0, 2)] }));
    }

    [Fact]
    public void LogAbsDet_OfFeatureScaling_IsThatOfDifferences()
    {
        var rng = new Rng(3);
        double[] rows = [.. Enumerable.Range(0, 400).SelectMany(_ => new[] { 3 + (2 * rng.NextNormal()), Math.Exp(3 * rng.NextNormal()) })];
        var scaling = FeatureScaling.Fit(rows, 2);
        Assert.Equal([1], scaling.LogFeatures);
        foreach (double[] x in (double[][])[[3, 1], [-40, 1e-3], [1e4, 1e6]])
        {
            double sum = 0;
            for (int j = 0; j < 2; j++)
            {
                double step = 1e-6 * Math.Abs(x[j]);
                double[] above = [.. x], below = [.. x];
                above[j] += step;
                below[j] -= step;
                scaling.Apply(above, above);
                scaling.Apply(below, below);
                sum += Math.Log((above[j] - below[j]) / (2 * step));
            }

            Assert.Equal(sum, scaling.LogAbsDet(x), 1e-6);
        }

        Assert.Equal(double.NegativeInfinity, scaling.LogAbsDet([3.0, 0.0]));
    }

    private static (NeuralLikelihood Likelihood, LikelihoodCase Problem) Trained(LikelihoodCase problem, int simulations, int epochs)
    {
        (double[] thetas, double[] xs) = problem.Draw(simulations, new Rng(41));
        TrainingOptions training = NeuralLikelihoodEstimation.DefaultTraining with { MaxEpochs = epochs };
        return (NeuralLikelihoodEstimation.Train(new SupportBijection(problem.Prior), thetas, xs, problem.Features, new NeuralLikelihoodOptions(), training, new Rng(42)).Likelihood, problem);
    }

    private void CheckGaussian(int dimension, int simulations, int epochs)
    {
        (NeuralLikelihood likelihood, LikelihoodCase problem) = Trained(LikelihoodCase.Gaussian(dimension), simulations, epochs);
        CheckDivergence(likelihood, problem, 0.04 * dimension);

        // The posterior of a standard normal prior and noise of 0.5 is N(0.8 x, 0.2).
        const int Draws = 1_000;
        double[] x = [.. Enumerable.Range(0, dimension).Select(j => 1 - (2.0 * j / dimension))], draws = new double[Draws * dimension];

        // Chains along gradients where there are many parameters, as one would.
        SampledPosteriorOptions sampling = dimension < 20 ? new() : new() { Sampler = PosteriorSampler.Nuts, Chains = 96, StageMoves = 30 };
        var posterior = new SampledPosterior(problem.Prior, likelihood, sampling);
        posterior.Sample(x, draws, new Rng(43));
        double sd = Math.Sqrt(0.2), shift = 0, spread = 0;
        for (int j = 0; j < dimension; j++)
        {
            double[] column = [.. draws.Where((_, i) => i % dimension == j)];
            double mean = column.Average();
            shift += Math.Abs(mean - (0.8 * x[j])) / sd / dimension;
            spread += Math.Sqrt(column.Average(t => (t - mean) * (t - mean))) / sd / dimension;
        }

        output.WriteLine($"d = {dimension}: mean off by {shift:F3} sd, spread {spread:F3}; {string.Join("; ", posterior.Reports[0].Warnings)}");
        Assert.InRange(shift, 0, 0.2);
        Assert.InRange(spread, 0.85, 1.15);
    }

    // The mean of log p - log q over fresh pairs is a divergence: positive but for noise.
    private void CheckDivergence(NeuralLikelihood likelihood, LikelihoodCase problem, double most)
    {
        const int Held = 4_000;
        (double[] thetas, double[] xs) = problem.Draw(Held, new Rng(44));
        double[] excess = new double[Held];
        likelihood.LogLikelihoodPairs(thetas, xs, excess);
        int d = problem.Prior.Dimension, k = problem.Features;
        for (int i = 0; i < Held; i++)
        {
            excess[i] = problem.LogLikelihood(thetas[(i * d)..((i + 1) * d)], xs[(i * k)..((i + 1) * k)]) - excess[i];
        }

        double mean = excess.Average(), error = Math.Sqrt(excess.Average(e => (e - mean) * (e - mean)) / Held);
        output.WriteLine($"divergence {mean:F4} ± {error:F4} nats");
        Assert.InRange(mean, -5 * error, most);
    }
}
