namespace Quincunx.Inference.Nre;

/// <summary>What <see cref="Tmnre"/> found.</summary>
/// <param name="Ratios">Of the marginals that were asked for, in the last box; null where nothing could be trained.</param>
/// <param name="Prior">Truncated to the last box.</param>
public sealed record TmnreResult(TmnreStop StopReason, MarginalRatios? Ratios, TruncatedProduct Prior, IReadOnlyList<TmnreRound> Rounds)
{
    /// <summary>Simulations made in all rounds, the failed ones included.</summary>
    public long Simulations => Rounds.Sum(r => (long)r.Simulated);
}
