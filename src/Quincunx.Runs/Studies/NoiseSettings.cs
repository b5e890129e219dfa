using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>noise</c>: an observation is what the simulator gives plus independent normal noise on each output.</summary>
/// <param name="Levels">Standard deviations: one for all outputs, or one for each; empty where each observation has a level of its own.</param>
/// <param name="Prior">What levels are drawn from in training, under the name <see cref="LevelName"/>; null where they are always the same.</param>
/// <param name="Fresh">Whether the network sees other noise each time that it sees a stored simulation.</param>
/// <param name="Deterministic">Whether the simulator's outputs follow from the parameters alone, so that the likelihood is that of the noise.</param>
public sealed record NoiseSettings(IReadOnlyList<double> Levels, ParameterPrior? Prior, bool Fresh, bool Deterministic)
{
    /// <summary>Name of the last number of an observation that has a level of its own.</summary>
    public const string LevelName = "noise_level";

    private const int MostLevels = 8;

    /// <summary>The noise in words, of at most eight levels.</summary>
    public string Describe() => "normal, on each output, "
        + (Prior is not null ? $"of a level that each observation tells ({LevelName}), {Prior} in training"
            : Levels is [var one] ? $"with standard deviation {NumberRule.Show(one)}"
            : $"with standard deviations {string.Join(", ", Levels.Take(MostLevels).Select(NumberRule.Show))}{(Levels.Count > MostLevels ? ", …" : "")}");
}
