using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Physics.Toys;

public sealed class GaltonBoardTests
{
    [Theory]
    [InlineData(1, 0.3), InlineData(20, 0.5), InlineData(200, 0.9), InlineData(20, 0.0), InlineData(20, 1.0)]
    public void LogLikelihood_OverBins_SumsToOneWithBinomialMean(int rows, double theta)
    {
        var board = new GaltonBoard(rows);
        double[] p = [.. Enumerable.Range(0, rows + 1).Select(bin => Math.Exp(board.LogLikelihood([theta], [bin])))];
        Assert.Equal(1, p.Sum(), 1e-12);
        Assert.Equal(rows * theta, p.Select((q, bin) => q * bin).Sum(), 1e-10);
    }

    [Fact]
    public void LogLikelihood_SmallBoard_MatchesPascal()
        => Assert.Equal(Math.Log(10 * 0.3 * 0.3 * 0.7 * 0.7 * 0.7), new GaltonBoard(5).LogLikelihood([0.3], [2]), 1e-14);

    // Uniform prior: the evidence of every bin is 1 / (rows + 1), by quadrature over θ.
    [Theory]
    [InlineData(0), InlineData(14), InlineData(20)]
    public void LogLikelihood_OverTheta_GivesBetaEvidence(int bin)
    {
        const int Cells = 10_000;
        var board = new GaltonBoard();
        double evidence = Enumerable.Range(0, Cells).Sum(i => Math.Exp(board.LogLikelihood([(i + 0.5) / Cells], [bin]))) / Cells;
        Assert.Equal(1.0 / 21, evidence, 1e-7);
    }

    [Theory]
    [InlineData(-1), InlineData(21), InlineData(3.5), InlineData(double.PositiveInfinity)]
    public void LogLikelihood_NoSuchBin_IsImpossible(double bin)
        => Assert.Equal(double.NegativeInfinity, new GaltonBoard().LogLikelihood([0.5], [bin]));

    [Fact]
    public void Simulate_ManyBalls_FitTheLikelihood()
    {
        const int Balls = 20_000;
        var board = new GaltonBoard(8);
        int[] counts = new int[9];
        double[] x = new double[1];
        for (int i = 0; i < Balls; i++)
        {
            ((ISimulator)board).Simulate([0.4], x, new Rng(1).Split(i));
            counts[(int)x[0]]++;
        }

        double chi2 = counts.Select((n, bin) => (n, Expected: Balls * Math.Exp(board.LogLikelihood([0.4], [bin]))))
            .Sum(c => (c.n - c.Expected) * (c.n - c.Expected) / c.Expected);
        Assert.InRange(chi2, 0, 26.1);      // 8 degrees of freedom: above in 1 of 1,000 seeds
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaltonBoard(0));
        Assert.Throws<ArgumentException>(() => ((ISimulator)new GaltonBoard()).Simulate([0.5, 0.5], new double[1], new Rng(1)));
        Assert.Throws<ArgumentException>(() => new GaltonBoard().LogLikelihood([0.5], new double[2]));
        foreach (double bad in (double[])[-0.1, 1.1, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => ((ISimulator)new GaltonBoard()).Simulate([bad], new double[1], new Rng(1)));
        }

        Assert.Equal(double.NaN, new GaltonBoard().LogLikelihood([0.5], [double.NaN]));
    }
}
