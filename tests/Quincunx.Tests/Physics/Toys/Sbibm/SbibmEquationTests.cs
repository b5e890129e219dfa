using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys.Sbibm;

namespace Quincunx.Tests.Physics.Toys.Sbibm;

/// <summary>The two tasks with differential equations against the classical Runge-Kutta method in the populations themselves, with fine steps.</summary>
public sealed class SbibmEquationTests
{
    // Relative errors of shares of infected people; Richardson's extrapolation makes the reference's own error small.
    [Fact]
    public void Epidemic_PriorDraws_MatchRungeKutta()
    {
        const double N = 1e6;
        for (int draw = 0; draw < 30; draw++)
        {
            double[] theta = Draw("sir", draw);
            TraceRecord record = RecordingTrace.Run(new Epidemic(), theta, new Rng(1));
            double[] reference = Reference(
                [N - 1, 1], (y, slope) => (slope[0], slope[1]) = (-theta[0] * y[0] * y[1] / N, (theta[0] * y[0] * y[1] / N) - (theta[1] * y[1])), 17, 4000);
            for (int i = 0; i < 10; i++)
            {
                double expected = reference[(2 * i) + 1] / N;
                Assert.Equal(expected, record[new Site("infected", i)], Tolerance * expected);
            }
        }
    }

    [Fact]
    public void PredatorPrey_PriorDraws_MatchRungeKutta()
    {
        for (int draw = 0; draw < 30; draw++)
        {
            double[] theta = Draw("lotka-volterra", draw);
            TraceRecord record = RecordingTrace.Run(new PredatorPrey(), theta, new Rng(1));
            double[] reference = Reference(
                [30, 1], (y, slope) => (slope[0], slope[1]) = ((theta[0] * y[0]) - (theta[1] * y[0] * y[1]), (theta[3] * y[0] * y[1]) - (theta[2] * y[1])), 2.1, 4000);
            for (int i = 0; i < 20; i++)
            {
                double expected = Math.Log(Math.Clamp(reference[(2 * (i % 10)) + (i / 10)], 1e-10, 1e4));
                Assert.Equal(expected, record[new Site("log_population", i)], Tolerance);
            }
        }
    }

    // No infected person recovers before some time: growth, then everybody. And one that recovers at once leaves nobody.
    [Fact]
    public void Epidemic_Extremes_AreAllOrNobody()
    {
        var model = new Epidemic();
        double[] x = new double[10];
        ((ISimulator)model).Simulate([1.5, 1e-9], x, new Rng(1));
        Assert.Equal([0, 1000], [x[0], x[9]]);
        ((ISimulator)model).Simulate([1e-9, 5], x, new Rng(1));
        Assert.All(x, infected => Assert.Equal(0, infected));
        Assert.Equal(double.NegativeInfinity, model.LogLikelihood([1, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1001]));
    }

    [Fact]
    public void Simulate_RatesBeyondTheSolver_AreMarkedAsFailed()
    {
        double[] x = new double[20], theta = [3000, 1, 3000, 1];
        ((ISimulator)new PredatorPrey()).Simulate(theta, x, new Rng(1));
        Assert.All(x, value => Assert.Equal(double.NaN, value));
        Assert.Equal(double.NaN, new PredatorPrey().LogLikelihood(theta, new double[20]));
    }

    private const double Tolerance = 1e-8;

    private static double[] Draw(string name, int draw)
    {
        double[] theta = new double[name == "sir" ? 2 : 4];
        SimulatorCases.Of(name).Prior(theta, new Rng(3).Split(draw));
        return theta;
    }

    private static double[] Reference(double[] start, Action<double[], double[]> slope, double interval, int steps)
    {
        double[] coarse = Solve(start, slope, interval, steps), fine = Solve(start, slope, interval, 2 * steps);
        return [.. fine.Zip(coarse, (f, c) => f + ((f - c) / 15))];
    }

    // Two populations at ten times.
    private static double[] Solve(double[] start, Action<double[], double[]> slope, double interval, int steps)
    {
        double h = interval / steps;
        double[] y = [.. start], at = new double[2], k1 = new double[2], k2 = new double[2], k3 = new double[2], k4 = new double[2], result = new double[20];
        for (int i = 0; i < 10; i++)
        {
            y.CopyTo(result, 2 * i);
            for (int step = 0; step < steps; step++)
            {
                slope(y, k1);
                slope(Moved(0.5 * h, k1), k2);
                slope(Moved(0.5 * h, k2), k3);
                slope(Moved(h, k3), k4);
                for (int j = 0; j < 2; j++)
                {
                    y[j] += h / 6 * (k1[j] + (2 * k2[j]) + (2 * k3[j]) + k4[j]);
                }
            }
        }

        return result;

        double[] Moved(double by, double[] along)
        {
            (at[0], at[1]) = (y[0] + (by * along[0]), y[1] + (by * along[1]));
            return at;
        }
    }
}
