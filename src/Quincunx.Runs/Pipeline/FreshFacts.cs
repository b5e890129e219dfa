namespace Quincunx.Runs.Pipeline;

/// <summary>Simulations that were made while a network learned from them, each for one epoch; those that were stored before are not among them.</summary>
/// <param name="Made">Failed ones included.</param>
/// <param name="Failed">In whose place others were made.</param>
public sealed record FreshFacts(long Made, long Failed);
