using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Ensembles;

/// <summary>The loss of neural posterior estimation on the simulations or a bootstrap of them.</summary>
/// <remarks>
/// A draw of n rows with replacement has 63 % of them, some of them several times. Each is a row of the task once, with its number of times as a weight: the same mean loss, for 63 % of the work. Weights have mean 1 over the rows
/// trained on, and held-out rows, which the bootstrap does not draw from, have weight 1.
/// </remarks>
internal sealed class EnsembleTask : TrainingTask
{
    private const int Register = 16;

    private readonly NeuralPosterior _posterior;
    private readonly ScaledPairs _pairs;
    private readonly int[] _rows;               // of the pairs, by row of the task
    private readonly float[] _weights;

    private EnsembleTask(NeuralPosterior posterior, ScaledPairs pairs, int[] rows, float[] weights) => (_posterior, _pairs, _rows, _weights) = (posterior, pairs, rows, weights);

    /// <inheritdoc/>
    public override IModule Module => _posterior;

    /// <inheritdoc/>
    public override int Count => _rows.Length;

    /// <summary>Of each row of the task its row among the pairs.</summary>
    public IReadOnlyList<int> Rows => _rows;

    /// <summary>Of each row of the task.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>All pairs, each once.</summary>
    public static EnsembleTask Whole(NeuralPosterior posterior, ScaledPairs pairs)
    {
        float[] weights = new float[pairs.Count];
        Array.Fill(weights, 1);
        return new EnsembleTask(posterior, pairs, [.. Enumerable.Range(0, pairs.Count)], weights);
    }

    /// <summary>A bootstrap, and options under which it is trained by as many steps as the whole would be.</summary>
    /// <param name="options">Checked; of a training on all pairs.</param>
    /// <param name="draws">Decides what is drawn and what is held out.</param>
    /// <param name="training">The stream that the trainer will get, which says which rows of the task it holds out.</param>
    public static (EnsembleTask Task, TrainingOptions Options) Bootstrap(NeuralPosterior posterior, ScaledPairs pairs, TrainingOptions options, Rng draws, Rng training)
    {
        var whole = new EpochPlan(pairs.Count, options.ValidationFraction, options.BatchSize, draws);
        int[] counts = new int[pairs.Count];
        Rng stream = draws.Split("bootstrap");
        for (int i = 0; i < whole.TrainingRows; i++)
        {
            counts[whole.Training[stream.NextInt32(whole.TrainingRows)]]++;
        }

        int[] drawn = [.. whole.Training.Where(row => counts[row] > 0)];
        int[] heldOut = [.. whole.HeldOut(CancellationToken.None).Span];
        double share = (double)heldOut.Length / (drawn.Length + heldOut.Length);
        TrainingOptions own = options with
        {
            ValidationFraction = share,
            BatchSize = Math.Max(1, (int)Math.Round(drawn.Length / (double)whole.Batches)),
            WeightDecay = options.DecayOf(pairs.Count),
            WeightDecayRows = null,
        };

        // The trainer holds rows out by its stream and their number alone, so its plan can be asked beforehand.
        var plan = new EpochPlan(drawn.Length + heldOut.Length, own.ValidationFraction, own.BatchSize, training);
        int[] rows = new int[drawn.Length + heldOut.Length];
        float[] weights = new float[rows.Length];
        Array.Fill(rows, -1);
        for (int i = 0; i < drawn.Length; i++)
        {
            rows[plan.Training[i]] = drawn[i];
            weights[plan.Training[i]] = (float)((double)counts[drawn[i]] * drawn.Length / whole.TrainingRows);
        }

        for (int i = 0, next = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0)
            {
                (rows[i], weights[i]) = (heldOut[next++], 1);
            }
        }

        return (new EnsembleTask(posterior, pairs, rows, weights), own);
    }

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        var batch = new Weighted(this, BatchRows(rows.Length));
        batch.Fill(rows, rng);
        return batch.Loss();
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Weighted(this, rows);

    /// <summary>Whole registers: a part of one costs as much, and more where it has to be masked.</summary>
    internal override int BatchRows(int rows) => (rows + Register - 1) / Register * Register;

    private sealed class Weighted(EnsembleTask task, int rows) : BatchLoss
    {
        private readonly int[] _own = new int[rows];
        private readonly Parameter _z = Input(new Shape(rows, task._posterior.Dimension)), _x = Input(new Shape(rows, task._posterior.Features)), _weight = Input(new Shape(rows));

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            Span<float> weights = _weight.Value.Writable<float>();
            weights.Clear();
            for (int i = 0; i < rows.Length; i++)
            {
                (_own[i], weights[i]) = (task._rows[rows[i]], task._weights[rows[i]]);
            }

            // What fills up the batch is the last row once more, with no weight.
            _own.AsSpan(rows.Length).Fill(_own[rows.Length - 1]);
            task._pairs.CopyTheta(_own, _z.Value);
            task._pairs.CopyX(_own, _x.Value);
        }

        public override Tensor Loss() => -(task._posterior.LogProbScaled(_z.Value, _x.Value) * _weight.Value).Sum();

        private static Parameter Input(Shape shape) => new(Tensor.Zeros(shape), isTrained: false);
    }
}
