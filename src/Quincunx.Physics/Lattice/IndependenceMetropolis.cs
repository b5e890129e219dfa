using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Lattice;

/// <summary>A Markov chain whose proposals are draws of a flow, whatever the chain's state: accepted with probability <c>min(1, w' / w)</c>, w being exp(-S) / q.</summary>
/// <remarks>Exact for any flow that reaches everywhere; a state repeats as long as proposals are rejected (Albergo, Kanwar and Shanahan 2019, arXiv:1904.12072).</remarks>
internal static class IndependenceMetropolis
{
    /// <param name="logWeights">-S - log q of each proposal, in order; the first is where the chain begins.</param>
    /// <returns>For each step which proposal the chain is at.</returns>
    public static int[] Run(ReadOnlySpan<double> logWeights, Rng rng)
    {
        int[] states = new int[logWeights.Length];
        int at = 0;
        for (int i = 1; i < states.Length; i++)
        {
            double rise = logWeights[i] - logWeights[at];

            // Drawn in any case, so that a chain's later draws do not hang on the weights before.
            double u = rng.NextDouble();
            at = rise >= 0 || u < Math.Exp(rise) ? i : at;
            states[i] = at;
        }

        return states;
    }

    /// <summary>Share of proposals that were accepted.</summary>
    public static double Accepted(ReadOnlySpan<int> states)
    {
        int accepted = 0;
        for (int i = 1; i < states.Length; i++)
        {
            accepted += states[i] == i ? 1 : 0;
        }

        return states.Length < 2 ? 1 : (double)accepted / (states.Length - 1);
    }
}
