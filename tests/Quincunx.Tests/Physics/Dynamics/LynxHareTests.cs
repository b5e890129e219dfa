using Quincunx.Numerics.Random;
using Quincunx.Physics.Dynamics;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Physics.Dynamics;

public sealed class LynxHareTests
{
    private const int Years = 21;
    private static readonly LynxHare Model = new();

    [Fact]
    public void Names_AreInTheOrderOfTheStudy()
    {
        Assert.Equal(["alpha", "beta", "gamma", "delta", "sigma_hare", "sigma_lynx", "hare_1900", "lynx_1900"], Model.ParameterNames);
        Assert.Equal(2 * Years, Model.OutputNames.Count);
        Assert.Equal(
            ["hare_1900", "hare_1920", "lynx_1900", "lynx_1920"],
            new[] { 0, Years - 1, Years, (2 * Years) - 1 }.Select(i => Model.OutputNames[i]));
    }

    [Fact]
    public void Simulate_SameStream_GivesSameNumbers()
    {
        Assert.Equal(Simulate(LynxHarePrior.PosteriorMean, new Rng(7)), Simulate(LynxHarePrior.PosteriorMean, new Rng(7)));
        Assert.NotEqual(Simulate(LynxHarePrior.PosteriorMean, new Rng(7)), Simulate(LynxHarePrior.PosteriorMean, new Rng(8)));
    }

    [Fact]
    public void Simulate_ManyEvents_LogResidualsAreIndependentNormals()
    {
        const int Events = 5_000;
        double[] medians = new double[2 * Years];
        Assert.True(Model.SolveInto(LynxHarePrior.PosteriorMean, medians));
        double[] sum = new double[2 * Years], squares = new double[2 * Years];
        double products = 0, fourth = 0;
        for (int i = 0; i < Events; i++)
        {
            double[] x = Simulate(LynxHarePrior.PosteriorMean, new Rng(3).Split(i));
            double[] z = [.. x.Select((y, k) => (Math.Log(y) - medians[k]) / LynxHarePrior.PosteriorMean[k < Years ? 4 : 5])];
            for (int k = 0; k < z.Length; k++)
            {
                sum[k] += z[k];
                squares[k] += z[k] * z[k];
                fourth += z[k] * z[k] * z[k] * z[k];
            }

            for (int year = 0; year < Years; year++)
            {
                products += z[year] * z[Years + year];
            }
        }

        // 86 comparisons at 4.5 standard errors: one seed in 1,700 fails. Var z = 1, Var z² = 2, Var z⁴ = 96, Var z z' = 1.
        double error = 4.5 / Math.Sqrt(Events);
        Assert.All(sum, s => Assert.Equal(0, s / Events, error));
        Assert.All(squares, s => Assert.Equal(1, s / Events, Math.Sqrt(2) * error));
        Assert.Equal(3, fourth / (Events * 2 * Years), 4.5 * Math.Sqrt(96.0 / (Events * 2 * Years)));
        Assert.Equal(0, products / (Events * Years), 4.5 / Math.Sqrt(Events * Years));
    }

