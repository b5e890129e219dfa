using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Npe;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Nre;

[Trait("Category", "Slow")]
public sealed class NeuralRatioEstimationTests(ITestOutputHelper output)
{
    private const int Simulations = 20_000, Epochs = 40;

    public static TheoryData<string, RatioLoss, double> Cases => new()
    {
        { "gaussian-linear", RatioLoss.Binary, 0 },
        { "galton-board", RatioLoss.Contrastive, 0 },
        { "uniform-edge", RatioLoss.ContrastiveMarginal, 0 },
        { "galton-board", RatioLoss.Binary, 100 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Train_OnAnExactProblem_FindsThePosterior(string name, RatioLoss loss, double balance)
    {
        PosteriorCase problem = PosteriorCases.Of(name);
        (double[] thetas, double[] xs) = problem.Draw(Simulations, new Rng(1));
        NeuralRatio ratio = Train(problem.Prior, thetas, xs, problem.Features, new NeuralRatioOptions { Loss = loss, Balance = balance });
        foreach (double[] x in problem.Observations)
        {
            AssertMoments(ratio, problem.Prior, x, problem.Moments(x), $"{name}, {loss}", wider: balance > 0 ? 1 : 0.3);
        }
    }

    [Theory]
    [InlineData(1, RatioLoss.ContrastiveMarginal)]
    [InlineData(2, RatioLoss.Binary)]
    [InlineData(5, RatioLoss.Contrastive)]
    [InlineData(5, RatioLoss.ContrastiveMarginal)]
    public void Train_OnALinearGaussian_FindsTheRatio(int d, RatioLoss loss)
    {
        IDistribution prior = LinearGaussian.Prior(d);
        (double[] thetas, double[] xs) = LinearGaussian.Draw(d, Simulations, new Rng(2));
        NeuralRatio ratio = Train(prior, thetas, xs, d, new NeuralRatioOptions { Loss = loss });
        double[] x = [.. Enumerable.Range(0, d).Select(i => i % 2 == 0 ? 1.0 : -0.5)];
        AssertMoments(ratio, prior, x, LinearGaussian.Posterior(x), $"d = {d}, {loss}");

        if (!ratio.IsProperRatio)
        {
            return;
        }

        // At held-out pairs of the joint: no parameter that made an observation may be excluded by it.
        (double[] held, double[] heldXs) = LinearGaussian.Draw(d, 2000, new Rng(3));
        double[] logs = new double[2000], excess = new double[2000];
        ratio.LogLikelihoodPairs(held, heldXs, logs);
        for (int i = 0; i < 2000; i++)
        {
            excess[i] = logs[i] - LinearGaussian.LogRatio(held.AsSpan(i * d, d), heldXs.AsSpan(i * d, d));
        }

        double mean = excess.Average(), sd = Math.Sqrt(excess.Average(e => (e - mean) * (e - mean)));
        output.WriteLine($"d = {d}, {loss}: log-ratio off by {mean:F3} ± {sd:F3}, least {excess.Min():F3}");
        Assert.InRange(mean, -0.1, 0.1);
        Assert.InRange(excess.Min(), -3, 0);
    }

    [Fact]
    public void Train_WithTheDefaults_GivesDrawsOfThePosterior()
    {
        const int Draws = 4000;
        IDistribution prior = LinearGaussian.Prior(2);
        (double[] thetas, double[] xs) = LinearGaussian.Draw(2, 5000, new Rng(13));
        double[] observed = [1.0, -0.5], draws = new double[2 * Draws];
        // snippet: nre
        NreResult result = NeuralRatioEstimation.Train(
            new SupportBijection(prior), thetas, xs, features: 2, new NeuralRatioOptions(), NeuralRatioEstimation.DefaultTraining, new Rng(seed: 1));

        var posterior = new SampledPosterior(prior, result.Ratio);
        posterior.Sample(observed, draws, new Rng(seed: 2));
        // end-snippet
        (double[] mean, _) = LinearGaussian.Posterior(observed);
        for (int j = 0; j < 2; j++)
        {
            double found = Enumerable.Range(0, Draws).Average(i => draws[(2 * i) + j]), variance = Enumerable.Range(0, Draws).Average(i => Math.Pow(draws[(2 * i) + j] - found, 2));
            output.WriteLine($"mean {j}: {found:F3} ({mean[j]}), variance {variance:F3} (0.5)");
            Assert.Equal(mean[j], found, 0.2 * Math.Sqrt(0.5));
            Assert.InRange(variance, 0.5 * 0.75, 0.5 * 1.35);
        }
    }

    [Fact]
    public void Train_OnAProposal_GivesTheSamePosterior()
    {
        // Half of the parameters from the prior, half from a proposal about the posterior at x = 1.
        (double[] thetas, double[] xs) = LinearGaussian.Draw(1, Simulations, new Rng(4));
        var rng = new Rng(5);
        for (int i = 0; i < Simulations / 2; i++)
        {
            thetas[i] = 0.8 + (0.6 * rng.NextNormal());
            xs[i] = thetas[i] + rng.NextNormal();
        }

        NeuralRatio ratio = Train(LinearGaussian.Prior(1), thetas, xs, 1, new NeuralRatioOptions());
        AssertMoments(ratio, LinearGaussian.Prior(1), [1], LinearGaussian.Posterior([1]), "half from a proposal");
    }

    [Fact]
    public void Train_OnNoise_FindsNoRatio()
    {
        var rng = new Rng(6);
        double[] thetas = new double[Simulations], xs = new double[Simulations], logs = new double[Simulations];
        rng.FillNormal(thetas);
        rng.FillNormal(xs);
        NeuralRatio ratio = Train(LinearGaussian.Prior(1), thetas, xs, 1, new NeuralRatioOptions { Loss = RatioLoss.Binary });
        ratio.LogLikelihoodPairs(thetas, xs, logs);
        Assert.InRange(Math.Sqrt(logs.Average(l => l * l)), 0, 0.15);
    }

    [Theory]
    [InlineData(RatioLoss.Binary)]
    [InlineData(RatioLoss.ContrastiveMarginal)]
    public void Train_Balanced_IsNotOverconfident(RatioLoss loss)
    {
        // 200 simulations and as many epochs as overfit them: what an unbalanced classifier gets wrong.
        const int Few = 200, Held = 1000, Repeats = 4;
        var training = new TrainingOptions { BatchSize = Few, MaxEpochs = 150, LearningRate = 3e-3, ValidationFraction = 0, Chunks = 1 };
        (double[] off, double[] covered) = (new double[2], new double[2]);
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            Rng rng = new Rng(7).Split(repeat);
            (double[] thetas, double[] xs) = LinearGaussian.Draw(1, Few, rng.Split("train"));
            (double[] held, double[] heldXs) = LinearGaussian.Draw(1, Held, rng.Split("held"));
            foreach (int i in new[] { 0, 1 })
            {
                var options = new NeuralRatioOptions { Loss = loss, Balance = 100 * i, Width = 64, Activation = Activation.Relu };
                NeuralRatio ratio = NeuralRatioEstimation.Train(new SupportBijection(LinearGaussian.Prior(1)), thetas, xs, 1, options, training, rng).Ratio;
                double[] joint = new double[Held], marginals = new double[Held];
                ratio.LogLikelihoodPairs(held, heldXs, joint);
                ratio.LogLikelihoodPairs([.. held[1..], held[0]], heldXs, marginals);
                off[i] += (joint.Average(SpecialFunctions.Sigmoid) + marginals.Average(SpecialFunctions.Sigmoid) - 1) / Repeats;
                covered[i] += Coverage(ratio, held, heldXs, level: 0.8) / Repeats;
            }
        }

        output.WriteLine($"{loss}: off balance by {off[0]:F3}, balanced {off[1]:F3}; coverage of 80 %: {covered[0]:F3}, balanced {covered[1]:F3}");
        // Overconfidence is a sum below 1. Balanced, it is 1, or above it by what the noise of a batch's means adds on the side of caution.
        // A term has a standard deviation of about 0.25, so that the mean of 4,000 is known to 0.004: four of them.
        Assert.True(off[0] < off[1]);
        Assert.InRange(off[1], -0.016, 0.05);
        Assert.True(covered[1] > covered[0]);

        // 4 networks at 300 pairs: from pairs a standard error of 0.012, of which four; networks differ by more, to the safe side if the balance does what it should.
        Assert.InRange(covered[1], 0.8 - (4 * 0.012), 1);
    }

    [Fact]
    public void Train_WithAnyNumberOfThreads_GivesTheSameBytes()
    {
        (double[] thetas, double[] xs) = LinearGaussian.Draw(2, 500, new Rng(1));
        byte[][] weights = [.. new[] { 1, 3 }.Select(threads =>
        {
            var training = new TrainingOptions { MaxEpochs = 3, Threads = threads };
            NreResult result = NeuralRatioEstimation.Train(new SupportBijection(LinearGaussian.Prior(2)), thetas, xs, 2, new NeuralRatioOptions(), training, new Rng(2));
            Assert.True(result.Training.Replays > 0);
            return (byte[])[.. ModuleState.Export(result.Ratio).SelectMany(e => e.Value.Bytes.ToArray())];
        })];
        Assert.Equal(weights[0], weights[1]);
    }

    private static NeuralRatio Train(IDistribution prior, double[] thetas, double[] xs, int features, NeuralRatioOptions options)
    {
        var training = new TrainingOptions { MaxEpochs = Epochs, LearningRate = 3e-3, Schedule = RateSchedule.Cosine };
        return NeuralRatioEstimation.Train(new SupportBijection(prior), thetas, xs, features, options with { Width = 32, Blocks = 1, Activation = Activation.Silu }, training, new Rng(11)).Ratio;
    }

    // By draws of the prior, weighted by the ratio. With 50,000 their effective number is above 2,000 here, so moments are known to 0.03 sd; the rest is the network's.
    private void AssertMoments(NeuralRatio ratio, IDistribution prior, double[] x, (double[] Mean, double[] Covariance) exact, string what, double wider = 0.3)
    {
        const int Draws = 50_000;
        int d = prior.Dimension;
        var rng = new Rng(12);
        double[] thetas = new double[Draws * d], weights = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            prior.Sample(thetas.AsSpan(i * d, d), rng);
        }

        ratio.LogLikelihood(x, thetas, weights);
        double greatest = weights.Max(), sum = 0;
        for (int i = 0; i < Draws; i++)
        {
            weights[i] = Math.Exp(weights[i] - greatest);
            sum += weights[i];
        }

        double[] mean = new double[d];
        for (int i = 0; i < thetas.Length; i++)
        {
            mean[i % d] += weights[i / d] / sum * thetas[i];
        }

        List<string> faults = [];
        for (int a = 0; a < d; a++)
        {
            double sd = Math.Sqrt(exact.Covariance[a * (d + 1)]), off = (mean[a] - exact.Mean[a]) / sd;
            output.WriteLine($"{what} at {x[0]}: mean {a} off by {off:F3} sd");
            if (!(Math.Abs(off) < 0.25))
            {
                faults.Add($"mean {a} at x = {x[0]}: {off:F3} sd");
            }

            for (int b = 0; b <= a; b++)
            {
                double covariance = 0;
                for (int i = 0; i < Draws; i++)
                {
                    covariance += weights[i] / sum * (thetas[(i * d) + a] - mean[a]) * (thetas[(i * d) + b] - mean[b]);
                }

                off = (covariance - exact.Covariance[(a * d) + b]) / (sd * Math.Sqrt(exact.Covariance[b * (d + 1)]));
                output.WriteLine($"{what} at {x[0]}: covariance {a}, {b} off by {off:F3}");
                if (!(off > -0.3 && off < wider))
                {
                    faults.Add($"covariance {a}, {b} at x = {x[0]}: {off:F3}");
                }
            }
        }

        Assert.Empty(faults);
    }

    // Of highest-density regions, by a grid.
    private static double Coverage(NeuralRatio ratio, double[] thetas, double[] xs, double level)
    {
        const int Pairs = 300, Cells = 200;
        double[] grid = [.. Enumerable.Range(0, Cells).Select(i => -6 + (12 * (i + 0.5) / Cells))], logs = new double[Cells + 1];
        int covered = 0;
        for (int i = 0; i < Pairs; i++)
        {
            ratio.LogLikelihood(xs.AsSpan(i, 1), [.. grid, thetas[i]], logs);
            double[] densities = [.. grid.Append(thetas[i]).Zip(logs, (t, log) => Math.Exp(log - (0.5 * t * t)))];
            double above = densities[..Cells].Where(p => p > densities[Cells]).Sum();
            covered += above < level * densities[..Cells].Sum() ? 1 : 0;
        }

        return (double)covered / Pairs;
    }
}
