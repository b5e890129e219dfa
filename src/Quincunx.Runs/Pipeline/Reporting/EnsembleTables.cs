using System.Globalization;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Reports;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>What a report says of the networks of an ensemble.</summary>
internal static class EnsembleTables
{
    /// <summary>Where they do not agree.</summary>
    /// <param name="reweighted">The reported posterior is another.</param>
    public static ReportTable Disagreement(EnsembleFacts ensemble, bool reweighted) => new()
    {
        Caption = $"What the {ensemble.Networks} networks do not agree on: the standard deviation between them of their means and of the ends of their own 95 % intervals, and the outermost of these ends. "
            + (reweighted ? "The intervals of their mixture, before reweighting, carry it. " : "The intervals above are those of their mixture and carry it. ")
            + $"A caution where means differ by more than {Words.Fixed(EnsembleRules.LargeOfSd, 1)} of the mixture's standard deviation, or ends by more than {Words.Fixed(EnsembleRules.LargeOfLength, 2)} of its interval's length.",
        Header = ["parameter", "mean ±", "2.5 % ±", "97.5 % ±", "lowest 2.5 %", "highest 97.5 %", "means, of sd", "ends, of length"],
        Rows =
        [
            .. ensemble.Parameters.Select(p =>
            {
                ReportText Show(double value) => ParameterTable.Format(value, p.Sd);
                return (IReadOnlyList<ReportText>)[p.Name, Show(p.MeanSpread), Show(p.LowerSpread), Show(p.UpperSpread), Show(p.LowestLower), Show(p.HighestUpper), Words.Fixed(p.MeansOfSd, 2), Words.Fixed(p.EndsOfLength, 2)];
            }),
        ],
        Emphasised = [.. ensemble.Parameters.Index().Where(p => EnsembleRules.IsLarge(p.Item)).Select(p => p.Index)],
    };

    /// <summary>How each was trained.</summary>
    public static ReportTable Training(NetworkFacts network) => new()
    {
        Caption = $"The networks of the ensemble{(network.Round > 1 ? $" of round {network.Round}" : "")}. The simulations are distinct ones that a network was trained on, besides those held out.",
        Header = ["network", "training", "in the mixture", "simulations", "epochs", "best epoch", "loss", "skipped steps"],
        TextColumns = 3,
        Rows =
        [
            .. network.Members!.Select((m, i) => (IReadOnlyList<ReportText>)
            [
                (i + 1).ToString(CultureInfo.InvariantCulture), MethodSection.Stop(m.StopReason), m.Used ? "yes" : "no", Words.Count(m.Simulations), Words.Count(m.Epochs), Words.Count(m.BestEpoch + 1),
                Words.Fixed(m.BestValidationLoss, 3), Words.Count(m.SkippedSteps),
            ]),
        ],
    };
}