    [Fact]
    public void LogLikelihood_Simulated_IsSumOfLogNormalDensities()
    {
        for (int i = 0; i < 50; i++)
        {
            double[] theta = LynxHarePrior.Draw(new Rng(4).Split(i));
            double[] x = Simulate(theta, new Rng(5).Split(i));
            double[] medians = new double[2 * Years];
            Assert.True(Model.SolveInto(theta, medians));
            double expected = 0;
            for (int k = 0; k < x.Length; k++)
            {
                double sigma = theta[k < Years ? 4 : 5], z = (Math.Log(x[k]) - medians[k]) / sigma;
                expected -= Math.Log(x[k] * sigma * Math.Sqrt(2 * Math.PI)) + (z * z / 2);
            }

            Assert.Equal(expected, Model.LogLikelihood(theta, x), 1e-10 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void LogLikelihood_HudsonBayPelts_PeaksNearPublishedPosteriorMean()
    {
        double[] pelts =
        [
            30.0, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22.0, 25.4, 27.1, 40.3, 57.0, 76.6, 52.3, 19.5, 11.2, 7.6, 14.6, 16.2, 24.7,
            4.0, 6.1, 9.8, 35.2, 59.4, 41.7, 19.0, 13.0, 8.3, 9.1, 7.4, 8.0, 12.3, 19.5, 45.7, 51.1, 29.7, 15.8, 9.7, 10.1, 8.6,
        ];
        double[] sd = [0.063, 0.0042, 0.090, 0.0036, 0.043, 0.044, 2.94, 0.53];
        double best = Model.LogLikelihood(LynxHarePrior.PosteriorMean, pelts);
        for (int i = 0; i < sd.Length; i++)
        {
            foreach (int side in (int[])[-4, 4])
            {
                double[] moved = [.. LynxHarePrior.PosteriorMean];
                moved[i] += side * sd[i];
                Assert.True(Model.LogLikelihood(moved, pelts) < best - 2, $"{Model.ParameterNames[i]} {side} sd");
            }
        }
    }

    [SharedDataFact("predator-prey/hudson-bay-lynx-hare.csv")]
    public void StudyData_IsThePublishedTable()
    {
        double[][] published = SharedData.ReadCsv("predator-prey/hudson-bay-lynx-hare.csv");        // year, lynx, hare
        double[][] study = SharedData.ReadCsv(Path.Combine(SharedData.Repository!, "studies", "lynx-hare", "hudson-bay.csv"));
        Assert.Equal(Years, study.Length);
        Assert.Equal(published.Select(row => (row[0], row[2], row[1])), study.Select(row => (row[0], row[1], row[2])));
    }

    [Fact]
    public void LogLikelihood_ImpossibleOrNaN_SaysSo()
    {
        double[] x = Simulate(LynxHarePrior.PosteriorMean, new Rng(6));
        Assert.Equal(double.NegativeInfinity, With(0));
        Assert.Equal(double.NegativeInfinity, With(-1));
        Assert.Equal(double.NegativeInfinity, With(double.PositiveInfinity));
        Assert.Equal(double.NaN, With(double.NaN));

        double With(double y) => Model.LogLikelihood(LynxHarePrior.PosteriorMean, [y, .. x.Skip(1)]);
    }

    [Fact]
    public void Simulate_PriorDraws_NeverFail()
    {
        for (int i = 0; i < 20_000; i++)
        {
            Rng rng = new Rng(9).Split(i);
            Assert.All(Simulate(LynxHarePrior.Draw(rng), rng), y => Assert.True(double.IsFinite(y) && y > 0));
        }
    }

    [Fact]
    public void Simulate_PopulationBelowRange_StaysPositive()
    {
        double[] x = Simulate([1, 1, 0.1, 0.001, 0.1, 0.1, 1, 3000], new Rng(10));
        Assert.Equal(double.Epsilon, x[Years - 1]);
        Assert.All(x, y => Assert.True(y > 0));
    }

    [Fact]
    public void Simulate_SolverGivesUp_IsAllNaN()
        => Assert.All(Simulate([2000, 1, 2000, 1, 0.1, 0.1, 100, 100], new Rng(11)), y => Assert.Equal(double.NaN, y));

    [Theory]
    [InlineData(0), InlineData(-1), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Simulate_ParameterNotPositiveAndFinite_Throws(double bad)
    {
        for (int i = 0; i < 8; i++)
        {
            double[] theta = [.. LynxHarePrior.PosteriorMean];
            theta[i] = bad;
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => Simulate(theta, new Rng(1)));
            Assert.Contains(Model.ParameterNames[i], error.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => Model.LogLikelihood(theta, new double[2 * Years]));
        }
    }

    [Fact]
    public void AnyCall_WrongLength_Throws()
    {
        Assert.Throws<ArgumentException>(() => Model.Simulate(new double[7], new double[2 * Years], new Rng(1)));
        Assert.Throws<ArgumentException>(() => Model.Simulate(LynxHarePrior.PosteriorMean, new double[41], new Rng(1)));
        Assert.Throws<ArgumentException>(() => Model.LogLikelihood(LynxHarePrior.PosteriorMean, new double[43]));
        Assert.Throws<ArgumentException>(() => Model.LogLikelihood(new double[9], new double[2 * Years]));
    }

    [Fact]
    public void Simulate_AfterWarmUp_AllocatesNothing()
    {
        double[] x = new double[2 * Years];
        Rng rng = new(12);
        Model.Simulate(LynxHarePrior.PosteriorMean, x, rng);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Model.Simulate(LynxHarePrior.PosteriorMean, x, rng);
            Model.LogLikelihood(LynxHarePrior.PosteriorMean, x);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static double[] Simulate(double[] theta, Rng rng)
    {
        double[] x = new double[2 * Years];
        Model.Simulate(theta, x, rng);
        return x;
    }
}
