using Quincunx.Inference.Ensembles;

namespace Quincunx.Runs.Pipeline;

/// <summary>Contents of <c>ensemble.json</c>: what the networks of an ensemble do not agree on at the observation.</summary>
/// <param name="Level">Probability inside the intervals.</param>
/// <param name="Networks">That the mixture is of.</param>
/// <param name="Draws">Of each of them, of which the numbers are estimates.</param>
public sealed record EnsembleFacts(int Format, double Level, int Networks, int Draws, IReadOnlyList<EnsembleParameterFacts> Parameters)
{
    internal const double UsualLevel = 0.95;

    private const int DrawsOfEach = 4000;

    /// <param name="rng">Not shared with anything else.</param>
    internal static EnsembleFacts Of(StudyModel model, PosteriorEnsemble ensemble, Numerics.Random.Rng rng) => new(
        1, UsualLevel, ensemble.Used.Count, DrawsOfEach,
        [.. model.ParameterNames.Zip(ensemble.Intervals(model.Observation, UsualLevel, rng, DrawsOfEach), EnsembleParameterFacts.Of)]);
}

/// <summary>A parameter under the mixture, and how its networks differ.</summary>
/// <param name="Sd">Of the mixture, as <paramref name="Mean"/> and the ends of its central interval.</param>
/// <param name="MeanSpread">Standard deviation between networks of their means; NaN with one.</param>
/// <param name="LowerSpread">The same of the lower ends of their own intervals.</param>
/// <param name="UpperSpread">The same of the upper ends.</param>
/// <param name="LowestLower">Lowest of the lower ends.</param>
/// <param name="HighestUpper">Highest of the upper ends.</param>
public sealed record EnsembleParameterFacts(
    string Name, double Mean, double Sd, double Lower, double Upper, double MeanSpread, double LowerSpread, double UpperSpread, double LowestLower, double HighestUpper)
{
    /// <summary>The spread of means over the mixture's standard deviation.</summary>
    internal double MeansOfSd => MeanSpread / Sd;

    /// <summary>The spread of ends, the larger, over the length of the mixture's interval.</summary>
    internal double EndsOfLength => Math.Max(LowerSpread, UpperSpread) / (Upper - Lower);

    internal static EnsembleParameterFacts Of(string name, EnsembleInterval i) => new(
        name, i.Mean, i.StandardDeviation, i.Lower, i.Upper, i.MeanSpread, i.LowerSpread, i.UpperSpread, i.LowestLower, i.HighestUpper);
}
