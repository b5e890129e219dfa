namespace Quincunx.Inference.Samplers;

/// <summary>What all Markov chains have in common.</summary>
public abstract record ChainOptions
{
    /// <summary>Iterations of each chain before the first that counts. The sampler adapts itself in them, and no longer after.</summary>
    public int Warmup { get; init; } = 1_000;

    /// <summary>Draws kept of each chain.</summary>
    public int Draws { get; init; } = 1_000;

    /// <summary>Iterations from one kept draw to the next.</summary>
    public int Thinning { get; init; } = 1;

    private protected void CheckChains()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Warmup);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Draws);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Thinning);
    }
}
