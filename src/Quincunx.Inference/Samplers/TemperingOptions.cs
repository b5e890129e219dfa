namespace Quincunx.Inference.Samplers;

public sealed record TemperingOptions : ChainOptions
{
    /// <summary>Independent ladders of replicas.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>Powers of the likelihood in a ladder, from 0 (the prior) to 1, at least 2. The warm-up places them so that neighbours swap equally often.</summary>
    public int Levels { get; init; } = 12;

    /// <summary>Metropolis moves of each replica between two swaps.</summary>
    public int Moves { get; init; } = 5;

    internal TemperingOptions Checked()
    {
        CheckChains();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Chains);
        ArgumentOutOfRangeException.ThrowIfLessThan(Levels, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Moves);
        return this;
    }
}
