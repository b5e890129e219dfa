namespace Quincunx.Inference.Adversarial;

/// <summary>What is subtracted from the cost of a draw before it is multiplied by the score of the proposal. None of them biases the gradient: the baseline of a draw is made of the other draws.</summary>
public enum ScoreBaseline
{
    /// <summary>For each component of the score s, Σ s² f / Σ s²: of all constants the one with the least variance (Weaver and Tao 2001, UAI; Greensmith, Bartlett and Baxter 2004, JMLR 5, 1471).</summary>
    Optimal,

    /// <summary>The mean cost.</summary>
    Mean,

    /// <summary>Nothing.</summary>
    None,
}
