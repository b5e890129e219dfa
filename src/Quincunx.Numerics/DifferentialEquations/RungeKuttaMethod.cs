namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>An explicit Runge-Kutta method.</summary>
public enum RungeKuttaMethod
{
    /// <summary>Order 5 with an embedded method of order 4, and dense output of order 4 (Dormand and Prince 1980, J. Comput. Appl. Math. 6, 19).</summary>
    DormandPrince,

    /// <summary>Order 4: the classical method of Kutta 1901.</summary>
    RungeKutta4,

    /// <summary>Order 2: a slope from the middle of the step.</summary>
    Midpoint,

    /// <summary>Order 1.</summary>
    Euler,
}
