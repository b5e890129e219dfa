using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Fresh;

/// <summary>-log q(theta | x) where x is made anew in every step; that of held-out rows is the same each time, so that their losses can be compared.</summary>
/// <param name="heldOut">Child i is the stream of row i where it is held out.</param>
/// <param name="simulations">Replaces the rows of each epoch; null to keep them.</param>
internal sealed class FreshTask(NeuralPosterior posterior, FreshRows rows, Rng heldOut, SimulationStream? simulations = null) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => posterior;

    /// <inheritdoc/>
    public override int Count => rows.Count;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> batch, Mode mode, Rng rng)
    {
        Tensor z = Tensor.Zeros(new Shape(batch.Length, posterior.Dimension)), x = Tensor.Zeros(new Shape(batch.Length, rows.Width));
        rows.Fill(batch, rows.Memory(), z, x, rng, mode == Mode.Evaluation ? heldOut : null);
        return LossOf(z, x);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int count) => new FreshBatch(this, rows, new Shape(count, posterior.Dimension), new Shape(count, rows.Width));

    /// <inheritdoc/>
    public override void PrepareEpoch(int epoch, ReadOnlySpan<int> trainingRows, Rng rng) => simulations?.Replace(rows, epoch, trainingRows);

    private Tensor LossOf(Tensor z, Tensor x) => -posterior.LogProbScaled(z, x).Sum();

    private sealed class FreshBatch(FreshTask task, FreshRows source, Shape ofTheta, Shape ofX) : BatchLoss
    {
        private readonly Parameter _z = new(Tensor.Zeros(ofTheta), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(ofX), isTrained: false);
        private readonly FreshRows.RowMemory _row = source.Memory();

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => source.Fill(rows, _row, _z.Value, _x.Value, rng);

        public override Tensor Loss() => task.LossOf(_z.Value, _x.Value);
    }
}
