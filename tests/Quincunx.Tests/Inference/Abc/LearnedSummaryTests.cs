using Quincunx.Inference.Abc;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Simulation;

namespace Quincunx.Tests.Inference.Abc;

public sealed class LearnedSummaryTests
{
    private const int Outputs = 20;

    // Twenty looks at theta with noise of 2: the mean of them is sufficient, with noise 2/√20, and explains 1/(1 + 0.2) of the variance.
    private static readonly StubSimulator Looks = new(1, Outputs, (theta, x, rng) =>
    {
        for (int j = 0; j < x.Length; j++)
        {
            x[j] = theta[0] + (2 * rng.NextNormal());
        }
    });

    [Fact]
    public void Fit_ManyNoisyOutputs_FindsTheSufficientOne()
    {
        double[] observed = [.. Enumerable.Range(0, Outputs).Select(j => 0.9 + (2 * Math.Sin(j)))];
        SupportBijection bijection = new(AbcProblems.NormalPrior);
        // snippet: abc-learned
        SimulationPairs pilot = new SimulationRunner(Looks).Run(AbcProblems.NormalPrior, 0, 2_000, new Rng(1)).Successful();
        var summary = LearnedSummary.Fit(bijection, pilot.Theta, pilot.X, Outputs, new LearnedSummaryOptions { Powers = 1 }, new Rng(2));

        var options = new RejectionAbcOptions { Budget = 20_000, FirstEvent = 2_000, AcceptedShare = 0.02, Summary = summary };
        AbcResult result = new RejectionAbc(Looks, AbcProblems.NormalPrior, options).Run(observed, new Rng(1));
        // end-snippet

        // An R² of n pairs has a standard error below 2 √(R²) (1 - R²) / √n; twenty slopes add 20/n by chance.
        Assert.InRange(summary.VarianceExplained[0], 0.8333 - 0.03, 0.8333 + 0.04);
        Assert.Equal((1, 20_000L, 18_000L), (summary.Count, result.Simulations, result.Populations[0].Simulations));

        // Exact: precision 1 + 20/4. The learned slopes, from 2,000 pairs, are off by a percent of the posterior's spread or so; tolerance and slopes widen it by a few.
        double exactMean = observed.Average() * 5 / 6, exactSd = Math.Sqrt(1.0 / 6), mean = result.Draws.Theta.Average();
        double sd = Math.Sqrt(result.Draws.Theta.Average(t => (t - mean) * (t - mean)));
        Assert.InRange(mean, exactMean - (0.35 * exactSd), exactMean + (0.35 * exactSd));
        Assert.InRange(sd / exactSd, 0.85, 1.2);

        // The outputs themselves, at the same budget, leave nearly the prior.
        AbcResult plain = new RejectionAbc(Looks, AbcProblems.NormalPrior, options with { Summary = null }).Run(observed, new Rng(1));
        double plainMean = plain.Draws.Theta.Average();
        Assert.True(Math.Sqrt(plain.Draws.Theta.Average(t => (t - plainMean) * (t - plainMean))) > 1.3 * exactSd);
    }

    // x = (a, a theta) with a random sign a: every power of either output is useless, and their product is theta.
    [Fact]
    [Trait("Category", "Slow")]
    public void Fit_ProductOfOutputs_IsFoundByTheNetworkOnly()
    {
        var signed = new StubSimulator(1, 2, (theta, x, rng) =>
        {
            x[0] = rng.NextDouble() < 0.5 ? -1 : 1;
            x[1] = x[0] * theta[0];
        });
        SimulationPairs pilot = new SimulationRunner(signed).Run(AbcProblems.NormalPrior, 0, 3_000, new Rng(3)).Successful();
        SupportBijection bijection = new(AbcProblems.NormalPrior);
        var linear = LearnedSummary.Fit(bijection, pilot.Theta, pilot.X, 2, new LearnedSummaryOptions { Powers = 3 }, new Rng(4));
        var network = LearnedSummary.Fit(bijection, pilot.Theta, pilot.X, 2, new LearnedSummaryOptions { Hidden = [32, 32] }, new Rng(4));
        Assert.InRange(linear.VarianceExplained[0], 0, 0.02);
        Assert.InRange(network.VarianceExplained[0], 0.95, 1);

        // In standard deviations of theta, which are 1 here.
        double[] summaries = new double[2];
        network.Compute([-1, -0.7, 1, 0.7], summaries);
        Assert.Equal([0.7, 0.7], summaries, (a, b) => Math.Abs(a - b) < 0.2);
    }

    [Fact]
    public void Fit_LengthsDoNotFit_Throws() =>
        Assert.Throws<ArgumentException>(() => LearnedSummary.Fit(new SupportBijection([Support.Real]), [1, 2], [1, 2, 3], 2, new LearnedSummaryOptions(), new Rng(1)));

    [Fact]
    public void Run_SummaryNotFinite_CountsAsFailed()
    {
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.NormalPrior, new RejectionAbcOptions { Budget = 1_000, Tolerance = 100, Summary = new LogSummary() }).Run([1], new Rng(5));
        Assert.Equal(1_000, result.Failed + result.Draws.Count);
        Assert.InRange(result.Failed, 400, 600);
        Assert.Contains("Summary 0", result.Failures[0].Message);
    }

    private sealed class LogSummary : ISummaryStatistics
    {
        public int Count => 1;

        public void Compute(ReadOnlySpan<double> x, Span<double> summaries)
        {
            for (int i = 0; i < x.Length; i++)
            {
                summaries[i] = Math.Log(x[i]);
            }
        }
    }
}
