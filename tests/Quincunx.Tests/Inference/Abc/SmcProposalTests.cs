using Quincunx.Inference.Abc;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Abc;

public sealed class SmcProposalTests
{
    private static readonly double[][] Points = [[-1.0], [0.5], [2.0], [3.5]];
    private static readonly double[] Weights = [0.1, 0.2, 0.3, 0.4];
    private static readonly int[] Inner = [1, 2];

    // On a line, by sums written out: the mixture's density, and the variance of its kernels by each definition.
    [Theory]
    [InlineData(SmcKernelKind.Gaussian)]
    [InlineData(SmcKernelKind.OptimalMultivariate)]
    [InlineData(SmcKernelKind.OptimalLocal)]
    [InlineData(SmcKernelKind.NearestNeighbours)]
    public void LogDensities_OnALine_AreTheMixtures(SmcKernelKind kind)
    {
        SmcProposal proposal = SmcProposal.Make(kind, Points, Weights, Inner, neighbours: 0.75)!;
        double mean = Sum(i => Weights[i] * Points[i][0]), variance = Sum(i => Weights[i] * Math.Pow(Points[i][0] - mean, 2));
        double inner = Inner.Sum(k => Weights[k]);

        // The three nearest: of the first two points the first three, of the others the last three.
        double[][] neighbours = [[-1, 0.5, 2], [-1, 0.5, 2], [0.5, 2, 3.5], [0.5, 2, 3.5]];
        double[] variances =
        [
            .. Enumerable.Range(0, 4).Select(j => kind switch
            {
                SmcKernelKind.Gaussian => 2 * variance,
                SmcKernelKind.OptimalMultivariate => Sum(i => Weights[i] * Inner.Sum(k => Weights[k] / inner * Math.Pow(Points[k][0] - Points[i][0], 2))),
                SmcKernelKind.OptimalLocal => Inner.Sum(k => Weights[k] / inner * Math.Pow(Points[k][0] - Points[j][0], 2)) + (0.01 * variance),
                _ => neighbours[j].Average(v => Math.Pow(v - neighbours[j].Average(), 2)) + (0.01 * variance),
            }),
        ];
        foreach (double z in new[] { -3, 0.1, 2.5 })
        {
            double expected = Sum(j => Weights[j] * Math.Exp(-0.5 * Math.Pow(z - Points[j][0], 2) / variances[j]) / Math.Sqrt(2 * Math.PI * variances[j]));
            Assert.Equal(Math.Log(expected), proposal.LogDensities([[z]])[0], 1e-10);
        }

        // The mean of draws is that of the points, and their variance the points' plus the kernels'.
        const int Draws = 40_000;
        double total = variance + Sum(j => Weights[j] * variances[j]), sum = 0, squares = 0;
        double[] drawn = new double[1];
        for (int i = 0; i < Draws; i++)
        {
            proposal.Draw(drawn, new Rng(1).Split(i));
            (sum, squares) = (sum + drawn[0] - mean, squares + Math.Pow(drawn[0] - mean, 2));
        }

        // Four standard errors; the fourth moment of such a mixture is below that of a normal times two.
        Assert.InRange(sum / Draws, -4 * Math.Sqrt(total / Draws), 4 * Math.Sqrt(total / Draws));
        Assert.InRange(squares / Draws / total, 1 - (4 * Math.Sqrt(5.0 / Draws)), 1 + (4 * Math.Sqrt(5.0 / Draws)));
    }

    [Fact]
    public void Make_PointsOnALineOfThePlane_HasNoProposal() =>
        Assert.Null(SmcProposal.Make(SmcKernelKind.Gaussian, [[0, 0], [1, 2], [2, 4], [3, 6]], Weights, Inner, 0.5));

    [Fact]
    public void Make_CoordinateThatDoesNotVary_HasNoProposal() =>
        Assert.Null(SmcProposal.Make(SmcKernelKind.Gaussian, [[0, 0.1], [1, 0.1], [3, 0.1], [4, 0.1]], Weights, Inner, 0.5));

    [Fact]
    public void Next_Rules_TakeTheirShare()
    {
        double[] distances = [4, 1, 3, 2];
        SmcParticle[] particles = [.. distances.Select(d => new SmcParticle([0], [0], [0], 0, d))];

        // By distance, weights are 0.2, 0.4, 0.3, 0.1: half of the weight lies within 2.
        Assert.Equal(2, SmcTolerance.Next(ToleranceRule.Quantile, 0.5, particles, Weights));
        Assert.Equal(3, SmcTolerance.Next(ToleranceRule.Quantile, 0.7, particles, Weights));

        // Effective sizes of the nearest 1, 2, 3: 1, 0.36 / 0.2 = 1.8, 0.81 / 0.29 = 2.79, of all 1 / 0.3 = 3.33.
        Assert.Equal(2, SmcTolerance.Next(ToleranceRule.EffectiveSize, 0.5, particles, Weights));
        Assert.Equal(3, SmcTolerance.Next(ToleranceRule.EffectiveSize, 0.6, particles, Weights));
    }

    [Fact]
    public void Next_FewDistances_GoesToTheNextSmallerOne()
    {
        SmcParticle[] particles = [.. new double[] { 0, 1, 1, 1 }.Select(d => new SmcParticle([0], [0], [0], 0, d))];
        Assert.Equal(0, SmcTolerance.Next(ToleranceRule.Quantile, 0.5, particles, Weights));
        Assert.Equal(1, SmcTolerance.Next(ToleranceRule.Quantile, 0.5, particles[1..], [0.2, 0.4, 0.4]));
    }

    private static double Sum(Func<int, double> term) => Enumerable.Range(0, 4).Sum(term);
}
