using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>Gradient descent in which each weight is scaled by its own gradient's root mean square.</summary>
/// <remarks>Kingma and Ba 2015, arXiv:1412.6980, algorithm 1. State is kept in the element type of each parameter.</remarks>
public sealed class Adam(IReadOnlyList<Parameter> parameters, AdamOptions? options = null) : IOptimiser
{
    private readonly OptimiserState _state = new(parameters, "mean", "square");
    private readonly AdamOptions _options = (options ?? new AdamOptions()).Checked();

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => _state.Parameters;

    /// <inheritdoc/>
    public void Step(IReadOnlyList<Tensor> gradients, double learningRate) =>
        AdamKernel.Step(_state, gradients, learningRate, _options, weightDecay: 0);

    /// <inheritdoc/>
    public NamedTensors Export() => _state.Export();

    /// <inheritdoc/>
    public void Import(NamedTensors state) => _state.Import(state);
}
