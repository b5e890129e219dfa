using System.Globalization;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Programs;

namespace Quincunx.Runs.Benchmarks;

/// <summary>Measures what it costs to talk to programs: with a simulator that does next to nothing, and with one that computes for a millisecond.</summary>
/// <param name="folder">With the program of the benchmark and the clients.</param>
internal sealed class ProgramBench(string folder, TimeProvider clock)
{
    private static readonly IndependentProduct Prior = new([("theta_1", new Uniform(0, 1)), ("theta_2", new Uniform(0, 1))]);

    /// <summary>One program in one mode.</summary>
    /// <param name="build">Makes the program, as in a study; null: there is nothing to make.</param>
    /// <param name="files">What it is made of.</param>
    /// <param name="processes">At once.</param>
    /// <param name="milliseconds">Processor time of a simulation; 0 for one that does next to nothing.</param>
    public ProgramBenchRow Run(
        string name, IReadOnlyList<string> command, ProgramMode? mode, int processes, double milliseconds, int simulations, CancellationToken cancel, IReadOnlyList<string>? build = null,
        IReadOnlyList<string>? files = null)
    {
        using var program = new ProgramSimulator(
            new ProgramOptions
            {
                Command = command,
                Build = build,
                Files = files ?? [],
                Folder = folder,
                Mode = mode,
                Workers = processes,
                Expected = ["theta_1", "theta_2"],
                Environment = [("MILLISECONDS", milliseconds.ToString(CultureInfo.InvariantCulture))],
            },
            clock);
        var runner = new SimulationRunner(program);
        runner.Run(Prior, 0, Math.Max(100, simulations / 5), new Rng(1), cancel: cancel);         // until all processes run and batches have their size
        TimeSpan before = program.ProgramTime;
        long began = clock.GetTimestamp();
        SimulationSet set = runner.Run(Prior, 0, simulations, new Rng(2), cancel: cancel);
        double wall = clock.GetElapsedTime(began).TotalSeconds, inside = (program.ProgramTime - before).TotalSeconds;
        return new ProgramBenchRow(
            name, program.Announcement.Mode == ProgramMode.Npy ? "npy" : "json", processes, set.Count, set.FailedRows.Count, wall,
            1e6 * ((wall * processes) - inside) / set.Count, inside / (wall * processes), milliseconds > 0 ? set.Count * milliseconds / 1000 / (wall * processes) : null);
    }
}
