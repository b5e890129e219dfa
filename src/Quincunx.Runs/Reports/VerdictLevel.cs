namespace Quincunx.Runs.Reports;

/// <summary>How far the checks let a result be relied on.</summary>
public enum VerdictLevel
{
    Trusted,
    Caution,
    DoNotTrust,
}
