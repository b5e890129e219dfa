using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>Loss and gradient of a batch, in a number of chunks that the thread count does not change, added in order.</summary>
internal sealed class BatchGradient : IDisposable
{
    // Held-out rows evaluated at once: enough to keep the kernels busy, and small beside the cache.
    private const int EvaluationRows = 512;

    private readonly TrainingTask _task;
    private readonly TrainingOptions _options;
    private readonly ChunkThreads _threads;
    private readonly Tensor[] _leaves;
    private readonly GradientBuffer[] _buffers;
    private readonly Action<int> _train, _evaluate;
    private double[] _losses;
    private ReadOnlyMemory<int> _rows;
    private int _chunks;
    private Rng _rng = new(0);

    public BatchGradient(TrainingTask task, IReadOnlyList<Parameter> parameters, TrainingOptions options)
    {
        _task = task;
        _options = options;
        _threads = new ChunkThreads(options.Threads);
        _leaves = [.. parameters.Select(p => p.Value)];
        _buffers = new GradientBuffer[options.Chunks];
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = new GradientBuffer(parameters);
        }

        _losses = new double[options.Chunks];
        _train = Train;
        _evaluate = Evaluate;
    }

    /// <summary>After <see cref="MeanLoss"/>: the gradient of the mean loss, to be changed in place.</summary>
    public GradientBuffer Gradient => _buffers[0];

    /// <summary>Differentiates the mean loss of a batch; where it is not finite the gradient is not to be used.</summary>
    public double MeanLoss(ReadOnlyMemory<int> rows, Rng rng)
    {
        (_rows, _rng) = (rows, rng);
        _chunks = Math.Clamp(rows.Length / _options.MinimumChunkRows, 1, _options.Chunks);
        _threads.Run(_chunks, _train);
        double sum = Sum(_chunks);
        if (double.IsFinite(sum))
        {
            for (int c = 1; c < _chunks; c++)
            {
                _buffers[0].Add(_buffers[c].Values);
            }

            _buffers[0].Scale(1.0 / rows.Length);
        }

        return sum / rows.Length;
    }

    /// <summary>The mean loss of rows in <see cref="Mode.Evaluation"/>.</summary>
    public double MeanEvaluation(ReadOnlyMemory<int> rows, Rng rng)
    {
        (_rows, _rng) = (rows, rng);
        _chunks = (rows.Length + EvaluationRows - 1) / EvaluationRows;
        if (_losses.Length < _chunks)
        {
            _losses = new double[_chunks];
        }

        _threads.Run(_chunks, _evaluate);
        return Sum(_chunks) / rows.Length;
    }

    public void Dispose() => _threads.Dispose();

    private void Train(int chunk)
    {
        using var scope = new TensorScope();
        Tensor loss = _task.Loss(_rows.Span[EpochPlan.Part(_rows.Length, chunk, _chunks)], Mode.Training, _rng.Split(chunk));
        _losses[chunk] = loss.ToScalar();
        if (double.IsFinite(_losses[chunk]))
        {
            _buffers[chunk].Set(Quincunx.Numerics.Autodiff.Gradient.Of(loss, _leaves));
        }
    }

    private void Evaluate(int chunk)
    {
        using var scope = new TensorScope();
        using Recording.Pause pause = Recording.Off();
        _losses[chunk] = _task.Loss(_rows.Span[EpochPlan.Part(_rows.Length, chunk, _chunks)], Mode.Evaluation, _rng.Split(chunk)).ToScalar();
    }

    private double Sum(int chunks)
    {
        double sum = 0;
        for (int c = 0; c < chunks; c++)
        {
            sum += _losses[c];
        }

        return sum;
    }
}
