namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Settings of importance sampling by an <see cref="Explainer"/>.</summary>
public sealed record TraceImportanceOptions
{
    /// <summary>Events to draw. Those that agree with the observation are kept in memory.</summary>
    public int Traces { get; init; } = 10_000;

    /// <summary>Threads; 0 for one a core. It does not change the result.</summary>
    public int Threads { get; init; }

    internal TraceImportanceOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Traces, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        return this;
    }
}
