using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <summary>The loss of neural posterior estimation, -log q(theta | x), over stored simulations.</summary>
/// <param name="module">Whose weights are trained.</param>
/// <param name="logProb">log q, <c>[n]</c>, of scaled parameters <c>[n, d]</c> given scaled outputs <c>[n, k]</c>.</param>
/// <param name="pairs">Scaled as the posterior does.</param>
internal sealed class NpeTask(IModule module, Func<Tensor, Tensor, Tensor> logProb, int d, int k, ScaledPairs pairs) : TrainingTask
{
    public NpeTask(NeuralPosterior posterior, ScaledPairs pairs)
        : this(posterior, posterior.LogProbScaled, posterior.Dimension, posterior.Features, pairs)
    {
    }

    /// <param name="thetas">Shape <c>[n, d]</c>.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, finite.</param>
    public NpeTask(NeuralPosterior posterior, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs)
        : this(posterior, ScaledPairs.InMemory(thetas, posterior.Dimension, xs, posterior.Features, posterior.ScaleTheta, posterior.Scaling.Apply))
    {
    }

    /// <inheritdoc/>
    public override IModule Module => module;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override IRowBlocks? Blocks => pairs.Blocks;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor z = Tensor.Zeros(new Shape(rows.Length, d)), x = Tensor.Zeros(new Shape(rows.Length, k));
        pairs.CopyTheta(rows, z);
        pairs.CopyX(rows, x);
        return LossOf(z, x);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new NpeBatch(this, pairs, new Shape(rows, d), new Shape(rows, k));

    private Tensor LossOf(Tensor z, Tensor x) => -logProb(z, x).Sum();

    private sealed class NpeBatch(NpeTask task, ScaledPairs pairs, Shape ofTheta, Shape ofX) : BatchLoss
    {
        private readonly Parameter _z = new(Tensor.Zeros(ofTheta), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(ofX), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            pairs.CopyTheta(rows, _z.Value);
            pairs.CopyX(rows, _x.Value);
        }

        public override Tensor Loss() => task.LossOf(_z.Value, _x.Value);
    }
}
