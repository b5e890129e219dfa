using Quincunx.Inference.Adversarial;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Adversarial;

public sealed class ProposalGradientTests
{
    private const int Dimension = 2;

    // The cost ½ zᵀ A z + bᵀ z + c of z = m + L ε: its mean has the gradient Lᵀ (A m + b) in δ and the lower triangle of Lᵀ A L in S.
    private static readonly double[] A = [2, 0.5, 0.5, 1], B = [0.3, -1], M = [0.4, -0.2], L = [0.8, 0, -0.3, 0.5];
    private const double Constant = 3;

    public static TheoryData<ScoreBaseline, ProposalShape> Kinds => new()
    {
        { ScoreBaseline.None, ProposalShape.Full },
        { ScoreBaseline.Mean, ProposalShape.Full },
        { ScoreBaseline.Optimal, ProposalShape.Full },
        { ScoreBaseline.Optimal, ProposalShape.Diagonal },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void Estimate_OfAQuadraticCost_HasTheExactGradientAsItsMean(ScoreBaseline baseline, ProposalShape shape)
    {
        // Few draws a batch: a baseline made of a draw's own cost would show as a bias of a fifth.
        (double[] mean, double[] error, _) = Estimates(baseline, shape, batches: 20_000, draws: 5);
        double[] exact = Exact(shape);
        for (int i = 0; i < exact.Length; i++)
        {
            // 19 comparisons at 5 standard errors: one in 90,000.
            Assert.Equal(exact[i], mean[i], 5 * error[i]);
        }
    }

    [Fact]
    public void Estimate_WithABaseline_VariesLess()
    {
        double[] none = Estimates(ScoreBaseline.None, ProposalShape.Full, batches: 4000, draws: 64).Error;
        double[] mean = Estimates(ScoreBaseline.Mean, ProposalShape.Full, batches: 4000, draws: 64).Error;
        double[] optimal = Estimates(ScoreBaseline.Optimal, ProposalShape.Full, batches: 4000, draws: 64).Error;
        for (int i = 0; i < none.Length; i++)
        {
            // Variances of 4000 batches are known to 2.2 %, and the draws are the same. By the constant of 3 alone, costs without a baseline vary at least twice as much.
            Assert.InRange(mean[i] * mean[i], 0, 0.5 * none[i] * none[i]);
            Assert.InRange(optimal[i] * optimal[i], 0, 0.5 * none[i] * none[i]);
        }

        Assert.True(optimal.Sum(e => e * e) < mean.Sum(e => e * e));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Estimate_OfAQuadraticCost_KnowsItsVariance(ScoreBaseline baseline, ProposalShape shape)
    {
        const int Batches = 10_000, Draws = 128;
        (_, double[] error, double[] claimed) = Estimates(baseline, shape, Batches, Draws);
        for (int i = 0; i < error.Length; i++)
        {
            // The variance of 10,000 nearly normal numbers is known to 1.5 %, and what is claimed is right to order 1 / 128: 19 comparisons at 5 standard errors and that.
            double ratio = claimed[i] / (error[i] * error[i] * Batches);
            Assert.InRange(ratio, 0.91, 1.09);
        }
    }

    [Fact]
    public void StandardError_OfSteadyVariances_IsThatOfAWindowsMean()
    {
        // Two coordinates: the diagonal of S is the third and fourth number. Steps of unequal variance are averaged with the weights 0.5 and 1.
        var noise = new GradientNoise(dimension: 2, memory: 0.5, window: 100);
        Assert.Equal(0, noise.StandardError);
        noise.Add([9, 9, 1, 3, 9]);
        Assert.Equal(Math.Sqrt(2.0 / 100), noise.StandardError, 1e-12);
        noise.Add([9, 9, 4, 6, 9]);
        Assert.Equal(Math.Sqrt(((0.5 * 2) + 5) / 1.5 / 100), noise.StandardError, 1e-12);
    }

    [Fact]
    public void SlopeGradient_OfABoundedAndAPositiveCoordinate_MatchesCentralDifferences()
    {
        const double Step = 1e-5;
        const int Draws = 20;
        var bijection = new SupportBijection([new Support(-1, 2), Support.Positive, Support.Real]);
        var proposal = new GaussianProposal(bijection, ProposalShape.Full, [0.3, -0.5, 1], [0.7, 0.4, 1.2]);
        proposal.Move([0.1, 0.2, -0.1, 0.1, -0.2, 0.3, 0.4, -0.3, 0.2]);
        double[] noises = new double[3 * Draws], gradient = new double[9];
        new Rng(1).FillNormal(noises);
        proposal.SlopeGradient(noises, gradient);
        for (int i = 0; i < gradient.Length; i++)
        {
            double[] step = new double[9];
            step[i] = Step;
            double above = MeanLogSlope(step);
            step[i] = -Step;
            Assert.Equal((above - MeanLogSlope(step)) / (2 * Step), gradient[i], 1e-8);
        }

        double MeanLogSlope(double[] step)
        {
            GaussianProposal moved = proposal.Copy();
            moved.Move(step);
            double[] thetas = new double[noises.Length], slopes = new double[Draws];
            moved.Draw(noises, thetas);
            bijection.ToUnconstrained(thetas, thetas);
            bijection.LogAbsDetToConstrained(thetas, slopes);
            return slopes.Average();
        }
    }

    private static (double[] Mean, double[] Error, double[] Variance) Estimates(ScoreBaseline baseline, ProposalShape shape, int batches, int draws)
    {
        int count = ProposalGradient.Count(Dimension, shape);
        double[] sum = new double[count], squares = new double[count], noises = new double[draws * Dimension], costs = new double[draws], gradient = new double[count], variances = new double[count], claimed = new double[count];
        for (int b = 0; b < batches; b++)
        {
            new Rng(1).Split(b).FillNormal(noises);
            for (int i = 0; i < draws; i++)
            {
                double first = M[0] + (L[0] * noises[2 * i]), second = M[1] + (L[2] * noises[2 * i]) + (L[3] * noises[(2 * i) + 1]);
                costs[i] = (0.5 * ((A[0] * first * first) + (2 * A[1] * first * second) + (A[3] * second * second))) + (B[0] * first) + (B[1] * second) + Constant;
            }

            ProposalGradient.Estimate(noises, costs, Dimension, shape, baseline, gradient, variances);
            for (int k = 0; k < count; k++)
            {
                sum[k] += gradient[k];
                squares[k] += gradient[k] * gradient[k];
                claimed[k] += variances[k] / batches;
            }
        }

        double[] mean = [.. sum.Select(s => s / batches)];
        return (mean, [.. squares.Select((s, k) => Math.Sqrt(((s / batches) - (mean[k] * mean[k])) / batches))], claimed);
    }

    private static double[] Exact(ProposalShape shape)
    {
        double first = (A[0] * M[0]) + (A[1] * M[1]) + B[0], second = (A[1] * M[0]) + (A[3] * M[1]) + B[1];
        double upper = (A[0] * L[0]) + (A[1] * L[2]), lower = (A[1] * L[0]) + (A[3] * L[2]);         // A L, first column
        double[] diagonal = [(L[0] * first) + (L[2] * second), L[3] * second, (L[0] * upper) + (L[2] * lower), A[3] * L[3] * L[3]];
        return shape == ProposalShape.Full ? [.. diagonal, L[3] * lower] : diagonal;
    }
}
