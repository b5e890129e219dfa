using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Quincunx.Inference.Equivariance;

/// <summary>-log q of moved parameters given moved data, over stored simulations whose blur is drawn anew each epoch; that of held-out rows stays.</summary>
internal sealed class EquivariantTask : TrainingTask
{
    private readonly NeuralPosterior _network;
    private readonly BlurredPairs _pairs;
    private readonly float[] _theta, _x;

    public EquivariantTask(NeuralPosterior network, BlurredPairs pairs, Rng rng)
    {
        (_network, _pairs) = (network, pairs);
        (_theta, _x) = (new float[pairs.Count * network.Dimension], new float[pairs.Count * network.Features]);
        Fill([.. Enumerable.Range(0, pairs.Count)], rng);
    }

    /// <inheritdoc/>
    public override IModule Module => _network;

    /// <inheritdoc/>
    public override int Count => _pairs.Count;

    /// <inheritdoc/>
    public override void PrepareEpoch(int epoch, ReadOnlySpan<int> trainingRows, Rng rng) => Fill(trainingRows.ToArray(), rng.Split(epoch));

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor z = Tensor.Zeros(new Shape(rows.Length, _network.Dimension)), x = Tensor.Zeros(new Shape(rows.Length, _network.Features));
        Copy(rows, z, x);
        return LossOf(z, x);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new BlurredBatch(this, new Shape(rows, _network.Dimension), new Shape(rows, _network.Features));

    private Tensor LossOf(Tensor z, Tensor x) => -_network.LogProbScaled(z, x).Sum();

    private void Copy(ReadOnlySpan<int> rows, Tensor z, Tensor x)
    {
        ScaledPairs.Gather(_theta, _network.Dimension, rows, z);
        ScaledPairs.Gather(_x, _network.Features, rows, x);
    }

    // Row i from stream i.
    private void Fill(int[] rows, Rng rng) => Parallel.ForEach(rows, i =>
    {
        int d = _network.Dimension, k = _network.Features;
        double[] theta = new double[d], context = new double[k];
        _pairs.Blur(i, rng.Split(i), theta, context);
        _network.ScaleTheta(theta, theta);
        _network.Scaling.Apply(context, context);
        TensorPrimitives.ConvertTruncating<double, float>(theta, _theta.AsSpan(i * d, d));
        TensorPrimitives.ConvertTruncating<double, float>(context, _x.AsSpan(i * k, k));
    });

    private sealed class BlurredBatch(EquivariantTask task, Shape ofTheta, Shape ofX) : BatchLoss
    {
        private readonly Parameter _z = new(Tensor.Zeros(ofTheta), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(ofX), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => task.Copy(rows, _z.Value, _x.Value);

        public override Tensor Loss() => task.LossOf(_z.Value, _x.Value);
    }
}
