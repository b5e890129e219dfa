using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Physics.Toys;

public sealed class GeneralizedGaltonBoardTests
{
    private const string Data = "galton";
    private static readonly GeneralizedGaltonBoard Board = new();

    [SharedDataFact(Data)]
    public void LogLikelihoodAndScore_AllBinsAndThetas_MatchTheReference()
    {
        foreach (double[] row in SharedData.ReadCsv($"{Data}/exact_pmf.csv"))
        {
            (double theta, double bin, double p, double score) = (row[0], row[1], row[2], row[3]);
            Assert.Equal(p, Math.Exp(Board.LogLikelihood([theta], [bin])), 1e-9 * p);
            Assert.Equal(p, Board.Probabilities(theta)[(int)bin - GeneralizedGaltonBoard.FirstBin], 1e-9 * p);
            Assert.Equal(score, Board.Score(theta, bin), 1e-9);
        }
    }

    [SharedDataFact(Data)]
    public void FisherInformation_AllThetas_MatchesTheReference()
    {
        foreach (double[] row in SharedData.ReadCsv($"{Data}/fisher.csv"))
        {
            (double bin, double path) = Board.FisherInformation(row[0]);
            Assert.Equal(row[1], bin, 1e-9);
            Assert.Equal(row[2], path, 1e-9);
        }
    }

    // At theta = 0 every nail is a fair coin.
    [Fact]
    public void Probabilities_NoTilt_AreBinomial()
    {
        double[] p = Board.Probabilities(0);
        double expected = Math.Pow(0.5, 20);
        for (int k = 0; k <= 20; k++)
        {
            Assert.Equal(expected, p[k], 1e-13 * expected);
            expected *= (20.0 - k) / (k + 1);
        }
    }

    // By the definition with σ, over all 2^20 paths.
    [Fact]
    public void Probabilities_SumOverAllPaths_Agree()
    {
        const double Theta = -0.7;
        double[] p = new double[31];
        Descend(0, 15, 1);
        Assert.All(Board.Probabilities(Theta), (mass, i) => Assert.Equal(p[5 + i], mass, 1e-11 * mass));

        void Descend(int row, int n, double chance)
        {
            if (row == 20)
            {
                p[n] += chance;
                return;
            }

            double f = Math.Sin(Math.PI * row / 19), left = ((1 - f) / 2) + (f / (1 + Math.Exp(-10 * Theta * ((2 * n / 30.0) - 1))));
            Descend(row + 1, row % 2 == 0 ? n : n - 1, chance * left);
            Descend(row + 1, row % 2 == 0 ? n + 1 : n, chance * (1 - left));
        }
    }

    [Fact]
    public void Simulate_ManyBalls_FitTheLikelihood()
    {
        const int Balls = 50_000;
        int[] counts = new int[21];
        double[] x = new double[1];
        for (int i = 0; i < Balls; i++)
        {
            ((ISimulator)Board).Simulate([-0.8], x, new Rng(1).Split(i));
            counts[(int)x[0] - GeneralizedGaltonBoard.FirstBin]++;
        }

        double chi2 = Board.Probabilities(-0.8).Zip(counts, (p, n) => (n - (Balls * p)) * (n - (Balls * p)) / (Balls * p)).Sum();
        Assert.InRange(chi2, 0, 45.3);      // 20 degrees of freedom: above in 1 of 1,000 seeds
    }

    // The mean square of the path's score is its Fisher information, and its mean over balls of a bin is the score of the bin: within 4 standard errors.
    [Fact]
    public void Mine_ManyBalls_ScoresPathsAndBins()
    {
        const int Balls = 20_000;
        var miner = new Miner(Board);
        double[] x = new double[1], score = new double[1];
        double sum = 0, squares = 0, ofBin = 0, squaresOfBin = 0;
        int inBin = 0;
        for (int i = 0; i < Balls; i++)
        {
            miner.Mine([-0.8], [], x, [], score, new Rng(3).Split(i));
            double t = score[0];
            sum += t * t;
            squares += t * t * t * t;
            if (x[0] == 20)
            {
                (inBin, ofBin, squaresOfBin) = (inBin + 1, ofBin + t, squaresOfBin + (t * t));
            }
        }

        double mean = ofBin / inBin;
        Assert.Equal(Board.Score(-0.8, 20), mean, 4 * Math.Sqrt(((squaresOfBin / inBin) - (mean * mean)) / inBin));

        Assert.Equal(Board.FisherInformation(-0.8).Path, sum / Balls, 4 * Math.Sqrt((squares / Balls) - (sum / Balls * (sum / Balls))) / Math.Sqrt(Balls));
    }

    [Theory]
    [InlineData(4), InlineData(26), InlineData(15.5), InlineData(double.PositiveInfinity)]
    public void LogLikelihood_NoSuchBin_IsImpossible(double bin)
    {
        Assert.Equal(double.NegativeInfinity, Board.LogLikelihood([-0.8], [bin]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Board.Score(-0.8, bin));
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => ((ISimulator)Board).Simulate([0.5, 0.5], new double[1], new Rng(1)));
        Assert.Throws<ArgumentException>(() => Board.LogLikelihood([0.5], new double[2]));
        foreach (double bad in (double[])[double.NegativeInfinity, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => ((ISimulator)Board).Simulate([bad], new double[1], new Rng(1)));
            Assert.Throws<ArgumentOutOfRangeException>(() => Board.LogLikelihood([bad], [15]));
            Assert.Throws<ArgumentOutOfRangeException>(() => Board.Probabilities(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => Board.FisherInformation(bad));
        }

        Assert.Equal(double.NaN, Board.LogLikelihood([0.5], [double.NaN]));
    }
}
