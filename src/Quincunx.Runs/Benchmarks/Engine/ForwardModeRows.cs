using System.Numerics;
using Quincunx.Numerics.Autodiff.Forward;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>What derivatives of a generic simulator cost: Lotka-Volterra equations in 200 Runge-Kutta steps.</summary>
internal static class ForwardModeRows
{
    private const int Steps = 200;
    private static readonly double[] Theta = [0.55, 0.028, 0.8, 0.024, 33, 6];

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        Probe plain = bench.Time(() => Simulation(Theta));
        yield return Row<Tangent1>(bench, plain, 2);
        yield return Row<Tangent4>(bench, plain, 4);
        yield return Row<Tangent16>(bench, plain, 16);
    }

    // Beside the evaluations that one-sided differences would take; with one direction, two.
    private static RowPlan Row<TTangent>(Bench bench, Probe plain, double target)
        where TTangent : unmanaged, ITangent<TTangent>
    {
        Probe dual = bench.Time(() => Simulation<Dual<TTangent>>([.. Theta.Select((x, i) => i < TTangent.Directions ? Dual<TTangent>.Variable(x, i) : new(x))]));
        string directions = TTangent.Directions == 1 ? "1 direction" : $"{TTangent.Directions} directions";
        return new RowPlan($"simulation in {directions} over a plain one", 1, RowPlan.Float64, Units.Cost, Quantity.Quotient(dual, plain), Bound.Target(target));
    }

    private static Action Simulation<T>(T[] theta)
        where T : IFloatingPointIeee754<T>
    {
        var end = new T[2];
        return () => Run(theta, end);
    }

    private static void Run<T>(T[] theta, T[] end)
        where T : IFloatingPointIeee754<T>
    {
        T h = T.CreateChecked(0.05), half = T.CreateChecked(0.025), sixth = T.CreateChecked(0.05 / 6), two = T.CreateChecked(2);
        T alpha = theta[0], beta = theta[1], gamma = theta[2], delta = theta[3], u = theta[4], v = theta[5];
        for (int step = 0; step < Steps; step++)
        {
            (T a1, T b1) = Slope(u, v);
            (T a2, T b2) = Slope(u + (half * a1), v + (half * b1));
            (T a3, T b3) = Slope(u + (half * a2), v + (half * b2));
            (T a4, T b4) = Slope(u + (h * a3), v + (h * b3));
            u += sixth * (a1 + (two * (a2 + a3)) + a4);
            v += sixth * (b1 + (two * (b2 + b3)) + b4);
        }

        (end[0], end[1]) = (u, v);
        (T U, T V) Slope(T u, T v) => ((alpha - (beta * v)) * u, ((delta * u) - gamma) * v);
    }
}
