using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Simulation;

namespace Quincunx.Tests.Inference.Abc;

/// <summary>Problems whose posteriors are known, at any tolerance where there is one parameter.</summary>
internal static class AbcProblems
{
    public const double Noise = 0.5;

    /// <summary>x = theta + 0.5 e.</summary>
    public static StubSimulator Line { get; } = new(1, 1, (theta, x, rng) => x[0] = theta[0] + (Noise * rng.NextNormal()));

    public static IndependentProduct NormalPrior { get; } = new(("theta", new Normal(0, 1)));

    public static IndependentProduct UniformPrior { get; } = new(("theta", new Uniform(0, 1)));

    /// <summary>x = (theta1 + theta2 + 0.3 e1, theta1 - theta2 + e2): the posterior of the two is correlated by -0.81.</summary>
    public static StubSimulator Plane { get; } = new(2, 2, (theta, x, rng) =>
    {
        x[0] = theta[0] + theta[1] + (0.3 * rng.NextNormal());
        x[1] = theta[0] - theta[1] + rng.NextNormal();
    });

    public static IndependentProduct PlanePrior { get; } = new(("a", new Normal(0, 1)), ("b", new Normal(0, 1)));

    /// <summary>The posterior of <see cref="Line"/> under the normal prior at a tolerance: p(theta) P(|x - observed| &lt;= tolerance).</summary>
    public static ExactCurve NormalLine(double observed, double tolerance) => new(-6, 6, theta => Math.Exp(-0.5 * theta * theta) * Within(observed, tolerance, theta));

    /// <summary>The same under the uniform prior on [0, 1].</summary>
    public static ExactCurve UniformLine(double observed, double tolerance) => new(0, 1, theta => Within(observed, tolerance, theta));

    /// <summary>Exact mean and covariance (a, b, ab) of <see cref="Plane"/>: precision I + AᵀA with rows of A over their noise.</summary>
    public static (double[] Mean, double VarianceA, double VarianceB, double Covariance) PlanePosterior(double[] observed)
    {
        const double P = 1 / 0.09;
        double diagonal = 1 + P + 1, off = P - 1, determinant = (diagonal * diagonal) - (off * off);
        double rightA = (P * observed[0]) + observed[1], rightB = (P * observed[0]) - observed[1];
        return ([((diagonal * rightA) - (off * rightB)) / determinant, ((diagonal * rightB) - (off * rightA)) / determinant], diagonal / determinant, diagonal / determinant, -off / determinant);
    }

    private static double Within(double observed, double tolerance, double theta) => tolerance == 0
        ? Math.Exp(-0.5 * Math.Pow((observed - theta) / Noise, 2))
        : SpecialFunctions.NormalCdf((observed + tolerance - theta) / Noise) - SpecialFunctions.NormalCdf((observed - tolerance - theta) / Noise);
}
