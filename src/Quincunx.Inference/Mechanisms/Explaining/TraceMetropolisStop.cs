namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>How Markov chains over traces ended.</summary>
public enum TraceMetropolisStop
{
    /// <summary>All chains took all their steps, and states that meet the observation were kept.</summary>
    Completed,

    /// <summary>A chain found no event of positive density to start from; there are no states.</summary>
    NoStart,

    /// <summary>All chains took all their steps, and none of the states looked at meets the observation exactly.</summary>
    NoAgreement,
}
