namespace Quincunx.Inference.Restriction;

/// <summary>How learning where simulations succeed ended. Only <see cref="Restricted"/> comes with a restricted prior; otherwise the prior stays what it was.</summary>
public enum RestrictionStop
{
    /// <summary>The prior is restricted, and the share of successful runs that this costs is bounded.</summary>
    Restricted,

    /// <summary>No simulation failed: there is nothing to restrict.</summary>
    NoFailures,

    /// <summary>Every simulation failed, so nothing is known about where one might succeed.</summary>
    AllFailed,

    /// <summary>Too few successes were held out for the bound that was asked for, however low the threshold.</summary>
    TooFewSuccesses,

    /// <summary>Failures fell below the threshold no more often than chance would have them: they do not depend on the parameters in a way that the classifier found.</summary>
    Independent,

    /// <summary>Next to none of the prior's draws lie where simulations would succeed.</summary>
    AcceptanceCollapsed,

    /// <summary>Training of the classifier diverged.</summary>
    Diverged,

    Cancelled,
}
