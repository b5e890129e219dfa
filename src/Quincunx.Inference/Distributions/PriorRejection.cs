using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>A prior restricted to a region by drawing again: the mass inside from a pilot, and draws.</summary>
internal static class PriorRejection
{
    public const int PilotDraws = 20_000, LargestTries = 10_000_000;

    /// <summary>Whether one vector lies in the region.</summary>
    public delegate bool Region(ReadOnlySpan<double> theta);

    /// <summary>How many rows of some draws, shape <c>[n, d]</c>, lie in the region.</summary>
    public delegate int Counting(ReadOnlySpan<double> thetas);

    /// <summary>Share of the pilot's draws inside.</summary>
    public static double ShareInside(IDistribution prior, Rng rng, Counting inside)
    {
        int d = prior.Dimension;
        double[] draws = new double[PilotDraws * d];
        for (int i = 0; i < PilotDraws; i++)
        {
            prior.Sample(draws.AsSpan(i * d, d), rng);
        }

        return inside(draws) / (double)PilotDraws;
    }

    /// <summary>Standard error of the logarithm of such a share, by the delta method: sqrt((1 - p) / (n p)).</summary>
    public static double LogError(double share) => Math.Sqrt((1 - share) / (share * PilotDraws));

    /// <returns>False where that many candidates in a row were outside; the last of them is then in <paramref name="x"/>.</returns>
    public static bool TrySample(IDistribution prior, Region region, Span<double> x, Rng rng, int tries)
    {
        for (int attempt = 0; attempt < tries; attempt++)
        {
            prior.Sample(x, rng);
            if (region(x))
            {
                return true;
            }
        }

        return false;
    }
}
