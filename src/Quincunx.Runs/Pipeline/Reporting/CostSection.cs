using System.Globalization;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Reports;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>The section on what the run cost.</summary>
internal sealed class CostSection(RunResults results, RunManifest manifest)
{
    public IEnumerable<ReportBlock> Blocks()
    {
        VerdictFacts facts = results.Facts;
        long training = facts.Simulations.Sum(s => (long)s.Count);
        int calibration = facts.Diagnostics.Sbc is { } sbc ? sbc.Pairs + sbc.InvalidPairs + sbc.Excluded : 0;
        int predictive = facts.Diagnostics.Predictive is { } check ? check.Simulations + check.Invalid : 0;
        List<(string, ReportText)> items =
        [
            ("Simulations", $"{Words.Count(training)} for training"
                + (facts.Simulations.Count > 1 ? $" ({string.Join(" + ", facts.Simulations.Select(s => Words.Count(s.Count)))})" : "")
                + $", {Words.Count(calibration)} for calibration, {Words.Count(predictive)} for the predictive check"),
        ];
        if (facts.Importance is { } weights)
        {
            items.Add(("Likelihood evaluations", Words.Count(weights.Evaluations)));
        }

        yield return new ReportFacts(items);

        // In the manifest a stage that failed or was interrupted keeps its place; the report itself is still at work.
        StageRecord[] stages = [.. manifest.Stages.Where(s => s.Status == StageStatus.Complete && s.Name != "report")];
        yield return new ReportTable
        {
            Caption = "Time at work by stage, from the run that made its files.",
            Header = ["stage", "seconds"],
            Rows =
            [
                .. stages.Select(s => (IReadOnlyList<ReportText>)[s.Name, Seconds(s.Seconds)]),
                ["together", Seconds(stages.Sum(s => s.Seconds))],
            ],
            Emphasised = [stages.Length],
        };
    }

    private static ReportText Seconds(double seconds) => ReportText.Volatile(seconds.ToString("F1", CultureInfo.InvariantCulture));
}
