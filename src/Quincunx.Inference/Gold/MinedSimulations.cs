using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Gold;

/// <summary>Events of a mined simulator, each drawn at a theta of its own and weighed against another theta.</summary>
/// <param name="Thetas">What events were drawn at. Shape <c>[n, d]</c>, row-major.</param>
/// <param name="Others">What they were weighed against. Shape <c>[n, d]</c>.</param>
/// <param name="Xs">Shape <c>[n, features]</c>; finite.</param>
/// <param name="LogRatios">log p(x, z | other) − log p(x, z | theta) of all that happened in the event. Shape <c>[n]</c>; −∞ where the event could not have happened at the other theta.</param>
/// <param name="Scores">∇ log p(x, z | theta) at the event's own theta. Shape <c>[n, d]</c>; empty where they were not wanted.</param>
/// <param name="Excluded">Events left out because an output, ratio or score was not finite.</param>
public sealed record MinedSimulations(double[] Thetas, double[] Others, double[] Xs, double[] LogRatios, double[] Scores, int Excluded)
{
    /// <summary>Number of events.</summary>
    public int Count => LogRatios.Length;

    /// <summary>Half of the events drawn at thetas from a law and weighed against the reference, half at the reference and weighed against thetas from the law: the one-parameter form.</summary>
    /// <param name="simulator">Called from several threads.</param>
    /// <param name="prior">Of theta.</param>
    /// <param name="reference">Shape <c>[d]</c>.</param>
    /// <param name="count">Runs of the simulator, positive; with an odd number one more at the law's.</param>
    /// <param name="rng">Event i has stream i; not advanced.</param>
    /// <exception cref="MiningException">An event has no joint density that moves smoothly with theta.</exception>
    public static MinedSimulations Against(IMinedSimulator simulator, ParameterSampler prior, double[] reference, int count, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(simulator);
        if (reference.Length != simulator.ParameterNames.Count)
        {
            throw new ArgumentException($"Expected a reference of {simulator.ParameterNames.Count} parameters, got {reference.Length}.", nameof(reference));
        }

        return Run(simulator, count, rng, cancel, (event_, theta, other, stream) =>
        {
            prior(event_ % 2 == 0 ? theta : other, stream);
            reference.CopyTo(event_ % 2 == 0 ? other : theta);
        });
    }

    /// <summary>Events drawn at thetas from a law and weighed against others from the same law: the two-parameter form.</summary>
    /// <inheritdoc cref="Against"/>
    public static MinedSimulations Between(IMinedSimulator simulator, ParameterSampler prior, int count, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        return Run(simulator, count, rng, cancel, (_, theta, other, stream) =>
        {
            prior(theta, stream);
            prior(other, stream.Split("other"));
        });
    }

    /// <summary>Events drawn at one theta and weighed against nothing else (others are the same, ratios 0): what the score at that theta is learned from.</summary>
    /// <inheritdoc cref="Against"/>
    public static MinedSimulations At(IMinedSimulator simulator, double[] reference, int count, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Length != simulator.ParameterNames.Count)
        {
            throw new ArgumentException($"Expected a reference of {simulator.ParameterNames.Count} parameters, got {reference.Length}.", nameof(reference));
        }

        return Run(simulator, count, rng, cancel, (_, theta, other, _) =>
        {
            reference.CopyTo(theta);
            reference.CopyTo(other);
        });
    }

    private static MinedSimulations Run(IMinedSimulator simulator, int count, Rng rng, CancellationToken cancel, Placement place)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        int d = simulator.ParameterNames.Count, k = simulator.OutputNames.Count;
        double[] thetas = new double[count * d], others = new double[count * d], xs = new double[count * k], ratios = new double[count], scores = new double[count * d];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancel }, i =>
        {
            Rng stream = rng.Split(i);
            Span<double> theta = thetas.AsSpan(i * d, d), other = others.AsSpan(i * d, d);
            place(i, theta, other, stream.Split("theta"));
            simulator.Mine(theta, other, xs.AsSpan(i * k, k), ratios.AsSpan(i, 1), scores.AsSpan(i * d, d), stream.Split("event"));
        });

        int[] kept = [.. Enumerable.Range(0, count).Where(i => IsFinite(xs, i, k) && IsFinite(scores, i, d) && ratios[i] < double.PositiveInfinity)];
        return kept.Length == count
            ? new MinedSimulations(thetas, others, xs, ratios, scores, 0)
            : new MinedSimulations(Rows(thetas, d), Rows(others, d), Rows(xs, k), Rows(ratios, 1), Rows(scores, d), count - kept.Length);

        double[] Rows(double[] all, int width) => [.. kept.SelectMany(i => all.AsSpan(i * width, width).ToArray())];
    }

    private static bool IsFinite(double[] rows, int row, int width) => SimulationSet.FirstNonFinite(rows.AsSpan(row * width, width)) < 0;

    private delegate void Placement(int number, Span<double> theta, Span<double> other, Rng stream);
}
