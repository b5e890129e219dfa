using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Dynamics;

/// <summary>Two bodies of unit mass in a plane under gravity, H = (p₁² + p₂²)/2 - 1/|q₁ - q₂|, on nearly circular orbits around their common centre.</summary>
/// <remarks>Starts and durations of task 4 of Greydanus, Dzamba and Yosinski 2019, arXiv:1906.01563, as in the code published with it.</remarks>
public sealed class TwoBody : IHamiltonianSystem
{
    private const double Least = 0.5, Greatest = 1.5, SpeedSpread = 0.05;

    public int Degrees => 4;

    public IReadOnlyList<string> CoordinateNames { get; } = ["x1", "y1", "x2", "y2", "px1", "py1", "px2", "py2"];

    public IReadOnlyList<(int Across, int Along)> Planes { get; } = [(0, 1), (2, 3)];

    public TrajectoryGrid Training => new(Duration: 20, Points: 50);

    public TrajectoryGrid Testing => new(Duration: 20, Points: 200);

    /// <inheritdoc/>
    public double Energy(ReadOnlySpan<double> x)
    {
        double dx = x[2] - x[0], dy = x[3] - x[1];
        double kinetic = 0.5 * ((x[4] * x[4]) + (x[5] * x[5]) + (x[6] * x[6]) + (x[7] * x[7]));
        return kinetic - (1 / Math.Sqrt((dx * dx) + (dy * dy)));
    }

    /// <inheritdoc/>
    public void Field(ReadOnlySpan<double> x, Span<double> slope)
    {
        double dx = x[2] - x[0], dy = x[3] - x[1], square = (dx * dx) + (dy * dy), pull = 1 / (square * Math.Sqrt(square));
        x[4..].CopyTo(slope);
        (slope[4], slope[5], slope[6], slope[7]) = (pull * dx, pull * dy, -pull * dx, -pull * dy);
    }

    /// <summary>
    /// The first body uniform in the square [0.5, 1.5]², the second opposite, with the speed 1/(2 √r) of a circular orbit of radius r times 1 + 0.05 ε, ε standard normal.
    /// </summary>
    public void DrawTrainingStart(Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        double qx = rng.NextUniform(Least, Greatest), qy = rng.NextUniform(Least, Greatest), r = Math.Sqrt((qx * qx) + (qy * qy));
        double rate = (1 + (SpeedSpread * rng.NextNormal())) / (2 * r * Math.Sqrt(r));
        (x[0], x[1], x[2], x[3]) = (qx, qy, -qx, -qy);
        (x[4], x[5], x[6], x[7]) = (-qy * rate, qx * rate, qy * rate, -qx * rate);
    }

    /// <summary>As in training.</summary>
    public void DrawTestStart(Span<double> x, Rng rng) => DrawTrainingStart(x, rng);
}
