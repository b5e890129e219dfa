using System.Globalization;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Reports;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>The section that says how to get the same numbers again.</summary>
internal static class ReproductionSection
{
    public static IEnumerable<ReportBlock> Blocks(IStudy study, RunManifest manifest)
    {
        string folder = Path.GetFileName(study.File) == "study.yaml" ? Path.GetDirectoryName(study.File) is { Length: > 0 } parent ? parent : "." : study.File;
        yield return new ReportCode(ReportText.Volatile($"quincunx run {(folder.Contains(' ') ? $"\"{folder}\"" : folder)}"));
        yield return new ReportParagraph("The same inputs, seed and version give the same numbers, whatever the number of cores.");
        yield return new ReportFacts(
        [
            ("Seed", study.Seed.ToString(CultureInfo.InvariantCulture)),
            .. study.Inputs.Select(i => ($"SHA-256 of {i.Name}", (ReportText)i.Fingerprint.Sha256)),
            ("Version", ReportText.Volatile($"Quincunx {manifest.Host.Quincunx}, {manifest.Host.Dotnet}")),
            ("Machine", ReportText.Volatile($"{manifest.Host.Cpu}, {Words.Plural(manifest.Host.Cores, "core")}, {manifest.Host.Os}")),
        ]);
    }
}
