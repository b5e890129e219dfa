using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary><see cref="Adam"/> whose weights also shrink by <c>learningRate · weightDecay</c> of themselves each step.</summary>
/// <remarks>
/// Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2. Only parameters of two or more axes shrink: biases, gains and
/// offsets have no scale that ought to be small.
/// </remarks>
public sealed class AdamW : IOptimiser
{
    private readonly OptimiserState _state;
    private readonly AdamOptions _options;
    private readonly double _weightDecay;

    public AdamW(IReadOnlyList<Parameter> parameters, double weightDecay = 0.01, AdamOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        _state = new OptimiserState(parameters, "mean", "square");
        _options = (options ?? new AdamOptions()).Checked();
        _weightDecay = weightDecay;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => _state.Parameters;

    /// <inheritdoc/>
    public void Step(IReadOnlyList<Tensor> gradients, double learningRate) =>
        AdamKernel.Step(_state, gradients, learningRate, _options, _weightDecay);

    /// <inheritdoc/>
    public NamedTensors Export() => _state.Export();

    /// <inheritdoc/>
    public void Import(NamedTensors state) => _state.Import(state);
}
