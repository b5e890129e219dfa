namespace Quincunx.Runs.Pipeline;

/// <summary>Names of the files in a run folder.</summary>
internal static class RunFiles
{
    public const string Raw = "raw-posterior.npz";
    public const string SamplingFacts = "sampling.json";
    public const string PosteriorNpz = "posterior.npz";
    public const string PosteriorCsv = "posterior.csv";
    public const string Importance = "importance.npz";
    public const string ImportanceFacts = "importance.json";
    public const string Diagnostics = "diagnostics.npz";
    public const string DiagnosticFacts = "diagnostics.json";
    public const string Ensemble = "ensemble.json";
    public const string Gibbs = "gibbs.json";
    public const string Marginals = "marginals.json";
    public const string MarginalNetwork = "network/marginals.npz";
    public const string Metrics = "metrics.json";
    public const string Report = "report.html";

    /// <summary>The simulations of all rounds. No stage's file: the index of each round says which bytes it has of it.</summary>
    public const string Store = "simulations.db";

    /// <summary>The index of the simulations of a round.</summary>
    public static string Simulations(int round) => $"simulations/{Round(round)}.json";

    /// <summary>What the campaign of a round is called in the store.</summary>
    public static string Round(int round) => $"round-{round}";

    public static string Network(int round) => $"network/round-{round}.npz";

    public static string NetworkFacts(int round) => $"network/round-{round}.json";

    public static string Proposal(int round) => $"proposals/round-{round}.npz";

    public static string Region(int round) => $"regions/round-{round}.npz";
}
