using System.Text.Json.Serialization;

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.score</c>: the network of flow and score matching, and how it is drawn from.</summary>
/// <param name="Hidden">Widths of the residual blocks, all the same.</param>
/// <param name="Path">One of <see cref="Paths"/>; null for that of the method.</param>
/// <param name="Sampler">One of <see cref="Samplers"/>.</param>
/// <param name="Steps">Of the sampler.</param>
/// <param name="Trace">One of <see cref="Traces"/>; null for the first.</param>
public sealed record ScoreSettings(
    IReadOnlyList<int> Hidden, string? Path, string Sampler, int Steps, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null)
{
    /// <summary>The words that the study file knows.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["optimal-transport", "variance-preserving", "sub-variance-preserving", "variance-exploding"];

    /// <summary>The words that the study file knows; the first is the default.</summary>
    public static IReadOnlyList<string> Samplers { get; } = ["probability-flow", "reverse-diffusion", "predictor-corrector"];

    /// <summary>The words that the study file knows; the first is the default.</summary>
    public static IReadOnlyList<string> Traces { get; } = ["exact", "rademacher", "gaussian"];
}
