namespace Quincunx.Numerics.Optimisation;

/// <summary>Why <see cref="Lbfgs"/> ended.</summary>
public enum LbfgsStop
{
    /// <summary>The gradient is within the tolerance.</summary>
    Converged,

    /// <summary>
    /// No step along the descent direction fulfils the Wolfe conditions: near a minimum because rounding hides any further decrease, else
    /// because the function is unbounded below or its gradient wrong. The gradient norm tells which.
    /// </summary>
    Stalled,

    MaxIterations,

    MaxEvaluations,

    /// <summary>Value or gradient is not finite at the starting point.</summary>
    NotFinite,
}
