using System.Buffers;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
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
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng) =>
        -_posterior.LogProbScaled(Gather(_z, _d, rows), Gather(_x, _k, rows)).Sum();

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

    private static Tensor Gather(float[] source, int width, ReadOnlySpan<int> rows)
    {
        float[] buffer = ArrayPool<float>.Shared.Rent(rows.Length * width);
        for (int i = 0; i < rows.Length; i++)
        {
            source.AsSpan(rows[i] * width, width).CopyTo(buffer.AsSpan(i * width));
        }

        Tensor gathered = Tensor.From(buffer.AsSpan(0, rows.Length * width), new Shape(rows.Length, width));
        ArrayPool<float>.Shared.Return(buffer);
        return gathered;
    }
}
