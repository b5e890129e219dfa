using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <summary>The loss of neural posterior estimation, -log q(theta | x), over stored simulations.</summary>
/// <param name="pairs">Scaled as the posterior does.</param>
internal sealed class NpeTask(NeuralPosterior posterior, ScaledPairs pairs) : TrainingTask
{
    private readonly int _d = posterior.Dimension, _k = posterior.Features;

    /// <param name="thetas">Shape <c>[n, d]</c>.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, finite.</param>
    public NpeTask(NeuralPosterior posterior, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs)
        : this(posterior, ScaledPairs.InMemory(thetas, posterior.Dimension, xs, posterior.Features, posterior.ScaleTheta, posterior.Scaling.Apply))
    {
    }

    /// <inheritdoc/>
    public override IModule Module => posterior;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override IRowBlocks? Blocks => pairs.Blocks;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor z = Tensor.Zeros(new Shape(rows.Length, _d)), x = Tensor.Zeros(new Shape(rows.Length, _k));
        pairs.CopyTheta(rows, z);
        pairs.CopyX(rows, x);
        return LossOf(z, x);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new NpeBatch(this, pairs, rows);

    private Tensor LossOf(Tensor z, Tensor x) => -posterior.LogProbScaled(z, x).Sum();

    private sealed class NpeBatch(NpeTask task, ScaledPairs pairs, int rows) : BatchLoss
    {
        private readonly Parameter _z = new(Tensor.Zeros(new Shape(rows, task._d)), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(rows, task._k)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            pairs.CopyTheta(rows, _z.Value);
            pairs.CopyX(rows, _x.Value);
        }

        public override Tensor Loss() => task.LossOf(_z.Value, _x.Value);
    }
}
