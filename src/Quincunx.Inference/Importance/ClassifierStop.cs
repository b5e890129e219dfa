namespace Quincunx.Inference.Importance;

/// <summary>Why the rounds of <see cref="ClassifierReweighting"/> ended. Whatever the reason, the posterior has the rounds that were kept.</summary>
public enum ClassifierStop
{
    /// <summary>A round's classifier did not beat chance on held-out pairs: nothing that these pairs could show is left to correct.</summary>
    NothingLeft,

    /// <summary>The last round that was allowed was kept; another may find more.</summary>
    RoundsExhausted,

    /// <summary>Training of a round diverged; the round is not kept. Lower the learning rate.</summary>
    Diverged,

    /// <summary>More than half of the posterior's draws are not numbers or lie outside the prior's support: there is nothing to reweight. Look at how the posterior was trained.</summary>
    DrawsFailed,

    Cancelled,
}
