using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <summary>The loss of neural posterior estimation, -log q(theta | x), over stored simulations.</summary>
internal sealed class NpeTask : TrainingTask
{
    private readonly NeuralPosterior _posterior;
    private readonly float[] _z, _x;
    private readonly int _d, _k;

    private delegate void Scaling(ReadOnlySpan<double> values, Span<double> scaled);

    /// <param name="thetas">Shape <c>[n, d]</c>.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, finite.</param>
    public NpeTask(NeuralPosterior posterior, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs)
    {
        (_posterior, _d, _k) = (posterior, posterior.Dimension, posterior.Features);
        _z = Narrow(thetas, _d, posterior.ScaleTheta);
        _x = Narrow(xs, _k, posterior.Scaling.Apply);
    }

    /// <inheritdoc/>
    public override IModule Module => _posterior;

    /// <inheritdoc/>
    public override int Count => _z.Length / _d;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor z = Tensor.Zeros(new Shape(rows.Length, _d)), x = Tensor.Zeros(new Shape(rows.Length, _k));
        Gather(_z, rows, z);
        Gather(_x, rows, x);
        return LossOf(z, x);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new NpeBatch(this, rows);

    private Tensor LossOf(Tensor z, Tensor x) => -_posterior.LogProbScaled(z, x).Sum();

    // In blocks of rows, since the data may be large and are wanted in float32 only.
    private static float[] Narrow(ReadOnlySpan<double> rows, int width, Scaling scale)
    {
        const int BlockRows = 4096;
        float[] narrow = new float[rows.Length];
        double[] block = new double[Math.Min(rows.Length, BlockRows * width)];
        for (int from = 0; from < rows.Length; from += block.Length)
        {
            Span<double> scaled = block.AsSpan(0, Math.Min(block.Length, rows.Length - from));
            scale(rows.Slice(from, scaled.Length), scaled);
            for (int i = 0; i < scaled.Length; i++)
            {
                narrow[from + i] = (float)scaled[i];
            }
        }

        return narrow;
    }

    private static void Gather(float[] source, ReadOnlySpan<int> rows, Tensor into)
    {
        int width = into.Shape[1];
        Span<float> target = into.Writable<float>();
        for (int i = 0; i < rows.Length; i++)
        {
            source.AsSpan(rows[i] * width, width).CopyTo(target[(i * width)..]);
        }
    }

    private sealed class NpeBatch(NpeTask task, int rows) : BatchLoss
    {
        private readonly Parameter _z = new(Tensor.Zeros(new Shape(rows, task._d)), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(rows, task._k)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            Gather(task._z, rows, _z.Value);
            Gather(task._x, rows, _x.Value);
        }

        public override Tensor Loss() => task.LossOf(_z.Value, _x.Value);
    }
}
