using Quincunx.Inference.Simulation;
using Quincunx.Physics;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>The built-in simulators, as studies see them. None has options.</summary>
internal sealed class SimulatorCatalogAdapter : ISimulatorCatalog
{
    public IReadOnlyList<string> Names { get; } = [.. SimulatorCatalog.All.Select(s => s.Name)];

    public IReadOnlyList<SimulatorOption> OptionsOf(string name) => [];

    public ISimulator Create(string name, SimulatorOptions options) => SimulatorCatalog.Create(name);
}
