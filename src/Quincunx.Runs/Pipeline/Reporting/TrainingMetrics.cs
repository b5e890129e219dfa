using System.Text.Json.Serialization;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <param name="BestEpoch">From 1; 0 where no epoch had a finite validation loss.</param>
/// <param name="Networks">Of an ensemble, each; null for one network. The other numbers are then sums of steps, means of losses and the median of best epochs.</param>
/// <param name="Fresh">Simulations that were made while the network learned; null where it learned from stored ones alone.</param>
/// <param name="SkippedSteps">Batches that were skipped because a loss or gradient was not finite.</param>
public sealed record TrainingMetrics(
    int Round, string StopReason, int Epochs, int BestEpoch, double BestValidationLoss, long Steps, long SkippedSteps, long Simulations, int Excluded,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<MemberMetrics>? Networks = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FreshFacts? Fresh = null)
{
    internal static TrainingMetrics Of(NetworkFacts facts) => new(
        facts.Round, facts.StopReason, facts.History.Count, facts.BestEpoch + 1, facts.BestValidationLoss, facts.Steps, facts.SkippedSteps, facts.Simulations, facts.Excluded,
        facts.Members is null ? null : [.. facts.Members.Select(m => new MemberMetrics(m.StopReason, m.Used, m.Epochs, m.BestEpoch + 1, m.BestValidationLoss))],
        facts.Fresh);
}

/// <summary>A network of an ensemble.</summary>
/// <param name="Used">Whether it is part of the mixture.</param>
/// <param name="BestEpoch">From 1; 0 where no epoch had a finite validation loss.</param>
public sealed record MemberMetrics(string StopReason, bool Used, int Epochs, int BestEpoch, double BestValidationLoss);
