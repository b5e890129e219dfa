using Quincunx.Inference.Experiments;

namespace Quincunx.Runs.Studies;

/// <summary>A study of the second form: an experiment that brings its own data, network and judgement.</summary>
public sealed record ExperimentStudy : IStudy
{
    /// <inheritdoc/>
    public required string File { get; init; }

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Title { get; init; }

    /// <inheritdoc/>
    public required ulong Seed { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<StudyInput> Inputs { get; init; }

    public required string ExperimentName { get; init; }

    /// <summary>A value for each option, defaults filled in.</summary>
    public required ExperimentOptions Options { get; init; }

    public required IExperiment Experiment { get; init; }

    /// <inheritdoc/>
    public IStudy WithSeed(ulong seed) => this with { Seed = seed };

    /// <summary>Does nothing: an experiment starts nothing.</summary>
    public void Dispose()
    {
    }
}
