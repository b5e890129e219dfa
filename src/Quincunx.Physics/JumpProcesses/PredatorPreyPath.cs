using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.JumpProcesses;

/// <summary>One path of the Lotka-Volterra jump process, by Gillespie's direct method, seen at regular times.</summary>
/// <param name="Predators">At the start.</param>
/// <param name="Prey">At the start.</param>
/// <param name="Interval">Time from one look to the next.</param>
/// <param name="MostEvents">A path with more is given up.</param>
internal sealed record PredatorPreyPath(int Predators, int Prey, double Interval, int MostEvents)
{
    /// <summary>Writes the populations at times 0, Δ, 2Δ and so on.</summary>
    /// <returns>Whether the last time was reached.</returns>
    /// <exception cref="ArgumentException">A logarithm of a rate is not finite.</exception>
    public bool Run<TReal, TTrace>(ReadOnlySpan<TReal> logRates, Span<int> predators, Span<int> prey, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<TReal> constants = stackalloc TReal[4], rates = stackalloc TReal[4];
        for (int i = 0; i < 4; i++)
        {
            constants[i] = TReal.IsFinite(logRates[i])
                ? TReal.Exp(logRates[i])
                : throw new ArgumentException($"Expected finite logarithms of rates, got {logRates[i]}.", nameof(logRates));
        }

        (long hunters, long hunted, double time, double end) = (Predators, Prey, 0, Interval * (predators.Length - 1));
        for (int n = 0, seen = 0; n < MostEvents; n++)
        {
            TReal pairs = TReal.CreateTruncating(hunters * hunted);
            rates[0] = constants[0] * pairs;
            rates[1] = constants[1] * TReal.CreateTruncating(hunters);
            rates[2] = constants[2] * TReal.CreateTruncating(hunted);
            rates[3] = constants[3] * pairs;
            double left = end - time, wait = double.CreateTruncating(trace.Draw(new Site("wait", n), new WaitingLaw<TReal>(rates[0] + rates[1] + rates[2] + rates[3], left)));
            time += wait;
            for (; seen < predators.Length && (wait >= left || seen * Interval < time); seen++)
            {
                (predators[seen], prey[seen]) = ((int)hunters, (int)hunted);
            }

            if (wait >= left)
            {
                return true;
            }

            (int predator, int victim) = trace.Pick(new Site("reaction", n), rates) switch { 0 => (1, 0), 1 => (-1, 0), 2 => (0, 1), _ => (0, -1) };
            (hunters, hunted) = (hunters + predator, hunted + victim);
        }

        return false;
    }
}
