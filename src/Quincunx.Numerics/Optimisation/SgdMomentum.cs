using System.Numerics;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>Gradient descent with a velocity: <c>v ← μ v + g</c>, <c>w ← w - η v</c>, or <c>w ← w - η (g + μ v)</c> with Nesterov's look ahead.</summary>
/// <remarks>Sutskever et al. 2013, ICML, in the form whose velocity has the unit of a gradient.</remarks>
public sealed class SgdMomentum : IOptimiser
{
    private readonly OptimiserState _state;
    private readonly double _momentum;
    private readonly bool _nesterov;

    /// <param name="momentum">μ in [0, 1); 0 is plain gradient descent.</param>
    public SgdMomentum(IReadOnlyList<Parameter> parameters, double momentum = 0.9, bool nesterov = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(momentum, 1.0);
        _state = new OptimiserState(parameters, "velocity");
        _momentum = momentum;
        _nesterov = nesterov;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => _state.Parameters;

    /// <inheritdoc/>
    public void Step(IReadOnlyList<Tensor> gradients, double learningRate)
    {
        _state.Advance(gradients);
        for (int i = 0; i < gradients.Count; i++)
        {
            Tensor weight = Parameters[i].Value, velocity = _state.Moment(0)[i];
            if (weight.DType == DType.Float32)
            {
                Update(weight.Writable<float>(), gradients[i].AsSpan<float>(), velocity.Writable<float>(), learningRate);
            }
            else
            {
                Update(weight.Writable<double>(), gradients[i].AsSpan<double>(), velocity.Writable<double>(), learningRate);
            }
        }
    }

    /// <inheritdoc/>
    public NamedTensors Export() => _state.Export();

    /// <inheritdoc/>
    public void Import(NamedTensors state) => _state.Import(state);

    private void Update<T>(Span<T> weight, ReadOnlySpan<T> gradient, Span<T> velocity, double learningRate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T momentum = T.CreateTruncating(_momentum), rate = T.CreateTruncating(learningRate);
        int i = 0, width = Vector<T>.Count;
        for (; i <= weight.Length - width; i += width)
        {
            Vector<T> g = new(gradient[i..]), v = (momentum * new Vector<T>(velocity[i..])) + g;
            v.CopyTo(velocity[i..]);
            (new Vector<T>(weight[i..]) - (rate * (_nesterov ? g + (momentum * v) : v))).CopyTo(weight[i..]);
        }

        for (; i < weight.Length; i++)
        {
            T g = gradient[i], v = (momentum * velocity[i]) + g;
            velocity[i] = v;
            weight[i] -= rate * (_nesterov ? g + (momentum * v) : v);
        }
    }
}
