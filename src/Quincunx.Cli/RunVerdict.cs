namespace Quincunx.Cli;

/// <summary>The verdict in <c>metrics.json</c>.</summary>
/// <param name="Level"><c>trusted</c>, <c>caution</c> or <c>do-not-trust</c>.</param>
/// <param name="Reasons">What failed, in sentences.</param>
internal sealed record RunVerdict(string Level, IReadOnlyList<string> Reasons)
{
    public const string Trusted = "trusted", Caution = "caution", DoNotTrust = "do-not-trust";

    public string Words() => Level.Replace('-', ' ');
}
