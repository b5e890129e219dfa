using Quincunx.Inference;
using Quincunx.Inference.Abc;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Restriction;
using Quincunx.Inference.Samplers;
using Quincunx.Inference.Sequential;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Simulation;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Methods;

/// <summary>A prior that is known by its draws alone: what needs no density finds the posterior, and what needs one says so.</summary>
public sealed class ImplicitPriorTests(ITestOutputHelper output)
{
    private const double Sd = 0.4;

    // The sum of three uniform numbers about 0, whose density (Irwin and Hall) nobody but this test knows.
    private static readonly ImplicitDistribution Prior = new([new Support(-1.5, 1.5)], (theta, rng) => theta[0] = rng.NextDouble() + rng.NextDouble() + rng.NextDouble() - 1.5);

    private static readonly StubSimulator Simulator = new(1, 1, (theta, x, rng) => x[0] = theta[0] + (Sd * rng.NextNormal()));

    [Theory, Trait("Category", "Slow")]
    [InlineData("npe", 4000)]
    [InlineData("mdn", 4000)]
    [InlineData("fmpe", 4000)]
    [InlineData("npse", 16_000)]        // with 4,000 its mean at 1 was off by 0.33 standard deviations, with these by 0.18: the error of this small network, since the prior is not looked at (below)
    [InlineData("abc", 4000)]
    public void Train_OnDrawsAlone_FindsThePosterior(string name, int simulations)
    {
        const int Draws = 4000;
        SimulationPairs pairs = new SimulationRunner(Simulator).Run(Prior, 0, simulations, new Rng(1)).Successful();
        IPosteriorEstimator posterior = name == "abc"
            ? AbcEstimator.Fit(new SupportBijection(Prior), pairs.Theta, pairs.X, 1, new AbcEstimatorOptions(), new Rng(2))
            : MethodCases.Of(name).Train(Prior, pairs.Theta, pairs.X, 1, MethodCases.Of(name).Training, new Rng(2), CancellationToken.None).Posterior;
        double[] draws = new double[Draws];
        foreach (double x in (double[])[-0.3, 1])
        {
            (double exact, double exactSd) = Exact(x);
            posterior.Sample([x], draws, new Rng(3));
            double mean = draws.Average(), sd = Math.Sqrt(draws.Average(t => (t - mean) * (t - mean)));
            output.WriteLine($"{name} at {x}: mean {mean:F3}, exactly {exact:F3}; sd {sd:F3}, exactly {exactSd:F3}");

            // 4,000 draws have means within 0.03 sd and deviations within 2 %; what is left is the error of a network trained for a moment.
            Assert.Equal(exact, mean, 0.25 * exactSd);
            Assert.InRange(sd / exactSd, 0.8, 1.2);
        }
    }

    [Theory]
    [InlineData("npe")]
    [InlineData("mdn")]
    [InlineData("fmpe")]
    [InlineData("npse")]
    public void Train_OnDrawsAlone_LearnsWhatItWouldBesideAnyDensity(string name)
    {
        SimulationPairs pairs = new SimulationRunner(Simulator).Run(Prior, 0, 400, new Rng(1)).Successful();
        double[] draws = new double[200], others = new double[200];
        MethodCase method = MethodCases.Of(name);
        method.Train(Prior, pairs.Theta, pairs.X, 1, method.Training with { MaxEpochs = 2 }, new Rng(2), CancellationToken.None).Posterior.Sample([0.3], draws, new Rng(3));
        method.Train(new Uniform(-1.5, 1.5), pairs.Theta, pairs.X, 1, method.Training with { MaxEpochs = 2 }, new Rng(2), CancellationToken.None).Posterior.Sample([0.3], others, new Rng(3));
        Assert.All(draws, t => Assert.InRange(t, -1.5, 1.5));
        Assert.Equal(others, draws);
    }

    [Fact]
    public void RejectionAbc_OnDrawsAlone_FindsThePosterior()
    {
        AbcResult result = new RejectionAbc(Simulator, Prior, new RejectionAbcOptions { AcceptedShare = 0.02, Budget = 50_000 }).Run([0.5], new Rng(1));
        double[] draws = [.. Enumerable.Range(0, result.Draws.Count).Select(i => result.Draws.Theta[i])];
        (double exact, double sd) = Exact(0.5);

        // 4 standard errors of about 1,000 draws; what is accepted lies within a few hundredths of the observation, which adds nothing to see.
        Assert.InRange(draws.Length, 500, 1500);
        Assert.Equal(exact, draws.Average(), 4 * sd / Math.Sqrt(draws.Length));
    }

