namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Settings of a <see cref="TraceProposal"/>.</summary>
public sealed record TraceProposalOptions
{
    /// <summary>Events to simulate; each of their choices is a row to train on.</summary>
    public int Traces { get; init; } = 10_000;

    /// <summary>Units of each hidden layer.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Residual layers after the first.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Normals in the proposal of a noise.</summary>
    public int Components { get; init; } = 4;

    /// <summary>A discrete choice with values below this is proposed by their probabilities, others by their noise.</summary>
    public int MostValues { get; init; } = 16;

    /// <summary>Sites that are learned, the most frequent; others are drawn from their laws.</summary>
    public int MostSites { get; init; } = 200;

    internal TraceProposalOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Traces, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Depth);
        ArgumentOutOfRangeException.ThrowIfLessThan(Components, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MostValues, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(MostSites, 1);
        return this;
    }
}
