using Quincunx.Runs.Campaigns;

namespace Quincunx.Runs.Pipeline;

/// <summary>How many simulations a round had.</summary>
/// <param name="FailedShare">From 0 to 1.</param>
/// <param name="FirstFailed">Numbers of the first few failed simulations.</param>
public sealed record SimulationFacts(long Count, long Failed, double FailedShare, IReadOnlyList<long> FirstFailed)
{
    internal static SimulationFacts Of(CampaignIndex index) => new(index.Rows, index.Failed, index.FailedShare, index.FirstFailed);

    /// <summary>With those that were made while the network learned.</summary>
    internal SimulationFacts And(FreshFacts? fresh) => fresh is null ? this
        : this with { Count = Count + fresh.Made, Failed = Failed + fresh.Failed, FailedShare = (double)(Failed + fresh.Failed) / (Count + fresh.Made) };
}
