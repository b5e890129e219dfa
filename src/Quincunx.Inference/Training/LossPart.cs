using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>A loss of which a step takes the gradient: of one task, on rows that change from step to step.</summary>
internal sealed class LossPart
{
    private readonly TrainingTask _task;
    private readonly double _dropout;
    private readonly Tensor[] _leaves;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Parameter _share = new(Tensor.Scalar(1, DType.Float64), isTrained: false);
    private readonly Rng _rng = new(0);
    private ReadOnlyMemory<int> _rows;
    private Rng _draws = new(0);
    private int _chunk;
    private GradientBuffer? _evaluated;                                 // none while replays do

    /// <param name="dropout">Probability, see <see cref="TrainingOptions.Dropout"/>.</param>
    public LossPart(TrainingTask task, IReadOnlyList<Parameter> parameters, double dropout)
    {
        (_task, _parameters, _dropout) = (task, parameters, dropout);
        _leaves = [.. parameters.Select(p => p.Value)];
    }

    /// <summary>The sum of the losses of the rows.</summary>
    public double Loss { get; private set; }

    /// <summary>The gradient of that sum times the share, to be changed in place; of no use where the loss is not finite, or after the next step.</summary>
    public GradientBuffer Gradient { get; private set; } = GradientBuffer.Empty;

    /// <summary>Rows of the batch that they are filled into.</summary>
    public int Capacity => _task.BatchRows(_rows.Length);

    /// <param name="share">Factor of the gradient.</param>
    /// <param name="draws">Its child number <paramref name="chunk"/> is the stream of the loss. Not to change before the step is done.</param>
    public void Begin(ReadOnlyMemory<int> rows, double share, Rng draws, int chunk)
    {
        (_rows, _draws, _chunk) = (rows, draws, chunk);
        _share.Value.Writable<double>()[0] = share;
    }

    /// <summary>A batch with its inputs, filled; null where the task has none.</summary>
    public Batch? Prepare()
    {
        if (_task.Batch(Capacity) is not BatchLoss loss)
        {
            return null;
        }

        _rng.Become(_draws, _chunk);
        loss.Fill(_rows.Span, _rng);
        DropoutMasks? masks = Masks();
        if (masks is not null)
        {
            // Masks are made when they are first asked for, which is no part of a step.
            using var scope = new TensorScope();
            using DropoutMasks.Use first = DropoutMasks.Begin(masks);
            _ = loss.Loss();
        }

        return new Batch(this, loss, masks);
    }

    /// <summary>Evaluates the loss anew.</summary>
    public void Evaluate()
    {
        using var scope = new TensorScope();
        _evaluated ??= new GradientBuffer(_parameters);
        _rng.Become(_draws, _chunk);
        using DropoutMasks.Use use = DropoutMasks.Begin(Masks());
        Tensor loss = _task.Loss(_rows.Span, Mode.Training, _rng);
        Loss = loss.ToScalar();
        if (double.IsFinite(Loss))
        {
            _evaluated.Set(Differentiate(loss)[1..]);
        }

        Gradient = _evaluated;
    }

    /// <summary>Whether the loss evaluated anew has the same bits. Where it has not, what it has is kept.</summary>
    public bool Agrees()
    {
        (double loss, GradientBuffer gradient) = (Loss, Gradient);
        Evaluate();
        bool same = BitConverter.DoubleToInt64Bits(loss) == BitConverter.DoubleToInt64Bits(Loss);
        for (int i = 0; same && double.IsFinite(loss) && i < gradient.Values.Count; i++)
        {
            same = gradient.Values[i].Bytes.SequenceEqual(Gradient.Values[i].Bytes);
        }

        (Loss, Gradient) = same ? (loss, gradient) : (Loss, Gradient);
        return same;
    }

    /// <summary>Frees what <see cref="Evaluate"/> keeps.</summary>
    public void ForgetEvaluation() => _evaluated = null;

    private Tensor[] Differentiate(Tensor loss) =>
    [
        loss, .. Quincunx.Numerics.Autodiff.Gradient.VectorJacobian(loss, _share.Value.To(loss.DType).Reshape(loss.Shape), _leaves),
    ];

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

    /// <summary>Inputs of one size, and what a recording makes of them.</summary>
    internal sealed class Batch(LossPart part, BatchLoss loss, DropoutMasks? masks)
    {
        private Tensor? _loss;
        private GradientBuffer? _inPlace, _copy;

        /// <summary>The loss and its gradient: to be recorded.</summary>
        public Tensor[] Differentiate()
        {
            using DropoutMasks.Use use = DropoutMasks.Begin(masks);
            return part.Differentiate(loss.Loss());
        }

        /// <param name="outputs">What a recording made of <see cref="Differentiate"/>.</param>
        /// <param name="areApart">Whether changing one gradient changes no other.</param>
        public void Bind(IReadOnlyList<Tensor> outputs, bool areApart)
        {
            _loss = outputs[0];
            _inPlace = GradientBuffer.Over([.. outputs.Skip(1)]);
            _copy = areApart ? null : new GradientBuffer(part._parameters);
        }

        /// <summary>Puts the part's rows of this step in.</summary>
        public void Fill()
        {
            part._rng.Become(part._draws, part._chunk);
            loss.Fill(part._rows.Span, part._rng);
            masks?.Draw(part._rng.Split(DropoutMasks.Stream));
        }

        /// <summary>Gives the part what the recording has made of them: where it lies, or a copy.</summary>
        public void Read()
        {
            part.Loss = _loss!.ToScalar();
            _copy?.Set(_inPlace!.Values);
            part.Gradient = _copy ?? _inPlace!;
        }
    }
}
