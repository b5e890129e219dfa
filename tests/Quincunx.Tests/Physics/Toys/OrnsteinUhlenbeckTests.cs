using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Physics.Toys;

public sealed class OrnsteinUhlenbeckTests
{
    private static readonly double[] Theta = [0.5, 1.3, 0.8];

    // The whole path is one Gaussian with covariance σ²/2κ e^(-κ |t - s|): elimination on its dense matrix.
    [Fact]
    public void LogLikelihood_OfAPath_IsThatOfItsCovariance()
    {
        const int Points = 12;
        var model = new OrnsteinUhlenbeck(Points, interval: 0.3);
        double[] x = [.. Enumerable.Range(0, Points).Select(i => 0.4 + (0.6 * Math.Sin(2 * i)))];
        double[,] a = new double[Points, Points + 1];
        for (int i = 0; i < Points; i++)
        {
            for (int j = 0; j < Points; j++)
            {
                a[i, j] = 0.8 * 0.8 / 2.6 * Math.Exp(-1.3 * 0.3 * Math.Abs(i - j));
            }

            a[i, Points] = x[i] - 0.5;
        }

        double logDeterminant = 0, squares = 0;
        for (int k = 0; k < Points; k++)
        {
            // After elimination the residual of row k is independent of those before, with its pivot as variance.
            logDeterminant += Math.Log(a[k, k]);
            squares += a[k, Points] * a[k, Points] / a[k, k];
            for (int i = k + 1; i < Points; i++)
            {
                double factor = a[i, k] / a[k, k];
                for (int j = k; j <= Points; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }
            }
        }

        double expected = -0.5 * (squares + logDeterminant + (Points * Math.Log(Math.Tau)));
        Assert.Equal(expected, model.LogLikelihood(Theta, x), 1e-10);
    }

    [Fact]
    public void Simulate_ManyPaths_HaveTheCovariance()
    {
        const int Paths = 20_000;
        var model = new OrnsteinUhlenbeck(3, interval: 0.5);
        double[] x = new double[3];
        double mean = 0, variance = 0, next = 0, afterNext = 0, expected = 0.64 / 2.6;
        for (int i = 0; i < Paths; i++)
        {
            ((ISimulator)model).Simulate(Theta, x, new Rng(2).Split(i));
            mean += x[2] - 0.5;
            variance += (x[2] - 0.5) * (x[2] - 0.5);
            next += (x[1] - 0.5) * (x[2] - 0.5);
            afterNext += (x[0] - 0.5) * (x[2] - 0.5);
        }

        // Four comparisons at 4.5 standard errors; a product of two has variance of at most 2 expected².
        double error = 4.5 / Math.Sqrt(Paths), ofProducts = Math.Sqrt(2) * expected * error;
        Assert.Equal(0, mean / Paths, Math.Sqrt(expected) * error);
        Assert.Equal(expected, variance / Paths, ofProducts);
        Assert.Equal(expected * Math.Exp(-0.65), next / Paths, ofProducts);
        Assert.Equal(expected * Math.Exp(-1.3), afterNext / Paths, ofProducts);
    }

    [Fact]
    public void LogLikelihood_OfItsOwnPath_IsTheRecordedDensity()
    {
        TraceRecord record = RecordingTrace.Run(new OrnsteinUhlenbeck(10), Theta, new Rng(4));
        Assert.Equal(record.LogProb, new OrnsteinUhlenbeck(10).LogLikelihood(Theta, record.X), 1e-12);
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrnsteinUhlenbeck(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrnsteinUhlenbeck(2, double.NaN));
        Assert.Throws<ArgumentException>(() => new OrnsteinUhlenbeck(2).LogLikelihood(Theta, new double[3]));
        foreach (double bad in (double[])[0, -1, double.NaN])
        {
            Assert.Throws<ArgumentException>(() => new OrnsteinUhlenbeck(2).LogLikelihood([0, bad, 1], new double[2]));
            Assert.Throws<ArgumentException>(() => ((ISimulator)new OrnsteinUhlenbeck(2)).Simulate([0, 1, bad], new double[2], new Rng(1)));
        }
    }
}
