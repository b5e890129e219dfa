using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>Solutions of a system and of learned fields.</summary>
internal static class Trajectories
{
    private const double Tolerance = 1e-10;

    /// <summary>Solves for one start.</summary>
    /// <param name="into">Shape <c>[grid.Points, 2 n]</c>; overwritten.</param>
    /// <exception cref="ArithmeticException">The integration failed.</exception>
    public static void Solve(IHamiltonianSystem system, ReadOnlySpan<double> start, TrajectoryGrid grid, Span<double> into, CancellationToken cancel)
    {
        var solver = new OdeSolver(new OdeOptions { RelativeTolerance = Tolerance, AbsoluteTolerance = Tolerance });
        OdeOutcome outcome = solver.Solve((_, x, slope) => system.Field(x, slope), start, grid.Times(), into, cancel);
        if (!outcome.IsCompleted)
        {
            throw new ArithmeticException($"The trajectory could not be integrated beyond t = {outcome.LastTime}: {outcome.StopReason}.");
        }
    }

    /// <summary>Solves a learned field for several starts at once.</summary>
    /// <param name="starts">Shape <c>[2 n, count]</c>, float64.</param>
    /// <returns>Shape <c>[times reached, 2 n, count]</c>: fewer times than asked for where the field runs away.</returns>
    public static Tensor Solve(IFieldNetwork network, Tensor starts, TrajectoryGrid grid, CancellationToken cancel)
    {
        // The error of a step is a mean over all columns.
        double tolerance = Tolerance / Math.Sqrt(starts.Shape[1]);
        var solver = new OdeSolver(new OdeOptions { RelativeTolerance = tolerance, AbsoluteTolerance = tolerance });
        return solver.Solve((_, x) => network.Field(x, differentiable: false), starts, grid.Times(), cancel).States;
    }

    /// <summary>Draws starts, solves, and adds noise to what is seen of them, not to the slopes.</summary>
    /// <returns>Coordinates and slopes, each of shape <c>[count · points, 2 n]</c>, trajectory after trajectory.</returns>
    public static (double[] X, double[] Slopes) Sample(IHamiltonianSystem system, int count, double noise, Rng rng, Action<int> report, CancellationToken cancel)
    {
        TrajectoryGrid grid = system.Training;
        int width = 2 * system.Degrees, length = grid.Points * width;
        double[] x = new double[count * length], slopes = new double[count * length], start = new double[width];
        for (int t = 0; t < count; t++)
        {
            Rng own = rng.Split(t);
            Span<double> path = x.AsSpan(t * length, length);
            system.DrawTrainingStart(start, own.Split("start"));
            Solve(system, start, grid, path, cancel);
            for (int i = 0; i < grid.Points; i++)
            {
                system.Field(path.Slice(i * width, width), slopes.AsSpan((t * length) + (i * width), width));
            }

            Rng noises = own.Split("noise");
            for (int i = 0; i < length; i++)
            {
                path[i] += noise * noises.NextNormal();
            }

            report(t + 1);
        }

        return (x, slopes);
    }
}
