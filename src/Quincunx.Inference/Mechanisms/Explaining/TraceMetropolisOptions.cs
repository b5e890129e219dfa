namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Settings of the Markov chains of an <see cref="Explainer"/>. The result depends on all of them but <see cref="Threads"/>.</summary>
public sealed record TraceMetropolisOptions
{
    /// <summary>Independent chains, each with a stream and a start of its own.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>Steps of each chain that are thrown away.</summary>
    public int WarmUp { get; init; } = 1_000;

    /// <summary>States of each chain that are looked at after the warm-up; kept are those that meet the observation.</summary>
    public int Samples { get; init; } = 1_000;

    /// <summary>Steps from one of them to the next.</summary>
    public int Thin { get; init; } = 20;

    /// <summary>Share of steps that change two choices at once.</summary>
    public double PairShare { get; init; } = 0.25;

    /// <summary>Share of changes to a real number or a count that walk in its noise; the others, and all changes to labels, are drawn anew from the law.</summary>
    public double WalkShare { get; init; } = 0.5;

    /// <summary>In place of equality of computed outputs while the chains run; null for equality.</summary>
    /// <remarks>A weaker condition lets chains pass between events that meet the observation. States that do not meet it exactly are left out.</remarks>
    public OutputKernel? Relaxation { get; init; }

    /// <summary>Events drawn from the laws to find one of positive density to start a chain from.</summary>
    public int StartAttempts { get; init; } = 10_000;

    /// <summary>Threads; 0 for one a core. It does not change the result.</summary>
    public int Threads { get; init; }

    internal TraceMetropolisOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Chains, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(WarmUp);
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Thin, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(StartAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        return PairShare is >= 0 and < 1 && WalkShare is >= 0 and <= 1
            ? this
            : throw new ArgumentException($"Expected {nameof(PairShare)} in [0, 1) and {nameof(WalkShare)} in [0, 1], got {PairShare} and {WalkShare}.");
    }
}
