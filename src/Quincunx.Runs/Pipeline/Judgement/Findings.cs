using Quincunx.Runs.Reports;

namespace Quincunx.Runs.Pipeline.Judgement;

/// <summary>Collects what the checks found; the worst of them is the verdict.</summary>
internal sealed class Findings
{
    private readonly List<(VerdictLevel Level, string Reason)> _reasons = [];
    private readonly List<string> _passed = [];

    public void Pass(string check) => _passed.Add(check);

    public void Caution(string reason) => _reasons.Add((VerdictLevel.Caution, reason));

    public void DoNotTrust(string reason) => _reasons.Add((VerdictLevel.DoNotTrust, reason));

    /// <summary>The gravest reasons first, otherwise in the order they were found.</summary>
    public ReportVerdict Verdict() => new(
        _reasons.Select(r => r.Level).Append(VerdictLevel.Trusted).Max(), [.. _reasons.OrderByDescending(r => r.Level).Select(r => r.Reason)], _passed);
}
