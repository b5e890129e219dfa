namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Settings of importance sampling by an <see cref="Explainer"/>.</summary>
public sealed record TraceImportanceOptions
{
    /// <summary>Events to draw. Those that agree with the observation are kept in memory.</summary>
    public int Traces { get; init; } = 10_000;

    /// <summary>Share of events that are drawn from the laws where there is a learned proposal: no weight exceeds a likelihood weight by more than its inverse.</summary>
    public double DefensiveShare { get; init; } = 0.1;

    /// <summary>Threads; 0 for one a core. It does not change the result.</summary>
    public int Threads { get; init; }

    internal TraceImportanceOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Traces, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        return DefensiveShare is > 0 and <= 1
            ? this
            : throw new ArgumentOutOfRangeException(nameof(DefensiveShare), DefensiveShare, "Expected a share in (0, 1].");
    }
}
