using Quincunx.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Quincunx.Numerics.Optimisation;

/// <summary>Exponential moving average of weights, which is often better than the last step's weights and is less noisy.</summary>
/// <remarks>
/// Polyak and Juditsky 1992, SIAM J. Control Optim. 30, 838. Early on the memory is shortened to t / (9 + t) at update t, so
/// that the average forgets where the weights started.
/// </remarks>
public sealed class WeightAverage
{
    private readonly OptimiserState _state;
    private readonly double _decay;

    /// <summary>Starts from the current weights.</summary>
    /// <param name="decay">Memory in [0, 1): the average is over about 1 / (1 - decay) steps.</param>
    public WeightAverage(IReadOnlyList<Parameter> parameters, double decay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1.0);
        _decay = decay;
        _state = new OptimiserState(parameters, "average");
        for (int i = 0; i < Average.Length; i++)
        {
            parameters[i].Value.Bytes.CopyTo(Average[i].Bytes);
        }
    }

    private Tensor[] Average => _state.Moment(0);

    /// <summary>Takes the current weights into the average.</summary>
    public void Update()
    {
        _state.Advance();
        double gain = 1 - Math.Min(_decay, _state.Steps / (9.0 + _state.Steps));
        for (int i = 0; i < Average.Length; i++)
        {
            Tensor average = Average[i], weight = _state.Parameters[i].Value;
            if (average.DType == DType.Float32)
            {
                TensorPrimitives.Lerp(average.AsSpan<float>(), weight.AsSpan<float>(), (float)gain, average.Writable<float>());
            }
            else
            {
                TensorPrimitives.Lerp(average.AsSpan<double>(), weight.AsSpan<double>(), gain, average.Writable<double>());
            }
        }
    }

    /// <summary>Exchanges weights and average; a second call undoes the first.</summary>
    public void Swap()
    {
        for (int i = 0; i < Average.Length; i++)
        {
            Span<byte> average = Average[i].Bytes, weight = _state.Parameters[i].Value.Bytes;
            for (int j = 0; j < average.Length; j++)
            {
                (average[j], weight[j]) = (weight[j], average[j]);
            }
        }
    }

    /// <summary>The average and the number of updates, to the last bit.</summary>
    public NamedTensors Export() => _state.Export();

    /// <summary>Continues where <see cref="Export"/> left off.</summary>
    /// <exception cref="StateException">The state is of other parameters; nothing has changed.</exception>
    public void Import(NamedTensors state) => _state.Import(state);
}
