namespace Quincunx.Runs.Pipeline.Mining;

/// <summary>What a method learns from besides the outputs of an event.</summary>
internal enum MinedParts
{
    Nothing,

    /// <summary>The joint score, ∇ log p(x, z | theta).</summary>
    Scores,

    /// <summary>That, and the joint ratio to another hypothesis.</summary>
    ScoresAndRatios,
}
