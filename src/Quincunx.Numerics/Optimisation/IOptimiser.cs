using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>Changes parameters in place from their gradients, one step at a time, without allocating.</summary>
public interface IOptimiser
{
    /// <summary>What is optimised, in the order gradients come in.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Overwrites every parameter with its next value.</summary>
    /// <param name="gradients">One a parameter, of its shape and type.</param>
    /// <exception cref="ArgumentException">A gradient is missing or has another shape or type.</exception>
    void Step(IReadOnlyList<Tensor> gradients, double learningRate);

    /// <summary>Everything a later step depends on besides the parameters, to the last bit.</summary>
    NamedTensors Export();

    /// <summary>Continues where <see cref="Export"/> left off.</summary>
    /// <exception cref="StateException">The state is of another optimiser or other parameters; nothing has changed.</exception>
    void Import(NamedTensors state);
}
