using Quincunx.Inference.Adversarial;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Simulation;

namespace Quincunx.Tests.Inference.Adversarial;

/// <summary>The example of the page: the mean of a Poisson law, as in the paper.</summary>
public sealed class AvoGuide
{
    [Fact, Trait("Category", "Slow")]
    public void Mean_OfCounts_LiesWithinTwoDeviations()
    {
        const double Truth = 7;
        ISimulator simulator = new StubSimulator(1, 1, (theta, x, rng) => x[0] = rng.NextPoisson(theta[0]));
        double[] counts = [.. Enumerable.Range(0, 5000).Select(i => (double)new Rng(5).Split(i).NextPoisson(Truth))];

        // snippet: avo
        var prior = new LogNormal(Math.Log(5), 1);
        var start = GaussianProposal.Around(prior, ProposalShape.Full, new Rng(1));
        AvoResult result = AdversarialVariationalOptimization.Run(
            simulator, counts, start, new AvoOptions { MaxSteps = 1500 }, new Rng(2));

        double point = result.Proposal.Point()[0];
        (double lower, double upper) = result.Proposal.Interval(coordinate: 0, deviations: 2);
        // end-snippet

        Assert.InRange(Truth, lower, upper);
        Assert.InRange(point, lower, upper);
        Assert.InRange(upper - lower, 0, 4);
        Assert.True(result.StopReason is AvoStop.Converged or AvoStop.MaxSteps);
    }
}
