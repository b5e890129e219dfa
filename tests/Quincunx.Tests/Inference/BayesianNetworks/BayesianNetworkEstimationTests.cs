using Quincunx.Inference.BayesianNetworks;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Npe;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.BayesianNetworks;

public sealed class BayesianNetworkEstimationTests(ITestOutputHelper output)
{
    private static readonly BayesianNetworkOptions Small = new() { Hidden = 4, Chains = 2, Warmup = 150, Draws = 50, Thinning = 1 };
    private static readonly double[] X = [0.4, 1.2];

    [Fact]
    public void Train_OfALinearNetwork_IsTheExactAnswer()
    {
        const int Rows = 12;
        double[] thetas = new double[Rows], xs = new double[Rows], z = new double[Rows], x = new double[Rows];
        var rng = new Rng(7);
        for (int i = 0; i < Rows; i++)
        {
            thetas[i] = rng.NextNormal();
            xs[i] = thetas[i] + (0.5 * rng.NextNormal());
        }

        BayesianNetworkResult result = BayesianNetworkEstimation.Train(
            new SupportBijection(new Normal(0, 1)), thetas, xs, 1, new BayesianNetworkOptions { Hidden = 0, Draws = 500, Thinning = 2 }, new Rng(8));
        BayesianNetworkPosterior posterior = result.Posterior;
        posterior.Coordinates.ScaleTheta(thetas, z);
        posterior.Coordinates.X.Apply(xs, x);
        var exact = new LinearNetworkQuadrature(x, z);
        foreach (double at in (double[])[-3, -0.5, 0, 1, 4])
        {
            PredictiveNormals normals = posterior.At([at]);
            double[] logs = new double[posterior.Networks];
            foreach (double apart in (double[])[-2, -0.7, 0, 0.3, 1.5])
            {
                double value = (0.8 * at) + apart;
                normals.LogProbs([value], logs);
                double[] densities = [.. logs.Select(Math.Exp)];
                double mean = densities.Average(), expected = exact.Density(at, value), deviation = Math.Sqrt(densities.Average(p => (p - mean) * (p - mean)));
                double error = deviation / Math.Sqrt(0.5 * result.Ess);
                output.WriteLine($"at {at}, {value}: {mean:F5} ± {error:F5}, exact {expected:F5}");

                // 25 densities within 4.5 standard errors, of half the effective draws of the worst probe: one seed in 5,000 fails.
                Assert.InRange(mean, expected - (4.5 * error), expected + (4.5 * error));
            }
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Train_On32Simulations_CoversWhatItSays()
    {
        // A well-specified problem, over 30 sets of 32 simulations, by networks that take less time than the defaults.
        const int Sets = 30, Few = 32, Held = 100;
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        double[] covered = new double[Sets];
        Parallel.For(0, Sets, set =>
        {
            (double[] thetas, double[] xs) = problem.Draw(Few, new Rng(5).Split(set));
            (double[] held, double[] heldXs) = problem.Draw(Held, new Rng(6).Split(set));
            BayesianNetworkPosterior posterior = BayesianNetworkEstimation.Train(
                new SupportBijection(problem.Prior), thetas, xs, 2, Small with { Warmup = 250, Draws = 75, Thinning = 2 }, new Rng(7).Split(set)).Posterior;
            covered[set] = Intervals.Covered(posterior, held, heldXs, 0.9, new Rng(8));
        });
        double mean = covered.Average(), error = Math.Sqrt(covered.Average(c => (c - mean) * (c - mean)) / (Sets - 1));
        output.WriteLine($"{mean:F3} ± {error:F3}");

        // 0.88 was asked for; above 0.9 the prior of the network may be wide for a problem as simple.
        Assert.InRange(mean, Math.Max(0.88, 0.9 - (4 * error)), 0.95);
    }

    [Fact]
    public void Page_Example_IsAboutTheExactPosterior()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        IDistribution prior = problem.Prior;
        (double[] thetas, double[] xs) = problem.Draw(32, new Rng(5));
        double[] draws = new double[2 * 4000];
        // snippet: bayesian-networks
        BayesianNetworkResult result = BayesianNetworkEstimation.Train(new SupportBijection(prior), thetas, xs, features: 2, new BayesianNetworkOptions(), new Rng(seed: 1));

        result.Posterior.Sample(x: [0.5, -1], draws, new Rng(seed: 2));
        bool isSound = result.Warnings.Count == 0;      // R-hat and effective networks, divergences, why sampling ended
        // end-snippet
        (double[] exact, double[] covariance) = problem.Moments([0.5, -1]);
        double mean = Enumerable.Range(0, 4000).Average(i => draws[2 * i]), sd = Math.Sqrt(Enumerable.Range(0, 4000).Average(i => Math.Pow(draws[2 * i] - mean, 2)));
        output.WriteLine($"{result with { Posterior = null! }} {string.Join(' ', result.Warnings)}");
        Assert.True(isSound);

        // 32 simulations know a mean of residuals to 1/√32 of their width at best, and widths to 1/√64: three of each, and more to the wide side.
        Assert.Equal(exact[0], mean, 3 * Math.Sqrt(covariance[0]));
        Assert.InRange(sd / Math.Sqrt(covariance[0]), 0.6, 2.5);
        MapResult map = result.Posterior.Map([0.5, -1], new Rng(3));
        Assert.True(map.Converged);
        Assert.InRange(Math.Abs(map.Theta[0] - exact[0]) / Math.Sqrt(covariance[0]), 0, 3);
    }

    [Fact]
    public void LogProb_IntegratesToOneAndFitsTheDraws()
    {
        var line = new Uniform(-1, 2);
        BayesianNetworkPosterior posterior = Fitted(line).Posterior;
        EstimatorChecks.AssertIntegratesToOne(posterior, line, X, edge: 30);
        EstimatorChecks.AssertDrawsFitTheDensity(posterior, line, X);
        var box = new Box([-1, 0], [3, 0.5]);
        EstimatorChecks.AssertIntegratesToOne(Fitted(box).Posterior, box, X, edge: 25);
    }

    [Fact]
    public void LogProb_IsTheMeanOverNetworks()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new Normal(1, 1)), ("c", new Normal(0, 1)));
        BayesianNetworkPosterior posterior = Fitted(prior).Posterior;
        double[] theta = [0.3, 1, -0.5], scaled = new double[2], z = new double[3], log = new double[1], logs = new double[posterior.Networks];
        posterior.Coordinates.X.Apply(X, scaled);
        posterior.Coordinates.ScaleTheta(theta, z);
        posterior.At(scaled).LogProbs(z, logs);
        posterior.LogProb(X, theta, log);
        Assert.Equal(Math.Log(logs.Average(Math.Exp)) + posterior.Coordinates.Theta.LogAbsDet, log[0], 1e-10);
    }

    [Fact]
    public void State_Imported_GivesTheSameBits()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new LogNormal(0, 1)), ("c", new Uniform(-1, 2)));
        BayesianNetworkPosterior posterior = Fitted(prior).Posterior;
        Assert.Equal(100, posterior.Networks);
        EstimatorChecks.AssertStateCarriesAll(posterior, BayesianNetworkEstimation.Untrained(new SupportBijection(prior), X.Length, Small, posterior.Networks), X);
    }

    [Fact]
    public void Train_TwiceWithOneSeed_GivesTheSameBits()
    {
        var prior = new Uniform(0, 1);
        Assert.Equal(Numbers(Fitted(prior, seed: 3)), Numbers(Fitted(prior, seed: 3)));
        Assert.NotEqual(Numbers(Fitted(prior, seed: 3)), Numbers(Fitted(prior, seed: 4)));

        static double[] Numbers(BayesianNetworkResult result) => [.. ModuleState.Export(result.Posterior).SelectMany(t => t.Value.ToArray()), result.RHat, result.Ess, result.Gradients];
    }

    [Fact]
    public void Train_WithFewGradients_SaysWhatItHas()
    {
        var prior = new Uniform(0, 1);
        BayesianNetworkResult whole = Fitted(prior), partial = Fitted(prior, Small with { MaxGradients = whole.Gradients * 9 / 10 }), none = Fitted(prior, Small with { MaxGradients = 100 });
        Assert.Equal(SamplerStop.Completed, whole.StopReason);
        Assert.Equal(SamplerStop.BudgetExhausted, partial.StopReason);
        Assert.InRange(partial.Posterior.Networks, 10, whole.Posterior.Networks - 2);
        Assert.Contains("gradients were used", partial.Warnings[0], StringComparison.Ordinal);
        Assert.True(partial.Gradients < whole.Gradients);

        // The same chains up to there.
        int kept = partial.Posterior.Networks / 2;
        double[] all = ModuleState.Export(whole.Posterior).Get("biases").ToArray(), first = ModuleState.Export(partial.Posterior).Get("biases").ToArray();
        Assert.Equal([.. all[..kept], .. all[50..(50 + kept)]], first);

        Assert.Equal(SamplerStop.BudgetExhausted, none.StopReason);
        Assert.Equal(0, none.Posterior.Networks);
        Assert.Contains("no network", none.Warnings[0], StringComparison.Ordinal);
        double[] theta = new double[3], log = new double[1];
        none.Posterior.Sample(X, theta, new Rng(1));
        none.Posterior.LogProb(X, [0.5], log);
        Assert.All([.. theta, .. log], v => Assert.True(double.IsNaN(v)));
    }

    [Fact]
    public void Train_WithoutAWarmup_DoesNotPassForSound()
    {
        BayesianNetworkResult result = Fitted(new Uniform(0, 1), Small with { Warmup = 5, Draws = 20 });
        Assert.NotEmpty(result.Warnings);
    }

    [Fact]
    public void Train_OnWhatTellsNothing_Ends()
    {
        var prior = new IndependentProduct(("share", new Uniform(0, 1)), ("scale", new LogNormal(0, 1)));
        double[] thetas = new double[60], xs = new double[60], draws = new double[40];
        Array.Fill(xs, 3);
        foreach (bool varies in (bool[])[true, false])
        {
            for (int i = 0; i < 30; i++)
            {
                prior.Sample(thetas.AsSpan(2 * i, 2), new Rng(varies ? (ulong)i : 1));
            }

            BayesianNetworkPosterior posterior = BayesianNetworkEstimation.Train(new SupportBijection(prior), thetas, xs, 2, Small, new Rng(1)).Posterior;
            foreach (double[] x in (double[][])[[3, 3], [3, 4], [1e9, -1e9], [1e300, double.MaxValue]])
            {
                posterior.Sample(x, draws, new Rng(2));
                Assert.All(draws.Chunk(2), theta => Assert.True(double.IsFinite(prior.LogProb(theta)), $"{theta[0]}, {theta[1]}"));
            }
        }
    }

    [Fact]
    public void Calls_WithWrongNumbers_SayWhatIsExpected()
    {
        var bijection = new SupportBijection(new Uniform(0, 1));
        double[] thetas = [.. Enumerable.Range(1, 20).Select(i => i / 21.0)], xs = [.. thetas.Select(t => 2 * t)];
        Assert.Contains("10 to 1000 simulations, got 9", Refused([.. thetas[..9]], xs[..9]), StringComparison.Ordinal);
        Assert.Contains("got 1001: a flow", Refused([.. Enumerable.Repeat(0.5, 1001)], [.. Enumerable.Repeat(0.5, 1001)]), StringComparison.Ordinal);
        Assert.Contains("1.5", Refused([1.5, .. thetas[1..]], xs), StringComparison.Ordinal);
        Assert.Contains("finite", Refused(thetas, [.. xs[..^1], double.NaN]), StringComparison.Ordinal);
        Refused(thetas[..^1], xs);
        foreach (BayesianNetworkOptions bad in (BayesianNetworkOptions[])[Small with { Hidden = -1 }, Small with { Chains = 1 }, Small with { Warmup = -1 }, Small with { Draws = 0 }, Small with { Thinning = 0 }, Small with { TargetAcceptance = 1 }, Small with { MaxGradients = 0 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => BayesianNetworkEstimation.Train(bijection, thetas, xs, 1, bad, new Rng(1)));
        }

        BayesianNetworkPosterior posterior = Fitted(new Uniform(0, 1)).Posterior;
        Assert.Throws<ArgumentException>(() => posterior.Sample([1, double.NaN], new double[1], new Rng(1)));
        Assert.Throws<ArgumentException>(() => posterior.LogProb(X, new double[2], new double[1]));
        double[] logs = new double[2];
        posterior.LogProb(X, [1.5, double.NaN], logs);
        Assert.Equal([double.NegativeInfinity, double.NaN], logs);

        string Refused(double[] some, double[] seen) =>
            Assert.ThrowsAny<ArgumentException>(() => BayesianNetworkEstimation.Train(bijection, some, seen, 1, Small, new Rng(1))).Message;
    }

    private static BayesianNetworkResult Fitted(IDistribution prior, BayesianNetworkOptions? options = null, ulong seed = 10)
    {
        const int Rows = 40;
        int d = prior.Dimension;
        double[] thetas = new double[Rows * d], xs = new double[Rows * 2];
        var rng = new Rng(9);
        for (int i = 0; i < Rows; i++)
        {
            prior.Sample(thetas.AsSpan(i * d, d), rng);
            (xs[2 * i], xs[(2 * i) + 1]) = (thetas[i * d] + rng.NextNormal(), rng.NextNormal());
        }

        return BayesianNetworkEstimation.Train(new SupportBijection(prior), thetas, xs, 2, options ?? Small, new Rng(seed));
    }
}
