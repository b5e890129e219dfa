namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.gaps</c>: numbers of an observation may be missing.</summary>
/// <param name="Pattern">Which numbers simulations lose before a network learns from them; one of <see cref="Patterns"/>.</param>
/// <param name="Share">Highest share of numbers that are lost at random; for <c>random</c> alone.</param>
public sealed record GapSettings(string Pattern, double Share)
{
    internal const string Observation = "observation", Random = "random", Simulator = "simulator";

    /// <summary>Words of the study file; the first is the default.</summary>
    public static IReadOnlyList<string> Patterns { get; } = [Observation, Random, Simulator];
}
