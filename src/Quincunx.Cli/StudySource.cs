using System.Globalization;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>A study as a command line names it.</summary>
/// <param name="Study">A study file, or a folder with one.</param>
/// <param name="Observation">A CSV file that replaces the study's data, or null.</param>
/// <param name="Seed">Replaces the study's, unless null.</param>
internal sealed record StudySource(string Study, string? Observation, ulong? Seed)
{
    /// <exception cref="StudyException">Something is wrong with it.</exception>
    public IStudy Load(CliHost host)
    {
        IStudy study = StudyFile.Load(host.Resolve(Study), host.Catalog, host.Experiments, Observation is { } data ? host.Resolve(data) : null);
        return Seed is { } seed ? study.WithSeed(seed) : study;
    }

    /// <summary>Loads a study whose parameters are inferred.</summary>
    /// <exception cref="CliException">It is of an experiment.</exception>
    /// <exception cref="StudyException">Something is wrong with it.</exception>
    public Study LoadSimulated(CliHost host) =>
        Load(host) as Study ?? throw new CliException($"{Study}: found a study of an experiment, expected one of a simulator: an experiment makes its data itself.");

    /// <summary>How another process makes simulations of it, wherever it runs.</summary>
    public WorkerCommand Worker(CliHost host)
    {
        List<string> words = [Path.GetFullPath(host.Resolve(Study))];
        if (Observation is { } data)
        {
            words.AddRange(["--observation", Path.GetFullPath(host.Resolve(data))]);
        }

        if (Seed is { } seed)
        {
            words.AddRange(["--seed", seed.ToString(CultureInfo.InvariantCulture)]);
        }

        return new WorkerCommand(host.Program, words);
    }
}