    [Fact]
    public void Restriction_OfDrawsAlone_HasDrawsAlone()
    {
        SimulationSet runs = new SimulationRunner(new StubSimulator(1, 1, (theta, x, _) => x[0] = theta[0] > 0.5 ? double.NaN : theta[0])).Run(Prior, 0, 4000, new Rng(1));
        RestrictionResult result = PriorRestriction.Learn(Prior, runs, new RestrictionOptions { LostShare = 0.01 }, new Rng(2));
        double[] theta = new double[1];
        Assert.Equal(RestrictionStop.Restricted, result.StopReason);
        Assert.False(result.Prior.HasDensity);
        Assert.Throws<NotSupportedException>(() => result.Prior.LogProb([0]));
        for (int i = 0; i < 1000; i++)
        {
            result.Prior.Sample(theta, new Rng(3).Split(i));
            Assert.InRange(theta[0], -1.5, 0.6);
        }
    }

    public static TheoryData<string> Doors => ["nle", "nre-c", "apt", "smc-abc", "population", "truncation", "tempering", "smc", "nested"];

    [Theory, MemberData(nameof(Doors))]
    public void Door_ThatNeedsADensity_SaysSo(string door)
    {
        double[] thetas = new double[100], xs = new double[100];
        for (int i = 0; i < 100; i++)
        {
            Prior.Sample(thetas.AsSpan(i, 1), new Rng(5).Split(i));
            xs[i] = thetas[i] + (0.01 * i);
        }

        // One part without a density is enough.
        IDistribution[] priors = [Prior, new Mixture([1, 1], new Uniform(-1.5, 1.5), Prior), new IndependentProduct(("a", Prior))];
        foreach (IDistribution prior in priors)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => Open(door, prior, thetas, xs));
            Assert.Contains("the prior's density", error.Message, StringComparison.Ordinal);
            Assert.Contains("npe, fmpe, npse, mdn and abc need draws alone", error.Message, StringComparison.Ordinal);
            Assert.Equal("prior", error.ParamName);
        }
    }

    [Fact]
    public void HasDensity_OfWhatHasOne_IsTrue()
    {
        IDistribution[] all = [new Normal(0, 1), new Box([0], [1]), new Mixture([1, 1], new Uniform(0, 1), new Beta(2, 2)), new IndependentProduct(("a", new Gamma(2, 1)))];
        Assert.All(all, d => Assert.True(d.HasDensity));
    }

    [Fact]
    public void Sample_OutsideTheSupport_Throws()
    {
        double[] theta = new double[1];
        var outside = new ImplicitDistribution([new Support(0, 1)], (x, _) => x[0] = 2);
        Assert.Contains("got 2", Assert.Throws<InvalidOperationException>(() => outside.Sample(theta, new Rng(1))).Message, StringComparison.Ordinal);
        var nan = new ImplicitDistribution([Support.Real], (x, _) => x[0] = double.NaN);
        Assert.Contains("NaN", Assert.Throws<InvalidOperationException>(() => nan.Sample(theta, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImplicitDistribution([], (_, _) => { }));
        Assert.Throws<ArgumentException>(() => Prior.Sample(new double[2], new Rng(1)));
    }

    private static void Open(string door, IDistribution prior, double[] thetas, double[] xs)
    {
        var pairs = new SimulationPairs(thetas, xs, thetas.Length, 0);
        var likelihood = new FunctionTarget(1, theta => -theta[0] * theta[0]);
        switch (door)
        {
            case "nle" or "nre-c" or "apt":
                MethodCases.Of(door).Train(prior, thetas, xs, 1, MethodCases.Of(door).Training with { MaxEpochs = 1 }, new Rng(1), CancellationToken.None);
                break;
            case "smc-abc":
                _ = new SmcAbc(Simulator, prior, new SmcAbcOptions());
                break;
            case "population":
                PopulationAbc.Fit(prior, [pairs], [0.5], new AbcEstimatorOptions(), new Rng(1));
                break;
            case "truncation":
                _ = new RestrictedPrior(prior, new SupportBijection(prior), new Ellipsoid([0], [1], 1));
                break;
            case "tempering":
                ParallelTempering.Run(likelihood, prior, new Rng(1));
                break;
            case "smc":
                SequentialMonteCarlo.Run(likelihood, prior, new Rng(1));
                break;
            default:
                NestedSampling.Run(likelihood, prior, new Rng(1));
                break;
        }
    }

    // By the midpoint rule. With u = |theta|: 3/4 - u² up to 1/2, and (3/2 - u)² / 2 beyond.
    private static (double Mean, double Sd) Exact(double x)
    {
        const int Cells = 10_000;
        double mass = 0, first = 0, second = 0;
        for (int i = 0; i < Cells; i++)
        {
            double theta = -1.5 + (3 * (i + 0.5) / Cells), u = Math.Abs(theta);
            double weight = (u < 0.5 ? 0.75 - (u * u) : 0.5 * (1.5 - u) * (1.5 - u)) * Math.Exp(-0.5 * (x - theta) * (x - theta) / (Sd * Sd));
            (mass, first, second) = (mass + weight, first + (weight * theta), second + (weight * theta * theta));
        }

        double mean = first / mass;
        return (mean, Math.Sqrt((second / mass) - (mean * mean)));
    }
}
