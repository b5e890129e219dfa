using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Flows;

/// <summary>Densities in the plane with known logarithm: a ring, two moons, a mixture of two correlated normals.</summary>
internal static class PlaneDensity
{
    public static double[] Sample(string name, int count, Rng rng)
    {
        double[] points = new double[2 * count];
        for (int i = 0; i < count; i++)
        {
            Span<double> x = points.AsSpan(2 * i, 2);
            double side = rng.NextDouble() < 0.5 ? 1 : -1;
            switch (name)
            {
                case "ring":
                    Polar(2 + (0.25 * rng.NextNormal()), Math.Tau * rng.NextDouble(), x);
                    break;
                case "moons":
                    Polar(1.5 + (0.2 * rng.NextNormal()), Math.PI * rng.NextDouble(), x);
                    (x[0], x[1]) = (side * (x[0] - 0.75), side * (x[1] - 0.4));
                    break;
                default:
                    double a = rng.NextNormal(), b = (0.9 * side * a) + (Math.Sqrt(0.19) * rng.NextNormal());
                    (x[0], x[1]) = (a + (1.2 * side), b);
                    break;
            }
        }

        return points;
    }

    public static double LogProb(string name, double x, double y) => name switch
    {
        "ring" => Radial(x, y, 2, 0.25) - Math.Log(Math.Tau),
        "moons" => SpecialFunctions.LogAddExp(HalfMoon(x + 0.75, y + 0.4), HalfMoon(0.75 - x, 0.4 - y)) - Math.Log(2),
        _ => SpecialFunctions.LogAddExp(Correlated(x - 1.2, y, 0.9), Correlated(x + 1.2, y, -0.9)) - Math.Log(2),
    };

    // Radii below zero (7 sds off) are left out.
    private static void Polar(double r, double angle, Span<double> x) => (x[0], x[1]) = (r * Math.Cos(angle), r * Math.Sin(angle));

    private static double Radial(double x, double y, double radius, double sd)
    {
        double r = double.Hypot(x, y);
        return SpecialFunctions.NormalLogPdf((r - radius) / sd) - Math.Log(sd * r);
    }

    private static double HalfMoon(double x, double y) => y > 0 ? Radial(x, y, 1.5, 0.2) - Math.Log(Math.PI) : double.NegativeInfinity;

    private static double Correlated(double a, double b, double correlation)
    {
        double root = Math.Sqrt(1 - (correlation * correlation));
        return SpecialFunctions.NormalLogPdf(a) + SpecialFunctions.NormalLogPdf((b - (correlation * a)) / root) - Math.Log(root);
    }
}
