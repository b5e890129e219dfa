using Quincunx.Numerics.Random;
using Quincunx.Physics.Dynamics;

namespace Quincunx.Tests.Physics.Dynamics;

public sealed class LotkaVolterraTests
{
    private const int Years = 21;

    [Fact]
    public void Solve_PosteriorMean_MatchesRungeKutta() => AssertMatchesRungeKutta(LynxHarePrior.PosteriorMean, 1e-9);

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7)]
    [InlineData(8), InlineData(9), InlineData(10), InlineData(11)]
    public void Solve_PriorDraws_MatchRungeKutta(int draw) => AssertMatchesRungeKutta(LynxHarePrior.Draw(new Rng(1).Split(draw)), 1e-8);

    [Theory]
    [InlineData(2.5, 1e-4, 0.3, 0.25, 40.0, 1.0)]       // lynxes soar, hares crash
    [InlineData(0.05, 0.25, 2.5, 1e-4, 1.0, 60.0)]      // nothing but decay
    [InlineData(3.0, 1e-12, 0.01, 0.3, 0.1, 1e-9)]      // growth through many decades before the two meet
    [InlineData(1e-3, 1e-3, 1e-3, 1e-3, 1.0, 1.0)]      // at rest in the fixed point
    public void Solve_HarshParameters_MatchRungeKutta(double alpha, double beta, double gamma, double delta, double hares, double lynxes)
        => AssertMatchesRungeKutta([alpha, beta, gamma, delta, 1, 1, hares, lynxes], 1e-7);

    // V = δu − γ ln u + βv − α ln v is constant along a solution. Its error is compared with the size of its terms' slopes,
    // so that the bound is one on ln u and ln v.
    [Fact]
    public void Solve_TenThousandPriorDraws_ConserveTheInvariant()
    {
        double[] p = new double[Years], q = new double[Years];
        for (int i = 0; i < 10_000; i++)
        {
            double[] t = LynxHarePrior.Draw(new Rng(2).Split(i));
            int steps = Solve(t, p, q);
            Assert.InRange(steps, 1, 300);
            double expected = Invariant(t, p[0], q[0]);
            for (int year = 0; year < Years; year++)
            {
                double scale = t[0] + t[2] + (t[3] * Math.Exp(p[year])) + (t[1] * Math.Exp(q[year]));
                Assert.Equal(0, (Invariant(t, p[year], q[year]) - expected) / scale, 1e-7);
            }
        }
    }

    // Errors are proportional to the tolerance, and steps to its (−1/20)th power: the method has order 20.
    [Fact]
    public void Solve_ToleranceTightened_ErrorFallsWithOrderOfTheSeries()
    {
        double[] p = new double[Years], q = new double[Years], exactP = new double[Years], exactQ = new double[Years];
        Solve(LynxHarePrior.PosteriorMean, exactP, exactQ, tolerance: 1e-14);
        (int coarseSteps, double coarse) = Run(1e-4);
        (int fineSteps, double fine) = Run(1e-10);
        double order = Math.Log(coarse / fine) / Math.Log((double)fineSteps / coarseSteps);
        Assert.InRange(order, LotkaVolterra.Order - 4, LotkaVolterra.Order + 4);

        (int Steps, double Error) Run(double tolerance)
        {
            int steps = Solve(LynxHarePrior.PosteriorMean, p, q, tolerance);
            return (steps, Math.Max(Distance(p, exactP), Distance(q, exactQ)));
        }
    }

    [Fact]
    public void Solve_ThousandsOfCycles_GivesUp()
    {
        double[] p = new double[Years], q = new double[Years];
        Assert.Equal(-1, Solve([2000, 1, 2000, 1, 1, 1, 100, 100], p, q));
    }

    private static void AssertMatchesRungeKutta(double[] theta, double tolerance)
    {
        double[] p = new double[Years], q = new double[Years], coarseP = new double[Years], coarseQ = new double[Years];
        double[] fineP = new double[Years], fineQ = new double[Years];
        Assert.True(Solve(theta, p, q) > 0);
        RungeKutta(theta, 4_000, coarseP, coarseQ);
        RungeKutta(theta, 8_000, fineP, fineQ);
        for (int year = 0; year < Years; year++)
        {
            // Richardson: the error of the fine solution is a fifteenth of the difference.
            Assert.Equal(fineP[year] + ((fineP[year] - coarseP[year]) / 15), p[year], tolerance);
            Assert.Equal(fineQ[year] + ((fineQ[year] - coarseQ[year]) / 15), q[year], tolerance);
        }
    }

    // The classical fourth-order method with fixed steps, in log-populations: shares nothing with the solver but the equations.
    // Increments are summed with compensation (Kahan), or the rounding of 160,000 of them would be the larger error.
    private static void RungeKutta(double[] theta, int stepsPerYear, double[] p, double[] q)
    {
        double alpha = theta[0], beta = theta[1], gamma = theta[2], delta = theta[3], h = 1.0 / stepsPerYear;
        double x = Math.Log(theta[6]), y = Math.Log(theta[7]), lostX = 0, lostY = 0;
        for (int year = 0; year < Years; year++)
        {
            (p[year], q[year]) = (x, y);
            for (int i = 0; i < stepsPerYear; i++)
            {
                (double x1, double y1) = Slope(x, y);
                (double x2, double y2) = Slope(x + (h / 2 * x1), y + (h / 2 * y1));
                (double x3, double y3) = Slope(x + (h / 2 * x2), y + (h / 2 * y2));
                (double x4, double y4) = Slope(x + (h * x3), y + (h * y3));
                x = Add(x, h / 6 * (x1 + (2 * x2) + (2 * x3) + x4), ref lostX);
                y = Add(y, h / 6 * (y1 + (2 * y2) + (2 * y3) + y4), ref lostY);
            }
        }

        (double P, double Q) Slope(double logU, double logV) => (alpha - (beta * Math.Exp(logV)), (delta * Math.Exp(logU)) - gamma);
    }

    private static double Add(double sum, double increment, ref double lost)
    {
        double term = increment - lost, next = sum + term;
        lost = (next - sum) - term;
        return next;
    }

    private static double Invariant(double[] t, double p, double q) => (t[3] * Math.Exp(p)) - (t[2] * p) + (t[1] * Math.Exp(q)) - (t[0] * q);

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static int Solve(double[] t, double[] p, double[] q, double tolerance = LotkaVolterra.Tolerance)
        => LotkaVolterra.Solve(t[0], t[1], t[2], t[3], Math.Log(t[6]), Math.Log(t[7]), p, q, tolerance);
}
