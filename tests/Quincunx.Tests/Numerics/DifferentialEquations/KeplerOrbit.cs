using Quincunx.Numerics.DifferentialEquations;

namespace Quincunx.Tests.Numerics.DifferentialEquations;

/// <summary>A body about a centre, GM = 1, semi-major axis 1, period 2π, eccentricity 0.3, from the pericentre.</summary>
internal static class KeplerOrbit
{
    private const double Eccentricity = 0.3;

    public static double[] StartQ => [1 - Eccentricity, 0];

    public static double[] StartP => [0, Math.Sqrt((1 + Eccentricity) / (1 - Eccentricity))];

    public static (double[] Q, double[] P, OdeOutcome Outcome) Solve(SymplecticOptions options, double[] times)
    {
        double[] q = new double[2 * times.Length], p = new double[2 * times.Length];
        OdeOutcome outcome = new SymplecticSolver(options).Solve((p, v) => p.CopyTo(v), Force, StartQ, StartP, times, q, p);
        return (q, p, outcome);
    }

    public static void Force(ReadOnlySpan<double> q, Span<double> force)
    {
        double square = (q[0] * q[0]) + (q[1] * q[1]), scale = -1 / (square * Math.Sqrt(square));
        (force[0], force[1]) = (scale * q[0], scale * q[1]);
    }

    public static double Energy(ReadOnlySpan<double> q, ReadOnlySpan<double> p) =>
        (((p[0] * p[0]) + (p[1] * p[1])) / 2) - (1 / Math.Sqrt((q[0] * q[0]) + (q[1] * q[1])));
}
