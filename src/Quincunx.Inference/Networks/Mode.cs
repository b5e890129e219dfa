namespace Quincunx.Inference.Networks;

/// <summary>What a network is run for; it matters to layers that are random while they are trained.</summary>
public enum Mode
{
    /// <summary>The loss on held-out rows, sampling, densities: nothing is random.</summary>
    Evaluation,

    /// <summary>The loss that is differentiated.</summary>
    Training,
}
