using System.Globalization;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Programs;

namespace Quincunx.Cli;

/// <summary><c>bench programs</c>: what it costs to talk to a simulator that is a program.</summary>
internal static class ProgramBenchRun
{
    private static readonly string Folder = Path.Combine("bench", "programs");

    /// <param name="json">File for the rows, one JSON object a line; null for none.</param>
    /// <param name="quick">Few simulations, to see that it runs.</param>
    public static void Run(CliHost host, string? json, bool quick)
    {
        string folder = host.Resolve(Folder);
        if (!Directory.Exists(folder))
        {
            throw new CliException($"{folder}: found no such folder, expected the programs of the benchmark: run it in the folder of the repository.");
        }

        var bench = new ProgramBench(folder, host.Clock);
        string[] python = ["python3", "trivial.py"], cpp = ["{build}/trivial"], compile = ["g++", "-std=c++17", "-O2", "-o", "{build}/trivial", "trivial.cpp"];
        string[] sources = ["trivial.cpp", Path.Combine("..", "..", "clients", "cpp", "quincunx.hpp")];
        int many = quick ? 200 : 200_000, some = quick ? 20 : 5_000, cores = Environment.ProcessorCount;
        var rows = new List<ProgramBenchRow>();
        foreach (Func<ProgramBenchRow> row in (IEnumerable<Func<ProgramBenchRow>>)
            [
                () => bench.Run("Python, nothing", python, ProgramMode.Npy, 1, 0, many, host.Cancel),
                () => bench.Run("Python, nothing", python, ProgramMode.Json, 1, 0, many, host.Cancel),
                () => bench.Run("Python, nothing", python, ProgramMode.Npy, cores, 0, many, host.Cancel),
                () => bench.Run("Python, 1 ms", python, ProgramMode.Npy, cores, 1, some, host.Cancel),
                () => bench.Run("Python, 1 ms", python, ProgramMode.Json, cores, 1, some, host.Cancel),
                () => bench.Run("C++, nothing", cpp, ProgramMode.Npy, 1, 0, 5 * many, host.Cancel, compile, sources),
                () => bench.Run("C++, nothing", cpp, ProgramMode.Npy, cores, 0, 5 * many, host.Cancel, compile, sources),
                () => bench.Run("C++, 1 ms", cpp, ProgramMode.Npy, cores, 1, some, host.Cancel, compile, sources),
            ])
        {
            rows.Add(row());
        }

        TextTable.Write(
            host.Output, textColumns: 2, ["simulator", "mode", "processes", "simulations", "seconds", "us overhead each", "in the simulator", "of the processors"],
            rows.Select(r => (IReadOnlyList<string>)
                [
                    r.Name, r.Mode, r.Processes.ToString(CultureInfo.InvariantCulture), Numbers.Count(r.Simulations), r.Seconds.ToString("F2", CultureInfo.InvariantCulture),
                    r.OverheadMicroseconds.ToString("F1", CultureInfo.InvariantCulture), Numbers.Percent(r.Busy),
                    r.Processor is { } share ? Numbers.Percent(share) : "",
                ]));
        if (quick)
        {
            host.Output.WriteLine("A quick run, to see that everything runs: its figures mean nothing.");
        }

        if (json is not null)
        {
            AtomicFile.WriteText(host.Resolve(json), "the rows", string.Concat(rows.Select(r => JsonArtifact.Line(r) + "\n")));
        }
    }
}
