using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Physics.Dynamics;

/// <summary>Draws from the wide prior of the lynx-hare study, so that the solver is tested where it will be used.</summary>
internal static class LynxHarePrior
{
    /// <summary>Posterior means published with the study, a benign point.</summary>
    public static readonly double[] PosteriorMean = [0.547, 0.0278, 0.799, 0.0241, 0.248, 0.252, 34.05, 5.95];

    public static double[] Draw(Rng rng) =>
    [
        Positive(1, 0.5, rng),
        Positive(0.05, 0.05, rng),
        Positive(1, 0.5, rng),
        Positive(0.05, 0.05, rng),
        Math.Exp(-1 + rng.NextNormal()),
        Math.Exp(-1 + rng.NextNormal()),
        10 * Math.Exp(rng.NextNormal()),
        10 * Math.Exp(rng.NextNormal()),
    ];

    private static double Positive(double mean, double sd, Rng rng)
    {
        double x;
        do
        {
            x = mean + (sd * rng.NextNormal());
        }
        while (x <= 0);
        return x;
    }
}
