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
                + (facts.Networks[^1].Fresh is { } fresh ? $", of which {Words.Count(fresh.Made)} were made while the network trained" : "")
                + $", {Words.Count(calibration)} for calibration, {Words.Count(predictive)} for the predictive check"),
        ];
        if (facts.Importance is { } weights)
        {
            items.Add(("Likelihood evaluations", Words.Count(weights.Evaluations) + (results.Model.Measurement.Noise is null ? "" : ", each of which is a simulation")));
        }

        yield return new ReportFacts(items);

        yield return StageTimes.Table(manifest);
    }
}
