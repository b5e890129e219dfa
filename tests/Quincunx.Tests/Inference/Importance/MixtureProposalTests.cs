using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Importance;

public sealed class MixtureProposalTests
{
    [Fact]
    public void LogProb_OfAnIntervalAndAHalfLine_IntegratesToOne()
    {
        MixtureProposal proposal = Two(out SupportBijection bijection);

        // Through z = sinh(s), where tails of power −6 are below 1e-10 at |s| = 7; the density's own Jacobian is undone by numbers, not by the class's formula.
        const int Points = 280;
        const double Step = 14.0 / Points, Small = 1e-6;
        double sum = 0;
        for (int i = 0; i < Points; i++)
        {
            for (int j = 0; j < Points; j++)
            {
                double s = -7 + ((i + 0.5) * Step), t = -7 + ((j + 0.5) * Step);
                double[] z = [Math.Sinh(s), Math.Sinh(t)];
                double slopes = Slope(bijection, z, 0) * Slope(bijection, z, 1);
                double[] theta = new double[2], log = new double[1];
                bijection.ToConstrained(z, theta);
                proposal.LogProb(theta, log);
                sum += slopes > 0 ? Math.Exp(log[0]) * slopes * Math.Cosh(s) * Math.Cosh(t) * Step * Step : 0;
            }
        }

        Assert.Equal(1, sum, 1e-3);

        static double Slope(SupportBijection bijection, double[] z, int k)
        {
            double[] low = [.. z], high = [.. z], a = new double[2], b = new double[2];
            (low[k], high[k]) = (z[k] - Small, z[k] + Small);
            bijection.ToConstrained(low, a);
            bijection.ToConstrained(high, b);
            return (b[k] - a[k]) / (2 * Small);
        }
    }

    [Fact]
    public void Sample_OfAKnownTarget_GivesItsEvidenceAndMean()
    {
        MixtureProposal proposal = Two(out _);
        double[] draws = new double[2 * 40_000], logs = new double[40_000];
        proposal.Sample(draws, new Rng(3));
        proposal.LogProb(draws, logs);

        // Uniform times exponential, without its constant: ∫ = 2 · 1/3, means 1 and 1/3.
        double[] logWeights = [.. logs.Select((q, i) => (-3 * draws[(2 * i) + 1]) - q)];
        var weights = ImportanceWeights.FromLog(logWeights);
        Assert.Equal(Math.Log(2.0 / 3), weights.LogEvidence, 4.5 * weights.LogEvidenceError);
        Assert.True(weights.Efficiency > 0.2);
        double first = weights.Weights.ToArray().Select((w, i) => w * draws[2 * i]).Average(), second = weights.Weights.ToArray().Select((w, i) => w * draws[(2 * i) + 1]).Average();
        Assert.Equal(1, first, 4.5 / Math.Sqrt(3 * weights.EffectiveSampleSize));
        Assert.Equal(1.0 / 3, second, 4.5 / 3 / Math.Sqrt(weights.EffectiveSampleSize));
    }

    [Fact]
    public void LogProb_OutsideTheSupportOrNaN_IsNoDensity()
    {
        MixtureProposal proposal = Two(out _);
        double[] logs = new double[3];
        proposal.LogProb([2.5, 1, 1, -1, double.NaN, 1], logs);
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity, double.NaN], logs);
        Assert.Throws<ArgumentException>(() => proposal.LogProb([1, 1, 1], new double[1]));
        Assert.Throws<ArgumentException>(() => proposal.Sample(new double[3], new Rng(1)));
        Assert.Throws<ArgumentException>(() => new MixtureProposal(StudentTMixture.Of([StudentTComponent.FromScale(1, [0.0], [1.0], 5)]), new SupportBijection([new Support(0, 2), new Support(0, double.PositiveInfinity)])));
    }

    private static MixtureProposal Two(out SupportBijection bijection)
    {
        bijection = new SupportBijection([new Support(0, 2), new Support(0, double.PositiveInfinity)]);
        return new MixtureProposal(
            StudentTMixture.Of(
            [
                StudentTComponent.FromScale(0.4, [0.5, -1.5], [2.0, 0.2, 0.2, 1.5], 4),
                StudentTComponent.FromScale(0.6, [-0.5, -1.0], [2.5, -0.3, -0.3, 2.0], 6),
            ]),
            bijection);
    }
}
