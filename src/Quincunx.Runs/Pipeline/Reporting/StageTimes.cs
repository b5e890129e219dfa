using System.Globalization;
using Quincunx.Runs.Reports;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>The table of what each stage of a run took.</summary>
internal static class StageTimes
{
    public static ReportTable Table(RunManifest manifest)
    {
        // In the manifest a stage that failed or was interrupted keeps its place; the report itself is still at work.
        StageRecord[] stages = [.. manifest.Stages.Where(s => s.Status == StageStatus.Complete && s.Name != "report")];
        return new ReportTable
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
