using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>One row of the table of layers and networks.</summary>
/// <param name="Create">The module, with weights from the stream.</param>
/// <param name="Forward">What it computes of the inputs.</param>
/// <param name="Inputs">Shapes of the inputs that are differentiated.</param>
public sealed record NetworkCase(string Name, Func<DType, Rng, IModule> Create, Func<IModule, Tensor[], Tensor> Forward, params int[][] Inputs)
{
    public Tensor[] Points(DType dtype, ulong seed) => [.. Inputs.Select((lengths, i) => Tensor.Uniform(-1, 1, new Rng(seed).Split(i), new Shape(lengths), dtype))];

    /// <summary>With no weight at the 0 that some start at.</summary>
    public IModule Random(DType dtype, ulong seed)
    {
        IModule module = Create(dtype, new Rng(seed));
        Parameters.Randomise(module, new Rng(seed).Split("weights"));
        return module;
    }

    public override string ToString() => Name;
}
