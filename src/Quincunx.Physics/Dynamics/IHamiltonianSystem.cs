using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Dynamics;

/// <summary>A mechanical system in canonical coordinates <c>x = (q₁ … qₙ, p₁ … pₙ)</c>, with the trajectories that networks learn it from.</summary>
public interface IHamiltonianSystem
{
    /// <summary>n, the number of positions.</summary>
    int Degrees { get; }

    /// <summary>Names of the coordinates, shape <c>[2 n]</c>.</summary>
    IReadOnlyList<string> CoordinateNames { get; }

    /// <summary>The coordinates that a figure of the trajectory shows against each other, one pair a body.</summary>
    IReadOnlyList<(int Across, int Along)> Planes { get; }

    /// <summary>Sampling of the trajectories that are learned from.</summary>
    TrajectoryGrid Training { get; }

    /// <summary>Sampling of the trajectories on which a learned energy is judged.</summary>
    TrajectoryGrid Testing { get; }

    /// <summary>H(x), without units.</summary>
    double Energy(ReadOnlySpan<double> x);

    /// <summary>dx/dt = (∂H/∂p, -∂H/∂q).</summary>
    void Field(ReadOnlySpan<double> x, Span<double> slope);

    /// <summary>Draws where a trajectory that is learned from begins.</summary>
    void DrawTrainingStart(Span<double> x, Rng rng);

    /// <summary>Draws where a trajectory begins on which a learned energy is judged.</summary>
    void DrawTestStart(Span<double> x, Rng rng);
}
