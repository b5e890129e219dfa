using System.Globalization;
using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.JumpProcesses;

/// <summary>An epidemic in a small population as a jump process: every infection and every recovery is an event of its own.</summary>
/// <remarks>
/// <para>
/// Of N people, S can be infected and I are infected. The next event is an infection at the rate β S I / N or a recovery at γ I (the general stochastic epidemic; N. T. J. Bailey 1975,
/// "The mathematical theory of infectious diseases", chapter 6). The choices are waiting times and kinds of event, and the last, unfinished wait counts with the probability that nothing happens in it, so joint ratios
/// and scores are exact. How many are infected in the end has exact probabilities.
/// </para>
/// <para>Parameters: <c>beta</c>, infections a day by an infected person among people who can all be infected, and <c>gamma</c>, recoveries a day, both at least 0.</para>
/// </remarks>
public sealed class SirJumps : IMechanism
{
    private readonly int _population, _infected, _points;
    private readonly double _interval;

    /// <param name="population">N, at least 1.</param>
    /// <param name="infected">At the start, 1 to N; the rest can be infected.</param>
    /// <param name="points">Days on which people are counted, positive.</param>
    /// <param name="intervalDays">Days to the first count and from each to the next, positive.</param>
    public SirJumps(int population = 200, int infected = 5, int points = 10, double intervalDays = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(infected, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(population, infected);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        if (!(intervalDays > 0 && double.IsFinite(intervalDays)))
        {
            throw new ArgumentOutOfRangeException(nameof(intervalDays), intervalDays, "Expected a positive, finite interval.");
        }

        (_population, _infected, _points, _interval) = (population, infected, points, intervalDays);
        string[] days = [.. Enumerable.Range(1, points).Select(i => (i * intervalDays).ToString("R", CultureInfo.InvariantCulture))];
        OutputNames = [.. days.Select(day => $"infected_{day}"), .. days.Select(day => $"recovered_{day}")];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["beta", "gamma"];

    /// <summary>Infected people, then recovered ones, each in order of time; the day is in the name.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Choices: <c>wait[n]</c>, days to the next event, or what is left to the end; <c>infection[n]</c>, 1 for an infection and 0 for a recovery. There are none once nobody is infected.
    /// </remarks>
    /// <exception cref="ArgumentException">A parameter is negative or not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        (TReal beta, TReal gamma) = (theta[0], theta[1]);
        if (!(beta >= TReal.Zero && gamma >= TReal.Zero && TReal.IsFinite(beta) && TReal.IsFinite(gamma)))
        {
            throw new ArgumentException($"Expected rates of at least 0, got {beta} and {gamma}.", nameof(theta));
        }

        (int susceptible, int infected, int seen, double time, double end) = (_population - _infected, _infected, 0, 0, _interval * _points);
        for (int n = 0; seen < _points; n++)
        {
            TReal infection = beta * TReal.CreateTruncating((double)susceptible * infected / _population), recovery = gamma * TReal.CreateTruncating(infected);
            double left = end - time, wait = infected == 0 ? left : double.CreateTruncating(trace.Draw(new Site("wait", n), new WaitingLaw<TReal>(infection + recovery, left)));
            time += wait;
            for (; seen < _points && (wait >= left || (seen + 1) * _interval < time); seen++)
            {
                x[seen] = TReal.CreateTruncating(infected);
                x[_points + seen] = TReal.CreateTruncating(_population - susceptible - infected);
            }

            if (seen < _points)
            {
                bool isInfection = trace.Flip(new Site("infection", n), infection / (infection + recovery));
                (susceptible, infected) = isInfection ? (susceptible - 1, infected + 1) : (susceptible, infected - 1);
            }
        }
    }

    /// <summary>The probabilities that 0, 1, ..., N people have been infected when the epidemic is over, those of the start included.</summary>
    /// <remarks>By recursion over the states in the order in which they can be reached (Bailey 1953, Biometrika 40, 177); exact to rounding. Cost: N² / 2.</remarks>
    /// <param name="beta">At least 0.</param>
    /// <param name="gamma">Positive: otherwise the epidemic is never over.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is out of range.</exception>
    public double[] FinalSizes(double beta, double gamma)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(beta);
        if (!(gamma > 0 && double.IsFinite(gamma) && double.IsFinite(beta)))
        {
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "Expected finite rates, of recovery a positive one.");
        }

        // With s people left to infect: the chance that i infected come by. An infection leads to (s - 1, i + 1), a recovery to (s, i - 1).
        double[] sizes = new double[_population + 1], chance = new double[_population + 2], next = new double[_population + 2];
        chance[_infected] = 1;
        for (int s = _population - _infected; s >= 0; s--)
        {
            Array.Clear(next);
            double infects = beta * s / ((beta * s) + (gamma * _population));
            for (int i = _population - s; i > 0; i--)
            {
                next[i + 1] = chance[i] * infects;
                chance[i - 1] += chance[i] * (1 - infects);
            }

            sizes[_population - s] = chance[0];
            (chance, next) = (next, chance);
        }

        return sizes;
    }
}
