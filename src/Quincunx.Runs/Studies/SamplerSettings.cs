namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.sampler</c>: how draws are made of a learned likelihood or ratio.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Chains">At most, for each observation.</param>
public sealed record SamplerSettings(string Kind, int Chains)
{
    /// <summary>The words that the study file knows; the first is the default.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["slice", "nuts", "hamiltonian", "importance-resampling"];
}
