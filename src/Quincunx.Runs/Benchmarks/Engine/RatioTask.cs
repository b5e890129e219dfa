using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>The classifier of neural ratio estimation: pairs (theta, x) against the same with theta from the next row (Hermans et al. 2020, arXiv:1903.04057).</summary>
internal sealed class RatioTask : TrainingTask
{
    private const int Dimension = PosteriorData.Dimension, Features = PosteriorData.Features;
    private readonly ResidualMlp _network = new(Dimension + Features, 1, new ResidualMlpOptions { Width = 50, Blocks = 2 }, new Rng(1));
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
        int n = rows.Length;
        using var pairs = new Pairs(2 * n * (Dimension + Features));
        for (int i = 0; i < 2 * n; i++)
        {
            Span<float> pair = pairs.Values.Slice(i * (Dimension + Features), Dimension + Features);
            int theta = rows[i < n ? i : (i - n + 1) % n];
            _theta.AsSpan(theta * Dimension, Dimension).CopyTo(pair);
            _x.AsSpan(rows[i % n] * Features, Features).CopyTo(pair[Dimension..]);
        }

        // -log sigmoid(u) = softplus(-u) for a joint pair, and softplus(u) for the other.
        Tensor logits = _network.Forward(Tensor.From(pairs.Values, new Shape(2 * n, Dimension + Features)));
        return Tensor.Softplus(-logits.Slice(0, 0, n)).Sum() + Tensor.Softplus(logits.Slice(0, n, n)).Sum();
    }

    private readonly struct Pairs(int count) : IDisposable
    {
        private readonly float[] _buffer = System.Buffers.ArrayPool<float>.Shared.Rent(count);

        public Span<float> Values => _buffer.AsSpan(0, count);

        public void Dispose() => System.Buffers.ArrayPool<float>.Shared.Return(_buffer);
    }
}
