using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>Checks and buffers that every optimiser has: parameters, a step count, and arrays of the parameters' shapes.</summary>
internal sealed class OptimiserState
{
    private readonly Parameter[] _parameters;
    private readonly (string Name, Tensor[] Values)[] _moments;

    public OptimiserState(IReadOnlyList<Parameter> parameters, params ReadOnlySpan<string> moments)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        foreach (Parameter parameter in _parameters)
        {
            if (!parameter.IsTrained)
            {
                throw new ArgumentException("A parameter that is not trained cannot be optimised.", nameof(parameters));
            }
        }

        _moments = new (string, Tensor[])[moments.Length];
        for (int i = 0; i < moments.Length; i++)
        {
            _moments[i] = (moments[i], [.. _parameters.Select(p => Tensor.Zeros(p.Shape, p.DType).CopyUnpooled())]);
        }
    }

    public IReadOnlyList<Parameter> Parameters => _parameters;

    public long Steps { get; private set; }

    public Tensor[] Moment(int index) => _moments[index].Values;

    /// <summary>Checks the gradients and counts the step.</summary>
    public void Advance(IReadOnlyList<Tensor> gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count != _parameters.Length)
        {
            throw new ArgumentException($"Expected {_parameters.Length} gradients, got {gradients.Count}.", nameof(gradients));
        }

        for (int i = 0; i < _parameters.Length; i++)
        {
            Tensor value = _parameters[i].Value, gradient = gradients[i];
            if (gradient.DType != value.DType || gradient.Shape != value.Shape)
            {
                throw new ArgumentException(
                    $"Gradient {i}: expected {value.DType}{value.Shape}, got {gradient.DType}{gradient.Shape}.", nameof(gradients));
            }
        }

        Advance();
    }

    /// <summary>Counts a step.</summary>
    public void Advance() => Steps++;

    public NamedTensors Export()
    {
        var state = new NamedTensors { { "steps", Steps } };
        foreach ((string name, Tensor[] values) in _moments)
        {
            for (int i = 0; i < values.Length; i++)
            {
                state.Add($"{name}.{i}", values[i]);
            }
        }

        return state;
    }

    public void Import(NamedTensors state)
    {
        ArgumentNullException.ThrowIfNull(state);
        long steps = state.GetInteger("steps");
        int expected = 1 + (_moments.Length * _parameters.Length);
        if (state.Count != expected)
        {
            throw new StateException($"Optimiser state: expected {expected} arrays, stored {state.Count}.");
        }

        Tensor[][] stored = [.. _moments.Select(m => m.Values.Select((v, i) => state.Get($"{m.Name}.{i}", v.Shape, v.DType)).ToArray())];
        for (int m = 0; m < stored.Length; m++)
        {
            for (int i = 0; i < stored[m].Length; i++)
            {
                stored[m][i].Bytes.CopyTo(_moments[m].Values[i].Bytes);
            }
        }

        Steps = steps;
    }
}
