namespace Quincunx.Runs.Pipeline;

/// <summary>Names of the files in a run folder.</summary>
internal static class RunFiles
{
    public const string Raw = "raw-posterior.npz";
    public const string PosteriorNpz = "posterior.npz";
    public const string PosteriorCsv = "posterior.csv";
    public const string Importance = "importance.npz";
    public const string ImportanceFacts = "importance.json";
    public const string Diagnostics = "diagnostics.npz";
    public const string DiagnosticFacts = "diagnostics.json";
    public const string Metrics = "metrics.json";
    public const string Report = "report.html";

    public static string Simulations(int round) => $"simulations/round-{round}.npz";

    public static string SimulationFacts(int round) => $"simulations/round-{round}.json";

    public static string Network(int round) => $"network/round-{round}.npz";

    public static string NetworkFacts(int round) => $"network/round-{round}.json";

    public static string Region(int round) => $"regions/round-{round}.npz";
}
