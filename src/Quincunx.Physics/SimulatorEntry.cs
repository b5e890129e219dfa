using Quincunx.Inference.Simulation;

namespace Quincunx.Physics;

/// <summary>A simulator that studies can name.</summary>
/// <param name="Name">As written in a study file: lower case and hyphens.</param>
/// <param name="Description">One line for a list.</param>
/// <param name="Create">Makes one with its default settings.</param>
public sealed record SimulatorEntry(string Name, string Description, Func<ISimulator> Create);
