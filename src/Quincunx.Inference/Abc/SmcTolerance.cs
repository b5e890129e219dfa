namespace Quincunx.Inference.Abc;

/// <summary>The next tolerance of a population.</summary>
internal static class SmcTolerance
{
    /// <summary>The tolerance that the rule asks for; where that is the largest distance, as it may be with distances that take few values, the next smaller one there is.</summary>
    /// <param name="particles">With their distances.</param>
    /// <param name="weights">With sum 1.</param>
    /// <returns>At most the largest distance; that where there is no smaller one.</returns>
    public static double Next(ToleranceRule rule, double share, SmcParticle[] particles, double[] weights)
    {
        int[] order = [.. Enumerable.Range(0, particles.Length).OrderBy(i => particles[i].Distance).ThenBy(i => i)];
        double wanted = rule == ToleranceRule.Quantile ? share : share / weights.Sum(w => w * w), sum = 0, squares = 0, largest = particles[order[^1]].Distance, below = largest;
        for (int i = 0; i < order.Length; i++)
        {
            double distance = particles[order[i]].Distance;
            sum += weights[order[i]];
            squares += weights[order[i]] * weights[order[i]];
            bool last = i + 1 == order.Length || particles[order[i + 1]].Distance > distance;
            if (last && distance < largest)
            {
                below = distance;
            }

            if (last && (rule == ToleranceRule.Quantile ? sum : sum * sum / squares) >= wanted)
            {
                return Math.Min(distance, below);
            }
        }

        return below;
    }
}
