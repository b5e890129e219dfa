using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.JumpProcesses;

/// <summary>Predators and prey as a jump process: every birth, death and kill is an event of its own.</summary>
/// <remarks>
/// <para>
/// With X predators and Y prey, a predator is born at the rate e^θ₁ X Y, a predator dies at e^θ₂ X, prey is born at e^θ₃ Y, and prey is eaten at e^θ₄ X Y
/// (D. T. Gillespie 1977, J. Phys. Chem. 81, 2340; in this form G. Papamakarios and I. Murray 2016, "Fast ε-free inference of simulation models with Bayesian conditional density estimation",
/// arXiv:1605.06376, with 50 predators and 100 prey at the start, 30 units of time, and the observation at (log 0.01, log 0.5, log 1, log 0.01)). The choices are the waiting times and the reactions, and the last,
/// unfinished wait counts with the probability that nothing happens in it, so joint ratios and scores are exact.
/// </para>
/// <para>
/// Parameters: the logarithms θ of the four rates, by event: a unit of time (and, where two animals meet, an animal). There −5 to 2, where prey may grow without bound: a path of more events than the
/// limit is given up, and all its outputs are NaN.
/// </para>
/// </remarks>
public sealed class LotkaVolterraJumps : IMechanism
{
    private readonly PredatorPreyPath _path;
    private readonly int _points;

    /// <param name="points">Times at which animals are counted, positive.</param>
    /// <param name="interval">Time to the first count and from each to the next, positive.</param>
    /// <param name="predators">At the start, at least 0.</param>
    /// <param name="prey">At the start, at least 0.</param>
    /// <param name="mostEvents">A path with more events is given up.</param>
    public LotkaVolterraJumps(int points = 15, double interval = 2, int predators = 50, int prey = 100, int mostEvents = 200_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        ArgumentOutOfRangeException.ThrowIfNegative(predators);
        ArgumentOutOfRangeException.ThrowIfNegative(prey);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostEvents);
        if (!(interval > 0 && double.IsFinite(interval)))
        {
            throw new ArgumentOutOfRangeException(nameof(interval), interval, "Expected a positive, finite interval.");
        }

        _points = points;
        _path = new(predators, prey, interval, mostEvents);
        OutputNames = [.. Enumerable.Range(1, points).Select(i => $"predators_{i}"), .. Enumerable.Range(1, points).Select(i => $"prey_{i}")];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["log_predator_birth", "log_predator_death", "log_prey_birth", "log_prey_eaten"];

    /// <summary>Predators, then prey, each in order of time.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Choices: <c>wait[n]</c>, the time to the next event, or what is left to the end; <c>reaction[n]</c>: 0 predator born, 1 predator dies, 2 prey born, 3 prey eaten.
    /// </remarks>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        int[] counts = new int[2 * (_points + 1)];
        Span<int> predators = counts.AsSpan(0, _points + 1), prey = counts.AsSpan(_points + 1);
        if (!_path.Run(theta, predators, prey, ref trace))
        {
            x.Fill(TReal.NaN);
            return;
        }

        for (int i = 0; i < _points; i++)
        {
            x[i] = TReal.CreateTruncating(predators[i + 1]);
            x[_points + i] = TReal.CreateTruncating(prey[i + 1]);
        }
    }
}
