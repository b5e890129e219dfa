using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class GaussianityTests
{
    private static readonly GaussianityOptions Quick = new() { Simulations = 79 };

    [Fact]
    public void Test_GaussianData_AlarmsAtTheNominalRate()
    {
        const int Runs = 300;
        double[][] p = new double[Runs][];
        for (int run = 0; run < Runs; run++)
        {
            double[] rows = Correlated(150, new Rng((ulong)run).Split("data"), z => 3 + (50 * z));
            GaussianityResult result = Gaussianity.Test(rows, 3, new Rng((ulong)run), Quick);
            p[run] = [.. result.Statistics.Select(s => s.PValue), result.PValue];
        }

        // p-values are multiples of 1/80, so P(p <= 0.05) is 0.05 exactly: 15 of 300, with a standard deviation of 3.8. All four within 4 of them fail one time in 4,000.
        for (int q = 0; q < 4; q++)
        {
            Assert.InRange(p.Count(row => row[q] <= 0.05 + 1e-9), 0, 30);
            Assert.InRange(p.Count(row => row[q] <= 0.5 + 1e-9), 150 - 35, 150 + 35);
        }

        Assert.InRange(p.Count(row => row[4] <= 0.05 + 1e-9), 0, 30);
    }

    [Fact]
    public void Test_LogNormalConvergence_IsSeenNearlyAlways()
    {
        // Shifted log-normals as those of lensing convergence: e^g - 1 of a correlated Gaussian of width 0.25, skewness 0.78.
        const int Runs = 60;
        int seen = 0;
        for (int run = 0; run < Runs; run++)
        {
            double[] rows = Correlated(500, new Rng((ulong)run).Split("data"), z => Math.Exp(0.25 * z) - 1);
            seen += Gaussianity.Test(rows, 3, new Rng((ulong)run), Quick).PValue <= 0.05 ? 1 : 0;
        }

        // A power of 95 % gives 57, and below 51 one time in 500.
        Assert.InRange(seen, 57, Runs);
    }

    [Fact]
    public void Test_DependenceWithoutCorrelation_IsSeenByThePairsAlone()
    {
        // The second feature is the first with a random sign: each is normal and they are uncorrelated, but their sum is 0 half of the time.
        var rng = new Rng(4);
        double[] rows = new double[1_200];
        for (int i = 0; i < 600; i++)
        {
            double z = rng.NextNormal();
            (rows[2 * i], rows[(2 * i) + 1]) = (z, rng.NextDouble() < 0.5 ? z : -z);
        }

        GaussianityResult result = Gaussianity.Test(rows, 2, new Rng(5), Quick);
        Assert.Equal("pairwise divergence", result.Statistics[3].Name);
        Assert.Equal(1.0 / 80, result.Statistics[3].PValue, 1e-12);
        Assert.True(result.PairDivergences[1] > 5 * result.MarginalDivergences.Max());
        Assert.Equal(result.PairDivergences[1], result.PairDivergences[2]);
    }

    [Fact]
    public void Test_OtherMeanAndCovariance_SameStatistics()
    {
        double[] plain = Correlated(100, new Rng(1), z => z), moved = Correlated(100, new Rng(1), z => (1e6 * z) - 1e7);
        GaussianityResult a = Gaussianity.Test(plain, 3, new Rng(2), Quick), b = Gaussianity.Test(moved, 3, new Rng(2), Quick);
        Assert.All(a.Statistics.Zip(b.Statistics), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-6));
        Assert.Equal(a.Statistics.Select(s => s.PValue), b.Statistics.Select(s => s.PValue));
    }

    [Fact]
    public void Test_WrongData_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Gaussianity.Test([1.0, 2, 3], 2, new Rng(1)));
        Assert.Throws<ArgumentException>(() => Gaussianity.Test([1.0, 2, double.NaN, 4, 5], 1, new Rng(1)));
        Assert.Throws<ArgumentException>(() => Gaussianity.Test([1.0, 2, 2, 4, 3, 6, 5, 10, 6, 12], 2, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gaussianity.Test([1.0, 2, 3, 4], 1, new Rng(1), new GaussianityOptions { Simulations = 5 }));
    }

    // Three features with correlations of 0.7 between neighbours, passed through a function.
    private static double[] Correlated(int count, Rng rng, Func<double, double> map)
    {
        double[] rows = new double[count * 3];
        rng.FillNormal(rows);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = i % 3 == 0 ? rows[i] : (0.7 * rows[i - 1]) + (Math.Sqrt(1 - 0.49) * rows[i]);
        }

        return [.. rows.Select(map)];
    }
}
