namespace Quincunx.Inference.Samplers;

/// <summary>How a sampler ended. Everything but <see cref="Completed"/> comes with what had been found by then.</summary>
public enum SamplerStop
{
    /// <summary>All draws asked for were made.</summary>
    Completed,

    /// <summary>The density is 0 or not a number at a start (or at every draw of the prior); there is nowhere to begin. There are no draws.</summary>
    NoFiniteStart,

    /// <summary>No step of a usable size is accepted: the gradient is wrong, not finite or has jumps. There are no draws.</summary>
    StepSizeCollapsed,

    /// <summary>All draws were made, but a chain never moved while they were.</summary>
    Stuck,

    /// <summary>The evaluations allowed ran out first.</summary>
    BudgetExhausted,
}
