namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>What <see cref="MinedCheck"/> found.</summary>
public sealed record MinedCheckResult
{
    /// <summary>Parameter vectors tried.</summary>
    public int Points { get; init; }

    /// <summary>Events mined in all.</summary>
    public int Events { get; init; }

    /// <summary>Why the simulator cannot be mined, or null.</summary>
    public string? NotMinable { get; init; }

    /// <summary>Scores held against a difference quotient, one for each event and parameter.</summary>
    public int Compared { get; init; }

    /// <summary>Of these, those that do not match.</summary>
    public int Mismatched { get; init; }

    /// <summary>Those whose quotient does not exist, because a hypothesis beside theta gives the event no probability.</summary>
    public int Incomparable { get; init; }

    /// <summary>The first that does not match, or null.</summary>
    public MinedMismatch? FirstMismatch { get; init; }

    /// <summary>The mean score that is most standard errors from 0.</summary>
    public MinedMean? WorstScore { get; init; }

    /// <summary>The mean ratio that is most standard errors from 1.</summary>
    public MinedMean? WorstRatio { get; init; }

    /// <summary>Why what is mined is wrong; each a sentence.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Why it may be of no use; each a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
