using System.Diagnostics;
using System.Globalization;
using Quincunx.Tests.Cli;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Execution;

/// <summary>A study of the slow simulator of <see cref="LineCatalog"/>, whose simulations alone are made.</summary>
internal sealed record SlowStudy
{
    public int Simulations { get; init; } = 240;

    public double Pause { get; init; }

    public int Fails { get; init; } = 50;

    public int Seed { get; init; } = 3;

    /// <summary>The mapping under <c>execution</c>, as on one line.</summary>
    public string Execution { get; init; } = "engine: threads";

    public string Write(ScratchFolder folder) => folder.Write("slow/study.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
        format: 1
        simulator: { name: slow, options: { pause: {{Pause}}, fails: {{Fails}} } }
        prior: { a: { uniform: { lower: 0, upper: 1 } } }
        observation: { values: [0.5] }
        seed: {{Seed}}
        inference: { simulations: {{Simulations}} }
        execution: { {{Execution}} }
        """));

    /// <summary>What the run folder of this study holds when one process made its simulations. How long an event takes is no part of its numbers, but of its key.</summary>
    public SortedDictionary<string, string> Whole()
    {
        using var cli = LineProgram.Case();
        (this with { Execution = "engine: threads" }).Write(cli.Scratch);
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet"), cli.Error));
        return LineStudy.Contents(cli["runs/slow"]);
    }

    /// <summary>Starts the program in a process of its own.</summary>
    public static Process Start(ScratchFolder folder, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        var start = new ProcessStartInfo(LineProgram.Command[0], [.. LineProgram.Command.Skip(1), .. args])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
