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

    /// <summary>Where the simulations of a round are that do not fit in memory.</summary>
    public static string ShardFolder(int round) => $"simulations/round-{round}";

    public static string ShardIndex(int round) => Shard(round, "index.json");

    public static string Shard(int round, string name) => $"{ShardFolder(round)}/{name}";

    public static string SimulationFacts(int round) => $"simulations/round-{round}.json";

    public static string Network(int round) => $"network/round-{round}.npz";

    public static string NetworkFacts(int round) => $"network/round-{round}.json";

    public static string Region(int round) => $"regions/round-{round}.npz";
}
