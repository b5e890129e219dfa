using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Dynamics;

/// <summary>A mass on a spring, H = q² + p²: a rotation of phase space by the angle 2 t.</summary>
/// <remarks>Energies, durations and starts of task 1 of Greydanus, Dzamba and Yosinski 2019, arXiv:1906.01563, as in the code published with it.</remarks>
public sealed class MassSpring : IHamiltonianSystem
{
    private const double LeastRadius = 0.1, LeastTestCoordinate = 0.2;

    public int Degrees => 1;

    public IReadOnlyList<string> CoordinateNames { get; } = ["q", "p"];

    public IReadOnlyList<(int Across, int Along)> Planes { get; } = [(0, 1)];

    public TrajectoryGrid Training => new(Duration: 3, Points: 30);

    public TrajectoryGrid Testing => new(Duration: 20, Points: 100);

    /// <inheritdoc/>
    public double Energy(ReadOnlySpan<double> x) => (x[0] * x[0]) + (x[1] * x[1]);

    /// <inheritdoc/>
    public void Field(ReadOnlySpan<double> x, Span<double> slope) => (slope[0], slope[1]) = (2 * x[1], -2 * x[0]);

    /// <summary>A radius uniform in [0.1, 1], in the direction of a uniform point of the square [-1, 1]².</summary>
    public void DrawTrainingStart(Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        double q, p, norm;
        do
        {
            (q, p) = (rng.NextUniform(-1, 1), rng.NextUniform(-1, 1));
            norm = Math.Sqrt((q * q) + (p * p));
        }
        while (norm == 0);

        double radius = rng.NextUniform(LeastRadius, 1);
        (x[0], x[1]) = (q / norm * radius, p / norm * radius);
    }

    /// <summary>Each coordinate uniform in ±[0.2, 1].</summary>
    public void DrawTestStart(Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        for (int i = 0; i < 2; i++)
        {
            double u = rng.NextUniform(-1, 1);
            x[i] = (u * (1 - LeastTestCoordinate)) + Math.CopySign(LeastTestCoordinate, u);
        }
    }
}
