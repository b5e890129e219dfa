using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>Loss and gradient of a batch, in a number of chunks that the thread count does not change.</summary>
/// <remarks>
/// Chunks are dealt out in turn to as many lanes as the options have chunks. A lane adds up its own in order, in the memory of one, and the lanes are added in order.
/// Which thread works on a lane does not matter.
/// </remarks>
internal sealed class BatchGradient : IDisposable
{
    // Held-out rows evaluated at once: enough to keep the kernels busy, and small beside the cache.
    private const int EvaluationRows = 512;

    // Chunks begin at a multiple of this, a register's width, so that only the last has a part of one.
    private const int ChunkUnit = 16;

    private readonly TrainingTask _task;
    private readonly TrainingOptions _options;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ChunkThreads _threads;
    private readonly List<Lane> _lanes = [];
    private readonly Action<int> _train, _evaluate;
    private double[] _losses = [];
    private ReadOnlyMemory<int> _rows;
    private int _chunks;
    private Rng _rng = new(0);
    private GradientBuffer? _sum;               // none while there is one lane

    public BatchGradient(TrainingTask task, IReadOnlyList<Parameter> parameters, TrainingOptions options)
    {
        (_task, _parameters, _options) = (task, parameters, options);
        _threads = new ChunkThreads(options.Threads);
        _train = Train;
        _evaluate = Evaluate;
    }

    /// <summary>After <see cref="MeanLoss"/>: the gradient of the mean loss, to be changed in place.</summary>
    public GradientBuffer Gradient { get; private set; } = GradientBuffer.Empty;

    /// <summary>Chunks that were differentiated by replaying a recording.</summary>
    public long Replays => _lanes.Sum(l => l.Chunk.Replays);

    /// <summary>Why chunks are evaluated and not replayed, or null.</summary>
    public string? Obstacle => _lanes.Select(l => l.Chunk.Obstacle).FirstOrDefault(o => o is not null);

    /// <summary>Differentiates the mean loss of a batch; where it is not finite the gradient is not to be used.</summary>
    /// <param name="rng">Not advanced.</param>
    public double MeanLoss(ReadOnlyMemory<int> rows, Rng rng)
    {
        (_rows, _rng) = (rows, rng);
        int largest = (rows.Length + _options.MaximumChunkRows - 1) / _options.MaximumChunkRows;
        _chunks = Math.Max(largest, Math.Clamp(rows.Length / _options.MinimumChunkRows, 1, _options.Chunks));
        int lanes = Math.Min(_chunks, _options.Chunks);
        while (_lanes.Count < lanes)
        {
            _lanes.Add(new Lane(_task, _parameters, _options.Dropout));
        }

        _threads.Run(lanes, _train);
        double sum = 0;
        for (int l = 0; l < lanes; l++)
        {
            sum += _lanes[l].Loss;
        }

        if (double.IsFinite(sum))
        {
            Add(lanes);
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
        double sum = 0;
        for (int c = 0; c < _chunks; c++)
        {
            sum += _losses[c];
        }

        return sum / rows.Length;
    }

    public void Dispose() => _threads.Dispose();

    private void Train(int lane)
    {
        _lanes[lane].Clear();
        for (int c = lane; c < _chunks; c += Math.Min(_chunks, _options.Chunks))
        {
            _lanes[lane].Add(_rows[Begin(c)..Begin(c + 1)], 1.0 / _rows.Length, _rng, c);
        }
    }

    private int Begin(int chunk)
    {
        long even = (long)_rows.Length * chunk / _chunks;
        return chunk == _chunks ? _rows.Length : (int)((even + (ChunkUnit / 2)) / ChunkUnit * ChunkUnit);
    }

    private void Add(int lanes)
    {
        if (lanes == 1)
        {
            Gradient = _lanes[0].Gradient;
            return;
        }

        Gradient = _sum ??= new GradientBuffer(_parameters);
        _sum.SetSum(_lanes[0].Gradient.Values, _lanes[1].Gradient.Values);
        for (int l = 2; l < lanes; l++)
        {
            _sum.Add(_lanes[l].Gradient.Values);
        }
    }

    private void Evaluate(int chunk)
    {
        using var scope = new TensorScope();
        using Recording.Pause pause = Recording.Off();
        _losses[chunk] = _task.Loss(_rows.Span[RowPlan.Part(_rows.Length, chunk, _chunks)], Mode.Evaluation, _rng.Split(chunk)).ToScalar();
    }

    // Some chunks of each batch, one after the other.
    private sealed class Lane(TrainingTask task, IReadOnlyList<Parameter> parameters, double dropout)
    {
        private GradientBuffer? _sum;
        private int _added;

        public ChunkGradient Chunk { get; } = new(task, parameters, dropout);

        public double Loss { get; private set; }

        public GradientBuffer Gradient => _added == 1 ? Chunk.Gradient : _sum!;

        public void Clear() => (_added, Loss) = (0, 0);

        public void Add(ReadOnlyMemory<int> rows, double share, Rng draws, int chunk)
        {
            if (_added == 1)
            {
                // The memory of the first chunk's gradient is that of the second's.
                _sum ??= new GradientBuffer(parameters);
                _sum.Set(Chunk.Gradient.Values);
            }

            Chunk.Run(rows, share, draws, chunk);
            Loss += Chunk.Loss;
            if (_added++ > 0)
            {
                _sum!.Add(Chunk.Gradient.Values);
            }
        }
    }
}
