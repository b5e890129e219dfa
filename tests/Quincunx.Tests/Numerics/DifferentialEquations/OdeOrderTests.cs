using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.DifferentialEquations;

/// <summary>dy/dt = y cos t, y = exp(sin t): orders from the slope of the error over steps. Fits are off by the next order's share, a few percent.</summary>
public sealed class OdeOrderTests
{
    private const double End = 3;

    [Theory]
    [InlineData(RungeKuttaMethod.Euler, 1, 128)]
    [InlineData(RungeKuttaMethod.Midpoint, 2, 64)]
    [InlineData(RungeKuttaMethod.RungeKutta4, 4, 24)]
    [InlineData(RungeKuttaMethod.DormandPrince, 5, 16)]
    public void Solve_AtFixedSteps_HasTheOrderOfTheMethod(RungeKuttaMethod method, int order, int steps)
    {
        double fitted = OrderFit.Of(step => ErrorAtEnd(method, step), End, steps, 2 * steps, 4 * steps, 8 * steps);
        Assert.Equal(order, fitted, 0.15);
    }

    // An interpolant of order p is off by the power p + 1 of the step inside it: 4 for cubics, 5 for Dormand and Prince's, where the steps themselves are as good.
    [Theory]
    [InlineData(RungeKuttaMethod.Euler, 1, 128)]
    [InlineData(RungeKuttaMethod.Midpoint, 2, 64)]
    [InlineData(RungeKuttaMethod.RungeKutta4, 4, 24)]
    [InlineData(RungeKuttaMethod.DormandPrince, 5, 16)]
    public void Dense_BetweenSteps_HasTheOrderOfTheInterpolant(RungeKuttaMethod method, int order, int steps)
    {
        double fitted = OrderFit.Of(step => LargestErrorInside(method, step), End, steps, 2 * steps, 4 * steps, 8 * steps);
        Assert.Equal(order, fitted, 0.2);
    }

    [Fact]
    public void Tableaus_OfAllMethods_FulfilTheConditionsOfTheirOrder()
    {
        foreach (RungeKuttaMethod method in Enum.GetValues<RungeKuttaMethod>())
        {
            var tableau = ButcherTableau.Of(method);
            for (int i = 0; i < tableau.StageCount; i++)
            {
                Assert.Equal(tableau.Nodes[i], tableau.Stages[i].Sum(), 1e-14);
            }

            // Quadrature: Σ bᵢ cᵢ^(q-1) = 1/q; and one condition that involves a: Σ bᵢ aᵢⱼ cⱼ = 1/6.
            for (int q = 1; q <= tableau.Order; q++)
            {
                Assert.Equal(1.0 / q, tableau.Weights.Zip(tableau.Nodes, (b, c) => b * Math.Pow(c, q - 1)).Sum(), 1e-14);
                Assert.Equal(0, q <= 4 ? tableau.Error?.Zip(tableau.Nodes, (e, c) => e * Math.Pow(c, q - 1)).Sum() ?? 0 : 0, 1e-14);
            }

            double nested = tableau.Weights.Zip(tableau.Stages, (b, a) => b * a.Zip(tableau.Nodes, (x, c) => x * c).Sum()).Sum();
            Assert.True(tableau.Order < 3 || Math.Abs(nested - (1.0 / 6)) < 1e-14);
        }
    }

    [Fact]
    public void Interpolate_OfDormandPrince_FulfilsTheConditionsOfOrder4()
    {
        var tableau = ButcherTableau.Of(RungeKuttaMethod.DormandPrince);
        double[] weights = new double[8];
        foreach (double theta in new[] { 0, 0.2, 0.5, 0.77, 1 })
        {
            tableau.Interpolate(theta, 1, weights);
            for (int q = 1; q <= 4; q++)
            {
                Assert.Equal(Math.Pow(theta, q) / q, weights[1..].Zip(tableau.Nodes, (b, c) => b * Math.Pow(c, q - 1)).Sum(), 1e-13);
            }
        }

        Assert.Equal([1, .. tableau.Weights], weights);
    }

    // One revolution of an orbit with eccentricity 0.3 ends where it began.
    [Theory]
    [InlineData(SymplecticMethod.VelocityVerlet, 2, 200)]
    [InlineData(SymplecticMethod.Yoshida4, 4, 200)]
    public void Symplectic_AfterARevolution_HasTheOrderOfTheMethod(SymplecticMethod method, int order, int steps)
    {
        double fitted = OrderFit.Of(
            step =>
            {
                var orbit = KeplerOrbit.Solve(new SymplecticOptions { Method = method, Step = step }, [0, Math.Tau]);
                return Math.Max(Math.Abs(orbit.Q[2] - orbit.Q[0]), Math.Abs(orbit.Q[3] - orbit.Q[1]));
            },
            Math.Tau, steps, 2 * steps, 4 * steps, 8 * steps);
        Assert.Equal(order, fitted, 0.15);
    }

    [Theory]
    [InlineData(SymplecticMethod.VelocityVerlet, 2)]
    [InlineData(SymplecticMethod.Yoshida4, 4)]
    public void Symplectic_BetweenSteps_IsInterpolatedAtThatOrder(SymplecticMethod method, int order)
    {
        double fitted = OrderFit.Of(
            step =>
            {
                // Harmonic oscillator from q = 1, p = 0: q = cos t, p = -sin t; in the middle of a step.
                double t = Math.Round(2 / step) * step - (step / 2);
                double[] q = new double[3], p = new double[3];
                new SymplecticSolver(new SymplecticOptions { Method = method, Step = step })
                    .Solve((p, v) => p.CopyTo(v), (q, f) => f[0] = -q[0], [1], [0], [0, t, 4], q, p);
                return Math.Abs(q[1] - Math.Cos(t)) + Math.Abs(p[1] + Math.Sin(t));
            },
            4, 40, 80, 160, 320);
        Assert.Equal(order, fitted, 0.2);
    }

    private static double ErrorAtEnd(RungeKuttaMethod method, double step)
    {
        double[] y = new double[2];
        OdeOutcome outcome = new OdeSolver(new OdeOptions { Method = method, Step = step }).Solve(Field, [1], [0, End], y);
        Assert.True(outcome.IsCompleted && outcome.Steps == (int)Math.Round(End / step));
        return Math.Abs(y[1] - Math.Exp(Math.Sin(End)));
    }

    private static double LargestErrorInside(RungeKuttaMethod method, double step)
    {
        Tensor start = Tensor.Ones(new Shape(1), DType.Float64);
        OdeResult result = new OdeSolver(new OdeOptions { Method = method, Step = step, KeepDense = true }).Solve((t, y) => y * Math.Cos(t), start, [0, End]);
        int points = (int)Math.Round(End / step) * 5;
        return Enumerable.Range(1, points - 1).Max(i =>
        {
            double t = End * i / points;
            return Math.Abs(result.Dense!.At(t).ToScalar() - Math.Exp(Math.Sin(t)));
        });
    }

    private static void Field(double t, ReadOnlySpan<double> y, Span<double> slope) => slope[0] = y[0] * Math.Cos(t);
}
