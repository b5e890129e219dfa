using Quincunx.Inference.Experiments;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>True and learned trajectories from the same starts.</summary>
internal sealed class TestTrajectories
{
    private readonly int _width;

    private TestTrajectories(IHamiltonianSystem system, int count)
    {
        (System, Count, Times) = (system, count, system.Testing.Times());
        _width = 2 * system.Degrees;
    }

    public IHamiltonianSystem System { get; }

    /// <summary>Number of trajectories.</summary>
    public int Count { get; }

    public double[] Times { get; }

    /// <summary>Shape <c>[times, 2 n, count]</c>.</summary>
    public double[] True { get; private set; } = [];

    /// <summary>As <see cref="True"/>, with NaN for times that were not reached.</summary>
    public double[] Hamiltonian { get; private set; } = [];

    /// <summary>As <see cref="True"/>, with NaN for times that were not reached.</summary>
    public double[] Direct { get; private set; } = [];

    /// <summary>Greatest difference of the learned energy from that at the start, over all times and trajectories.</summary>
    public double LearnedDrift { get; private set; }

    public static TestTrajectories Of(HamiltonianOptions options, FieldPair networks, Rng rng, IProgress<ExperimentProgress>? progress, CancellationToken cancel)
    {
        var run = new TestTrajectories(options.System, options.Tests);
        (int n, int width, TrajectoryGrid grid) = (run.Count, run._width, options.System.Testing);
        double[] starts = new double[width * n], start = new double[width], path = new double[grid.Points * width];
        run.True = new double[grid.Points * width * n];
        for (int t = 0; t < n; t++)
        {
            options.System.DrawTestStart(start, rng.Split(t));
            Trajectories.Solve(options.System, start, grid, path, cancel);
            for (int i = 0; i < path.Length; i++)
            {
                run.True[(i * n) + t] = path[i];
            }

            for (int c = 0; c < width; c++)
            {
                starts[(c * n) + t] = start[c];
            }
        }

        var columns = Tensor.From(starts, new Shape(width, n));
        progress?.Report(new ExperimentProgress(0, 2, "networks"));
        Tensor solved = Trajectories.Solve(networks.Hamiltonian, columns, grid, cancel);
        run.Hamiltonian = run.Padded(solved);
        run.LearnedDrift = Drift(networks.Hamiltonian, solved);
        progress?.Report(new ExperimentProgress(1, 2, "networks"));
        run.Direct = run.Padded(Trajectories.Solve(networks.Direct, columns, grid, cancel));
        progress?.Report(new ExperimentProgress(2, 2, "networks"));
        return run;
    }

    /// <summary>A coordinate of a trajectory over the times.</summary>
    public double[] Path(double[] states, int coordinate, int trajectory) =>
        [.. Enumerable.Range(0, Times.Length).Select(i => states[(((i * _width) + coordinate) * Count) + trajectory])];

    /// <summary>The true energy along a trajectory.</summary>
    public double[] Energies(double[] states, int trajectory)
    {
        double[] energies = new double[Times.Length];
        Span<double> x = stackalloc double[_width];
        for (int i = 0; i < energies.Length; i++)
        {
            for (int c = 0; c < _width; c++)
            {
                x[c] = states[(((i * _width) + c) * Count) + trajectory];
            }

            energies[i] = System.Energy(x);
        }

        return energies;
    }

    /// <summary>Squared differences of the energy from that of the true trajectory, one array for each trajectory.</summary>
    public double[][] EnergyErrors(double[] states) =>
    [
        .. Enumerable.Range(0, Count).Select(t => Energies(states, t).Zip(Energies(True, t), (found, wanted) => (found - wanted) * (found - wanted)).ToArray()),
    ];

    /// <summary>Mean squared difference of the coordinates; NaN where some were not reached.</summary>
    public double CoordinateError(double[] states) => states.Zip(True, (found, wanted) => (found - wanted) * (found - wanted)).Average();

    private double[] Padded(Tensor states)
    {
        double[] all = new double[Times.Length * _width * Count];
        Array.Fill(all, double.NaN);
        states.ToArray().CopyTo(all, 0);
        return all;
    }

    private static double Drift(HamiltonianNetwork network, Tensor states)
    {
        double[] first = network.Energy(states.At(0, 0)).ToArray();
        return Enumerable.Range(0, states.Shape[0]).Max(i => network.Energy(states.At(0, i)).ToArray().Zip(first, (h, h0) => Math.Abs(h - h0)).Max());
    }
}
