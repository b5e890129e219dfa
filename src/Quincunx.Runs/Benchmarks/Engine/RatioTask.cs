using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>The classifier of neural ratio estimation: pairs (theta, x) against the same with theta from the next row (Hermans et al. 2020, arXiv:1903.04057).</summary>
internal sealed class RatioTask : TrainingTask
{
    private const int Dimension = PosteriorData.Dimension, Features = PosteriorData.Features, Width = Dimension + Features;
    private readonly ResidualMlp _network = new(Width, 1, new ResidualMlpOptions { Width = 50, Blocks = 2 }, new Rng(1));
    private readonly float[] _theta, _x;

    public RatioTask(PosteriorData data)
    {
        _theta = [.. data.Thetas.Select(t => (float)t)];
        _x = [.. data.Xs.Select(x => (float)x)];
    }

    /// <inheritdoc/>
    public override IModule Module => _network;

    /// <inheritdoc/>
    public override int Count => _theta.Length / Dimension;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor pairs = Tensor.Zeros(new Shape(2 * rows.Length, Width));
        Gather(rows, pairs);
        return LossOf(pairs);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Pairs(this, rows);

    // -log sigmoid(u) = softplus(-u) for a joint pair, and softplus(u) for the other.
    private Tensor LossOf(Tensor pairs)
    {
        Tensor logits = _network.Forward(pairs);
        int n = pairs.Shape[0] / 2;
        return Tensor.Softplus(-logits.Slice(0, 0, n)).Sum() + Tensor.Softplus(logits.Slice(0, n, n)).Sum();
    }

    // First the rows as they are, then each x beside the next row's theta.
    private void Gather(ReadOnlySpan<int> rows, Tensor into)
    {
        int n = rows.Length;
        Span<float> target = into.Writable<float>();
        for (int i = 0; i < 2 * n; i++)
        {
            Span<float> pair = target.Slice(i * Width, Width);
            int theta = rows[i < n ? i : (i - n + 1) % n];
            _theta.AsSpan(theta * Dimension, Dimension).CopyTo(pair);
            _x.AsSpan(rows[i % n] * Features, Features).CopyTo(pair[Dimension..]);
        }
    }

    private sealed class Pairs(RatioTask task, int rows) : BatchLoss
    {
        private readonly Parameter _pairs = new(Tensor.Zeros(new Shape(2 * rows, Width)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => task.Gather(rows, _pairs.Value);

        public override Tensor Loss() => task.LossOf(_pairs.Value);
    }
}
