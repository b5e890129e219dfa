namespace Quincunx.Inference.Training;

/// <summary>Why training ended. Whatever the reason, the module has the best weights found.</summary>
public enum StopReason
{
    /// <summary>The validation loss had not improved for as many epochs as the patience says.</summary>
    Converged,

    /// <summary>All epochs were used while the loss was still improving now and then.</summary>
    MaxEpochs,

    /// <summary>All optimiser steps of the budget were used.</summary>
    BudgetSteps,

    /// <summary>Losses or gradients stopped being finite, or the loss exploded.</summary>
    Diverged,

    /// <summary>The caller cancelled; the epoch that was running is not in the history.</summary>
    Cancelled,
}
