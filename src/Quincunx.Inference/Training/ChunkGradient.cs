using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>Loss and gradient of one part of each batch: replayed where the task can be recorded, else evaluated anew.</summary>
internal sealed class ChunkGradient
{
    // Runs of a recording that are compared with the loss itself, on batches it was not recorded on.
    private const int ComparedRuns = 2;

    // Batches of a training differ by one row; who passes many sizes has each of the rest evaluated.
    private const int MostRecordings = 8;

    private readonly TrainingTask _task;
    private readonly double _dropout;
    private readonly Tensor[] _leaves;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Dictionary<int, Recorded> _recordings = [];        // by number of rows
    private readonly ReplayMemory _memory = new();
    private readonly Parameter _share = new(Tensor.Scalar(1, DType.Float64), isTrained: false);
    private readonly Rng _rng = new(0);
    private GradientBuffer? _evaluated;                                 // none while replays do

    /// <param name="dropout">Probability, see <see cref="Dropout"/>.</param>
    public ChunkGradient(TrainingTask task, IReadOnlyList<Parameter> parameters, double dropout)
    {
        (_task, _dropout) = (task, dropout);
        _leaves = [.. parameters.Select(p => p.Value)];
        _parameters = parameters;
    }

    /// <summary>The sum of the losses of the last rows.</summary>
    public double Loss { get; private set; }

    /// <summary>The gradient of that sum times the share, to be changed in place; of no use where the loss is not finite, or after the next run.</summary>
    public GradientBuffer Gradient { get; private set; } = GradientBuffer.Empty;

    /// <summary>How many runs were replays.</summary>
    public long Replays { get; private set; }

    /// <summary>Why the loss is evaluated anew each time, or null.</summary>
    public string? Obstacle { get; private set; }

    /// <param name="share">Factor of the gradient.</param>
    /// <param name="draws">Its child number <paramref name="chunk"/> is the stream of the loss.</param>
    public void Run(ReadOnlySpan<int> rows, double share, Rng draws, int chunk)
    {
        _rng.Become(draws, chunk);
        if (Obstacle is not null || !RunReplay(rows, share, draws, chunk))
        {
            Evaluate(rows, share);
        }
    }

    private bool RunReplay(ReadOnlySpan<int> rows, double share, Rng draws, int chunk)
    {
        SetShare(share);
        if (_recordings.TryGetValue(rows.Length, out Recorded? recorded))
        {
            recorded.Batch.Fill(rows, _rng);
            recorded.Masks?.Draw(_rng.Split(DropoutMasks.Stream));
            recorded.Replay.Run();
        }
        else
        {
            recorded = _recordings.Count == MostRecordings ? null : Record(rows);
            if (recorded is null)
            {
                _rng.Become(draws, chunk);
                return false;
            }
        }

        Loss = recorded.Replay.Outputs[0].ToScalar();
        Gradient = recorded.Gradient();
        if (recorded.Runs <= ComparedRuns)
        {
            _rng.Become(draws, chunk);
            if (!Agrees(rows, share))
            {
                Obstacle = "a replay did not give the numbers of the loss, which must depend on something besides its inputs and weights";
                _rng.Become(draws, chunk);
                return false;
            }

            if (recorded.Runs++ == ComparedRuns)
            {
                // From here on nothing is evaluated on this thread, and what that took is free.
                _evaluated = null;
                StoragePool.Current.Trim();
            }
        }

        Replays++;
        return true;
    }

    private Recorded? Record(ReadOnlySpan<int> rows)
    {
        if (_task.Batch(rows.Length) is not BatchLoss batch)
        {
            Obstacle = "the task offers no batch of fixed size";
            return null;
        }

        batch.Fill(rows, _rng);
        DropoutMasks? masks = Masks();
        if (masks is not null)
        {
            // Masks are made when they are first asked for, which is no part of a step.
            using var scope = new TensorScope();
            using DropoutMasks.Use first = DropoutMasks.Begin(masks);
            _ = batch.Loss();
        }

        Replay? replay = Replay.Record(
            () =>
            {
                using DropoutMasks.Use use = DropoutMasks.Begin(masks);
                return Differentiate(batch.Loss());
            },
            _memory, out string? obstacle);
        if (replay is null)
        {
            Obstacle = obstacle;
            return null;
        }

        var recorded = new Recorded(batch, masks, replay, _parameters);
        _recordings.Add(rows.Length, recorded);
        return recorded;
    }

    // Null where nothing is to be lost.
    private DropoutMasks? Masks()
    {
        if (_dropout == 0)
        {
            return null;
        }

        var masks = new DropoutMasks(_dropout);
        masks.Draw(_rng.Split(DropoutMasks.Stream));
        return masks;
    }

    private void Evaluate(ReadOnlySpan<int> rows, double share)
    {
        using var scope = new TensorScope();
        _evaluated ??= new GradientBuffer(_parameters);
        SetShare(share);
        using DropoutMasks.Use use = DropoutMasks.Begin(Masks());
        Tensor loss = _task.Loss(rows, Mode.Training, _rng);
        Loss = loss.ToScalar();
        if (double.IsFinite(Loss))
        {
            _evaluated.Set(Differentiate(loss)[1..]);
        }

        Gradient = _evaluated;
    }

    private bool Agrees(ReadOnlySpan<int> rows, double share)
    {
        (double loss, GradientBuffer gradient) = (Loss, Gradient);
        Evaluate(rows, share);
        bool same = BitConverter.DoubleToInt64Bits(loss) == BitConverter.DoubleToInt64Bits(Loss);
        for (int i = 0; same && double.IsFinite(loss) && i < gradient.Values.Count; i++)
        {
            same = gradient.Values[i].Bytes.SequenceEqual(Gradient.Values[i].Bytes);
        }

        (Loss, Gradient) = same ? (loss, gradient) : (Loss, Gradient);
        return same;
    }

    private Tensor[] Differentiate(Tensor loss) =>
    [
        loss, .. Quincunx.Numerics.Autodiff.Gradient.VectorJacobian(loss, _share.Value.To(loss.DType).Reshape(loss.Shape), _leaves),
    ];

    private void SetShare(double share) => _share.Value.Writable<double>()[0] = share;

    private sealed class Recorded(BatchLoss batch, DropoutMasks? masks, Replay replay, IReadOnlyList<Parameter> parameters)
    {
        private readonly GradientBuffer _inPlace = GradientBuffer.Over([.. replay.Outputs.Skip(1)]);
        private readonly GradientBuffer? _copy = replay.OutputsAreApart ? null : new GradientBuffer(parameters);

        public BatchLoss Batch { get; } = batch;

        public DropoutMasks? Masks { get; } = masks;

        public Replay Replay { get; } = replay;

        public int Runs { get; set; }

        /// <summary>Of the last run: where it lies, or a copy where changing one gradient would change another.</summary>
        public GradientBuffer Gradient()
        {
            _copy?.Set(_inPlace.Values);
            return _copy ?? _inPlace;
        }
    }
}
