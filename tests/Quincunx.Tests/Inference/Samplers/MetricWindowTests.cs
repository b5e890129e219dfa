using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Samplers;

public sealed class MetricWindowTests
{
    // What is left of correlations that are noise: of 400 points, and of 400 that move so slowly that they are as good as ten.
    [Theory]
    [InlineData(0)]
    [InlineData(0.95)]
    public void Close_IndependentCoordinates_LeavesLittleOfTheirCorrelations(double slowness)
    {
        double left = 0, found = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            left += Correlations(Metric(MetricKind.Automatic, 8, rho: 0, slowness, points: 200, seed).Shape);
            found += Correlations(Metric(MetricKind.Dense, 8, rho: 0, slowness, points: 200, seed).Shape);
        }

        Assert.True(left < 0.1 * found, $"{left / found}");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void Close_CorrelatedCoordinates_KeepsTheCorrelations(double rho)
    {
        (bool isDense, double[,] shape) = Metric(MetricKind.Automatic, 5, rho, slowness: 0, points: 1_000, seed: 1);

        Assert.True(isDense);
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.Equal(rho, shape[i, j] / Math.Sqrt(shape[i, i] * shape[j, j]), 0.08);
            }
        }
    }

    [Fact]
    public void Close_ForgetsTheWindow()
    {
        var window = new MetricWindow(2, 2, MetricKind.Automatic);
        for (int i = 0; i < 100; i++)
        {
            window.Add(i % 2, [i, i]);
        }

        _ = window.Close();
        var rng = new Rng(1);
        for (int i = 0; i < 1_000; i++)
        {
            window.Add(i % 2, [rng.NextNormal(), rng.NextNormal()]);
        }

        double[] velocity = new double[2];
        window.Close()!.Velocity([1, 0], velocity);
        Assert.Equal(1, velocity[0], 0.2);
        Assert.Equal(0, velocity[1], 0.1);
    }

    [Theory]
    [InlineData(MetricKind.Automatic)]
    [InlineData(MetricKind.Dense)]
    [InlineData(MetricKind.Diagonal)]
    public void Close_PointsThatCoincide_GivesAMetricThatCanBeUsed(MetricKind kind)
    {
        var window = new MetricWindow(3, 2, kind);
        for (int i = 0; i < 50; i++)
        {
            window.Add(0, [1, 2, 3]);
        }

        double[] velocity = new double[3];
        window.Close()!.Velocity([1, 1, 1], velocity);
        Assert.All(velocity, v => Assert.True(v > 0 && double.IsFinite(v)));
    }

    [Fact]
    public void Close_ChainsInModesApart_KeepsTheShapeWithinThem()
    {
        // Within a mode the correlation is -0.6; modes lie along the other diagonal.
        var window = new MetricWindow(2, 4, MetricKind.Automatic);
        var rng = new Rng(2);
        for (int i = 0; i < 1_000; i++)
        {
            for (int c = 0; c < 4; c++)
            {
                double a = rng.NextNormal(), b = (-0.6 * a) + (0.8 * rng.NextNormal());
                window.Add(c, [a + (10 * c), b + (10 * c)]);
            }
        }

        double[] velocity = new double[2];
        window.Close()!.Velocity([1, 0], velocity);
        Assert.Equal(-0.6, velocity[1] / velocity[0], 0.05);
    }

    // Sum of squares.
    private static double Correlations(double[,] shape) => Enumerable.Range(0, 8).Sum(i => Enumerable.Range(0, i).Sum(j => shape[i, j] * shape[i, j] / (shape[i, i] * shape[j, j])));

    // Two chains of points with equal correlations, each an autoregression in time.
    private static (bool IsDense, double[,] Shape) Metric(MetricKind kind, int d, double rho, double slowness, int points, int seed)
    {
        var window = new MetricWindow(d, 2, kind);
        Rng rng = new Rng(11).Split(seed);
        double[][] chains = [new double[d], new double[d]];
        for (int i = -100; i < points; i++)
        {
            for (int c = 0; c < 2; c++)
            {
                double common = rng.NextNormal();
                for (int j = 0; j < d; j++)
                {
                    double step = (Math.Sqrt(rho) * common) + (Math.Sqrt(1 - rho) * rng.NextNormal());
                    chains[c][j] = (slowness * chains[c][j]) + (Math.Sqrt(1 - (slowness * slowness)) * step);
                }

                if (i >= 0)
                {
                    window.Add(c, chains[c]);
                }
            }
        }

        Metric metric = window.Close()!;
        double[,] shape = new double[d, d];
        double[] unit = new double[d], velocity = new double[d];
        for (int i = 0; i < d; i++)
        {
            unit[i] = 1;
            metric.Velocity(unit, velocity);
            unit[i] = 0;
            for (int j = 0; j < d; j++)
            {
                shape[i, j] = velocity[j];
            }
        }

        return (metric is DenseMetric, shape);
    }
}
