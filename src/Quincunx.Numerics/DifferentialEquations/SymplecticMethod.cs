namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>An explicit symplectic method for H(q, p) = T(p) + V(q).</summary>
public enum SymplecticMethod
{
    /// <summary>Order 2: half a kick, a drift, half a kick (Verlet 1967, Phys. Rev. 159, 98; Swope et al. 1982).</summary>
    VelocityVerlet,

    /// <summary>Order 4: three steps of velocity Verlet, of lengths w, 1 - 2w and w with w = 1 / (2 - 2^(1/3)) (Yoshida 1990, Phys. Lett. A 150, 262).</summary>
    Yoshida4,
}
