using Quincunx.Runs.Execution;
using Quincunx.Runs.Studies;
using Spectre.Console;

namespace Quincunx.Cli;

/// <summary>The world that the commands work in.</summary>
internal sealed record CliHost
{
    /// <summary>Results and progress.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Errors.</summary>
    public required TextWriter Error { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>What relative paths are relative to; empty for the process's own current folder.</summary>
    public required string Directory { get; init; }

    public required ISimulatorCatalog Catalog { get; init; }

    public required IExperimentCatalog Experiments { get; init; }

    /// <summary>The stages of a study, whose simulations are made by an engine.</summary>
    public required Func<IStudy, IEngine, StagePlan> Plan { get; init; }

    /// <summary>How another process of this program is started: a path, or <c>dotnet exec</c> and the assembly, with what makes it this program.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>Variables that programs of a cluster get beside those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The standard input; only read where an option says so.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Folder of reference data for benchmarks, as the environment names it; null where it does not.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Where live progress is drawn; null where <see cref="Output"/> is no interactive terminal.</summary>
    public IAnsiConsole? Terminal { get; init; }

    /// <summary>Set by Ctrl-C and termination signals.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>A path that the user wrote. Unchanged where <see cref="Directory"/> is empty, so that messages show it as it was written.</summary>
    /// <exception cref="CliException">It is empty, which is no path (an unset variable in a script).</exception>
    public string Resolve(string path) => path.Length > 0
        ? Path.Combine(Directory, path)
        : throw new CliException("Found an empty path, expected a file or folder.");
}
