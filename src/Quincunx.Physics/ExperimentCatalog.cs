using Quincunx.Physics.Dynamics;
using Quincunx.Physics.Lattice;

namespace Quincunx.Physics;

/// <summary>The experiments that are built in.</summary>
public static class ExperimentCatalog
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<ExperimentEntry> All { get; } =
    [
        new(
            "hamiltonian-network", "A network that learns the energy of a mechanical system from noisy trajectories.", HamiltonianOptions.Known,
            options => new HamiltonianExperiment(HamiltonianOptions.From(options))),
        new(
            "lattice-flow", "A flow that samples the φ⁴ theory on a lattice, learned from its action.", LatticeFlowOptions.Known,
            options => new LatticeFlowExperiment(LatticeFlowOptions.From(options))),
    ];

    /// <summary>The entry of a name, or null if there is none. Case matters.</summary>
    public static ExperimentEntry? Find(string name) => All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.Ordinal));
}
