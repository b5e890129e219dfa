namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>What Markov chains over traces found.</summary>
public sealed record TraceMetropolisResult
{
    /// <summary>How the chains ended.</summary>
    public required TraceMetropolisStop StopReason { get; init; }

    /// <summary>The states that were kept, with equal weights.</summary>
    public required ExplainedTraces Traces { get; init; }

    /// <summary>Steps of all chains, warm-up included.</summary>
    public required long Steps { get; init; }

    /// <summary>Share of steps whose proposal was accepted.</summary>
    public required double AcceptanceRate { get; init; }

    /// <summary>Share of the states looked at that meet the observation exactly: 1 but for relaxed chains.</summary>
    public required double KeptShare { get; init; }

    /// <summary>Proposals with a density that is not a number; they were rejected.</summary>
    public required long Invalid { get; init; }

    /// <summary>Events drawn to find the starts.</summary>
    public required long StartAttempts { get; init; }

    /// <summary>Split R-hat of a quantity over the chains (see <see cref="Diagnostics.SplitRHat"/>): near 1 where they agree.</summary>
    public double RHat(Func<TraceRecord, double> quantity)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        return Diagnostics.SplitRHat.Of(Traces.Series(quantity));
    }
}
