using Quincunx.Inference.Experiments;

namespace Quincunx.Physics;

/// <summary>An experiment that studies can name.</summary>
/// <param name="Name">As written in a study file: lower case and hyphens.</param>
/// <param name="Description">One line for a list.</param>
/// <param name="Options">What can be set.</param>
/// <param name="Create">Makes one; throws <see cref="ArgumentException"/> if the options do not go together.</param>
public sealed record ExperimentEntry(string Name, string Description, IReadOnlyList<ExperimentOption> Options, Func<ExperimentOptions, IExperiment> Create);
