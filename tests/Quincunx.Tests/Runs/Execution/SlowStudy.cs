using System.Diagnostics;
using System.Globalization;
using Quincunx.Runs.Campaigns;
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

    /// <summary>Whether other processes that make its simulations are held up until <see cref="Release"/>.</summary>
    public bool Held { get; init; }

    /// <summary>The mapping under <c>execution</c>, as on one line.</summary>
    public string Execution { get; init; } = "engine: threads";

    public static void Release(CliCase cli) => new Hold(cli["slow"]).Release();

    /// <summary>The rows of each shard of its run that was begun and is saved.</summary>
    public static long[] Saved(CliCase cli, string folder = "runs/slow/shards") => Directory.Exists(cli[folder])
        ? [.. Directory.EnumerateFiles(cli[folder], "*.partial.npz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => ShardFile.ReadAbout(f).Rows())]
        : [];

    public CliCase Case(IReadOnlyDictionary<string, string>? environment = null)
    {
        CliCase cli = LineProgram.Case();
        cli.Environment = environment ?? cli.Environment;
        Write(cli.Scratch);
        return cli;
    }

    public void Write(ScratchFolder folder)
    {
        folder.Write("slow/study.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            format: 1
            simulator: { name: slow, options: { pause: {{Pause}}, fails: {{Fails}} } }
            prior: { a: { uniform: { lower: 0, upper: 1 } } }
            observation: { values: [0.5] }
            seed: {{Seed}}
            inference: { simulations: {{Simulations}} }
            execution: { {{Execution}} }
            """));
        if (Held)
        {
            new Hold(folder["slow"]).Set();
        }
    }

    /// <summary>What the run folder of this study holds when one process made its simulations. How long an event takes is no part of its numbers, but of its key.</summary>
    public SortedDictionary<string, string> Whole()
    {
        using var cli = LineProgram.Case();
        (this with { Execution = "engine: threads", Held = false }).Write(cli.Scratch);
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet"), cli.Error));
        return LineStudy.Contents(cli["runs/slow"]);
    }

    /// <summary>Sends a signal, by its name without SIG.</summary>
    public static void Signal(string name, Process process) => Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    /// <summary>Starts the program in a process of its own.</summary>
    public static Process Start(ScratchFolder folder, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        // Where the tests themselves run in the background of a shell they ignore SIGINT, and what they start would inherit that.
        string[] command = [.. OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : Array.Empty<string>(), .. LineProgram.Command, .. args];
        var start = new ProcessStartInfo(command[0], command[1..])
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
