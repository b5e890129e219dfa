using Quincunx.Inference.Adversarial;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Adversarial;

public sealed class GaussianProposalTests
{
    private static readonly SupportBijection Bijection = new([new Support(-1, 2), Support.Positive]);

    [Fact]
    public void LogProb_OverTheSupport_IntegratesToOneAndHasTheStatedEntropy()
    {
        GaussianProposal proposal = Correlated();
        const int Cells = 1500;
        double total = 0, entropy = 0;
        for (int i = 0; i < Cells; i++)
        {
            for (int j = 0; j < Cells; j++)
            {
                // The midpoint rule in theta₁ and in log theta₂.
                double log = -6 + (10.0 * (j + 0.5) / Cells);
                double[] theta = [-1 + (3 * (i + 0.5) / Cells), Math.Exp(log)];
                double logProb = proposal.LogProb(theta), mass = Math.Exp(logProb) * 3 / Cells * 10 / Cells * theta[1], slope = Bijection.LogAbsDetToConstrained(Unconstrained(theta));
                total += mass;
                entropy -= mass * (logProb + slope);
            }
        }

        Assert.Equal(1, total, 1e-6);
        Assert.Equal(proposal.Entropy, entropy, 1e-5);
        Assert.Equal(double.NegativeInfinity, proposal.LogProb([3, 1]));
        Assert.Equal(double.NaN, proposal.LogProb([0, double.NaN]));
    }

    [Fact]
    public void Sample_ManyDraws_HaveMeanAndCovariance()
    {
        const int Draws = 20_000;
        GaussianProposal proposal = Correlated();
        double[] theta = new double[2], covariance = proposal.Covariance();
        double first = 0, second = 0, product = 0, distance = 0;
        for (int i = 0; i < Draws; i++)
        {
            proposal.Sample(theta, new Rng(2).Split(i));
            double[] z = Unconstrained(theta);
            double a = z[0] - proposal.Mean[0], b = z[1] - proposal.Mean[1];
            (first, second, product) = (first + (a / Draws), second + (b / Draws), product + (a * b / Draws));
            distance += proposal.Distance(theta) * proposal.Distance(theta) / Draws;
        }

        // 4 comparisons at 4.5 standard errors: one in 40,000. The squared distance is chi-squared with 2 degrees of freedom.
        double error = 4.5 / Math.Sqrt(Draws);
        Assert.Equal(0, first, error * Math.Sqrt(covariance[0]));
        Assert.Equal(0, second, error * Math.Sqrt(covariance[3]));
        Assert.Equal(covariance[1], product, error * Math.Sqrt((covariance[0] * covariance[3]) + (covariance[1] * covariance[1])));
        Assert.Equal(2, distance, 2 * error);
    }

    [Fact]
    public void Interval_OfDeviations_IsWhereDeviationsToSays()
    {
        GaussianProposal proposal = Correlated();
        (double low, double high) = proposal.Interval(1, deviations: 2);
        Assert.Equal(-2, proposal.DeviationsTo([proposal.Point()[0], low])[1], 1e-12);
        Assert.Equal(2, proposal.DeviationsTo([proposal.Point()[0], high])[1], 1e-12);
        Assert.Equal(0, proposal.Distance(proposal.Point()), 1e-12);
    }

    [Fact]
    public void Around_APrior_HasItsMoments()
    {
        var prior = new IndependentProduct(("a", new LogNormal(0.5, 0.7)), ("b", new Normal(-1, 2)));
        const int Draws = 4000;
        var proposal = GaussianProposal.Around(prior, ProposalShape.Diagonal, new Rng(1), Draws);

        // 4 comparisons at 4.5 standard errors, of a mean and of a deviation.
        double error = 4.5 / Math.Sqrt(Draws);
        Assert.Equal(0.5, proposal.Mean[0], 0.7 * error);
        Assert.Equal(-1, proposal.Mean[1], 2 * error);
        Assert.Equal(0.7, proposal.Deviations()[0], 0.7 * error / Math.Sqrt(2));
        Assert.Equal(2, proposal.Deviations()[1], 2 * error / Math.Sqrt(2));
        Assert.Throws<ArgumentException>(() => GaussianProposal.Around(new Categorical([0.5, 0.5]), ProposalShape.Full, new Rng(1)));
    }

    [Fact]
    public void Move_ByAStep_MultipliesTheFactor()
    {
        var proposal = new GaussianProposal(Bijection, ProposalShape.Full, [0.5, -0.5], [2, 3]);
        proposal.Move([0.1, -0.2, Math.Log(2), Math.Log(0.5), 0.4]);
        Assert.Equal([0.7, -1.1], proposal.Mean.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([4, 0, 1.2, 1.5], proposal.Factor.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Import_OfAnExport_GivesTheSameDensity()
    {
        GaussianProposal proposal = Correlated(), other = new(Bijection, ProposalShape.Full, [0, 0], [1, 1]);
        StateFile.Carry(proposal, other);
        Assert.Equal(proposal.LogProb([1, 0.4]), other.LogProb([1, 0.4]));
    }

    [Fact]
    public void Constructor_WithBadNumbers_Throws()
    {
        Assert.Throws<ArgumentException>(() => new GaussianProposal(Bijection, ProposalShape.Full, [0], [1, 1]));
        Assert.Throws<ArgumentException>(() => new GaussianProposal(Bijection, ProposalShape.Full, [0, 0], [1, 0]));
        Assert.Throws<ArgumentException>(() => new GaussianProposal(Bijection, ProposalShape.Full, [0, double.NaN], [1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProposal(Bijection, (ProposalShape)9, [0, 0], [1, 1]));
        Assert.Throws<ArgumentException>(() => Correlated().Distance([5, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Correlated().Interval(2, 1));
    }

    private static GaussianProposal Correlated()
    {
        var proposal = new GaussianProposal(Bijection, ProposalShape.Full, [0.3, -0.8], [0.7, 0.4]);
        proposal.Move([0, 0, 0, 0, 0.6]);
        return proposal;
    }

    private static double[] Unconstrained(double[] theta)
    {
        double[] z = new double[2];
        Bijection.ToUnconstrained(theta, z);
        return z;
    }
}
