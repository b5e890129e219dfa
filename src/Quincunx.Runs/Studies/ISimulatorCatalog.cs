using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Studies;

/// <summary>The simulators that a study can name.</summary>
public interface ISimulatorCatalog
{
    IReadOnlyList<string> Names { get; }

    /// <summary>What can be set under <c>simulator.options</c>; empty for nothing.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    IReadOnlyList<SimulatorOption> OptionsOf(string name);

    /// <summary>Makes the simulator.</summary>
    /// <param name="options">A value for every option, given or default, of its kind and in its range.</param>
    /// <exception cref="ArgumentException">The options do not go together; the message is shown to the user.</exception>
    ISimulator Create(string name, SimulatorOptions options);
}
