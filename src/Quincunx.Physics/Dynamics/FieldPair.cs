using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>A Hamiltonian network and a direct one of the same size, trained side by side on the same batches.</summary>
internal sealed class FieldPair(int degrees, int width, Rng rng, DType dtype) : IModule
{
    public HamiltonianNetwork Hamiltonian { get; } = new(degrees, width, rng.Split("hamiltonian"), dtype);

    public DirectNetwork Direct { get; } = new(degrees, width, rng.Split("direct"), dtype);

    /// <summary>The networks with these weights in float64, where rounding does not disturb an integration.</summary>
    /// <exception cref="StateException">The weights are of other networks.</exception>
    public static FieldPair InDouble(int degrees, int width, NamedTensors weights)
    {
        var pair = new FieldPair(degrees, width, new Rng(0), DType.Float64);
        ModuleState.Import(pair, weights.To(DType.Float64));
        return pair;
    }

    public void Describe(ParameterTree tree)
    {
        tree.Add("hamiltonian", Hamiltonian);
        tree.Add("direct", Direct);
    }
}
