namespace Quincunx.Inference.Importance;

/// <summary>A range for the effective number of a run of another length.</summary>
/// <param name="Draws">Of that run.</param>
/// <param name="Low">What to count on: as if the efficiency went on falling as fast as the weights' tail and the blocks allow. 0 is possible.</param>
/// <param name="High">As if the efficiency stayed what it is.</param>
/// <param name="IsTrustworthy">The run is at most ten times as long as what was measured, and the efficiency has settled. Otherwise do not size a run by this.</param>
/// <param name="Statement">All of it in a sentence.</param>
public sealed record EffectiveProjection(long Draws, double Low, double High, bool IsTrustworthy, string Statement);
