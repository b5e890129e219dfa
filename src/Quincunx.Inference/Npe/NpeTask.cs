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

    /// <param name="thetas">Shape <c>[n, d]</c>.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, finite.</param>
    public NpeTask(NeuralPosterior posterior, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs)
    {
        (_posterior, _d, _k) = (posterior, posterior.Dimension, posterior.Features);
        double[] z = new double[thetas.Length], x = new double[xs.Length];
        posterior.ScaleTheta(thetas, z);
        posterior.Scaling.Apply(xs, x);
        (_z, _x) = (Array.ConvertAll(z, v => (float)v), Array.ConvertAll(x, v => (float)v));
    }

    /// <inheritdoc/>
    public override IModule Module => _posterior;

    /// <inheritdoc/>
    public override int Count => _z.Length / _d;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng) =>
        -_posterior.LogProbScaled(Gather(_z, _d, rows), Gather(_x, _k, rows)).Sum();

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
