using Quincunx.Inference.BayesianNetworks;

namespace Quincunx.Runs.Benchmarks;

/// <summary>A way of inference that the benchmark compares.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Method">The study's <c>inference.method</c>.</param>
/// <param name="Rounds">Into which the budget is cut in equal parts; with more than one, each observation has its own simulations.</param>
/// <param name="Published">What the paper calls the algorithm that it is compared with.</param>
public sealed record SbibmMethod(string Name, string Method, int Rounds, string Published)
{
    // The paper's sequential methods have ten rounds.
    private const int Sequential = 10;

    public static IReadOnlyList<SbibmMethod> All { get; } =
    [
        new("npe", "npe", 1, "NPE"),
        new("tsnpe", "npe", Sequential, "SNPE"),
        new("apt", "apt", Sequential, "SNPE"),
        new("fmpe", "fmpe", 1, "NPE"),
        new("npse", "npse", 1, "NPE"),
        new("mdn", "mdn", 1, "NPE"),
        new("bnn-npe", "bnn-npe", 1, "NPE") { MostSimulations = BayesianNetworkEstimation.MostSimulations },
        new("nle", "nle", 1, "NLE"),
        new("snle", "nle", Sequential, "SNLE"),
        new("nre", "nre-c", 1, "NRE"),
        new("snre", "nre-c", Sequential, "SNRE"),
        new("nre-a", "nre-a", 1, "NRE"),
        new("nre-b", "nre-b", 1, "NRE"),
        new("abc", "abc", 1, "REJ-ABC"),
        new("smc-abc", "smc-abc", Sequential, "SMC-ABC"),
    ];

    /// <summary>Budget up to which the method can be used.</summary>
    public int MostSimulations { get; init; } = int.MaxValue;

    /// <summary>Whether one network serves all observations.</summary>
    public bool IsAmortised => Rounds == 1;
}
