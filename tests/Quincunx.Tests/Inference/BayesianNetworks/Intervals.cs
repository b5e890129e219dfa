using Quincunx.Inference;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.BayesianNetworks;

/// <summary>How often central intervals of single parameters hold the truth.</summary>
internal static class Intervals
{
    /// <returns>The share over all pairs and parameters.</returns>
    public static double Covered(IPosteriorEstimator posterior, double[] thetas, double[] xs, double level, Rng rng)
    {
        const int Draws = 399;
        int d = posterior.Dimension, n = thetas.Length / d, inside = 0;
        double[] draws = new double[n * Draws * d];
        posterior.SampleMany(xs, Draws, draws, rng);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
            {
                int below = 0;
                for (int m = 0; m < Draws; m++)
                {
                    below += draws[(((i * Draws) + m) * d) + j] < thetas[(i * d) + j] ? 1 : 0;
                }

                // A rank is uniform on 0 to 399 if the posterior is right: 360 of these 400 are inside at 0.9.
                inside += Math.Abs((below + 0.5) / (Draws + 1) - 0.5) < level / 2 ? 1 : 0;
            }
        }

        return inside / (double)(n * d);
    }
}
