namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>Why an integration ended.</summary>
public enum OdeStop
{
    /// <summary>The last time was reached.</summary>
    Completed,

    /// <summary>The step size needed for the tolerances is within rounding of the time: the problem is stiff or singular, or the tolerances ask for too much.</summary>
    StepUnderflow,

    /// <summary>As many steps were tried as the options allow.</summary>
    MaxSteps,

    /// <summary>State or slope is infinite or NaN at the given time, or however small a step is tried from there.</summary>
    NotFinite,
}
