namespace Quincunx.Inference.Abc;

/// <summary>Why approximate Bayesian computation ended. Whatever the reason, the result has what was found until then.</summary>
public enum AbcStopReason
{
    /// <summary>All that was asked for was done: rejection accepted its share or its number of draws, or the sampler made all its populations.</summary>
    Completed,

    /// <summary>All simulations of the budget were used.</summary>
    BudgetExhausted,

    /// <summary>A population was made at the tolerance that was asked for.</summary>
    ToleranceReached,

    /// <summary>Too small a share of the last simulations was accepted to go on.</summary>
    AcceptanceTooLow,

    /// <summary>A further population would bring, or the last one brought, no change.</summary>
    Settled,

    /// <summary>Not one simulation came within the tolerance: there are no draws.</summary>
    NoneAccepted,

    /// <summary>Not one simulation succeeded: there are no draws.</summary>
    AllFailed,

    /// <summary>The observation has a number that is NaN or infinite: nothing was simulated.</summary>
    ObservationNotFinite,

    /// <summary>Weights hang on too few draws, or these on too few places, to propose from them; the draws are those of the last population that was sound.</summary>
    Collapsed,

    /// <summary>The caller cancelled; the draws are those of whole batches until then.</summary>
    Cancelled,
}
