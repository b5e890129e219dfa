using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Squared error of a network 64-256-256-256-256-256-1 on made-up data.</summary>
internal sealed class RegressionTask(int count) : TrainingTask
{
    public const int Inputs = 64, Width = 256, Layers = 5;
    private readonly Mlp _network = new(Inputs, [.. Enumerable.Repeat(Width, Layers)], 1, new Rng(1));
    private readonly float[] _x = Tensor.Normal(0, 1, new Rng(2), new Shape(count, Inputs)).AsSpan<float>().ToArray();

    /// <inheritdoc/>
    public override IModule Module => _network;

    /// <inheritdoc/>
    public override int Count => count;

    public static long Weights => Matrices + (Layers * Width) + 1;

    private static long Matrices => (Inputs * Width) + ((Layers - 1) * Width * Width) + Width;

    /// <summary>Operations of a step: every weight is used in the forward pass and for its own gradient, and all but the first layer's for that of its input.</summary>
    public static double Operations(int rows) => 2.0 * rows * ((3 * Matrices) - (Inputs * Width));

    /// <summary>Bytes that a step cannot do without: the batch, each layer's output, the gradients of the weights, and those of the input and output of one layer.</summary>
    public static double LiveBytes(int rows) => sizeof(float) * (Weights + ((double)rows * (Inputs + ((Layers + 2) * Width) + 1)));

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor x = Tensor.Zeros(new Shape(rows.Length, Inputs));
        Gather(rows, x);
        return LossOf(x);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Rows(this, rows);

    private Tensor LossOf(Tensor x) => Tensor.Square(_network.Forward(x) - 0.5).Sum();

    private void Gather(ReadOnlySpan<int> rows, Tensor into)
    {
        Span<float> target = into.Writable<float>();
        for (int i = 0; i < rows.Length; i++)
        {
            _x.AsSpan(rows[i] * Inputs, Inputs).CopyTo(target[(i * Inputs)..]);
        }
    }

    private sealed class Rows(RegressionTask task, int count) : BatchLoss
    {
        private readonly Parameter _batch = new(Tensor.Zeros(new Shape(count, Inputs)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => task.Gather(rows, _batch.Value);

        public override Tensor Loss() => task.LossOf(_batch.Value);
    }
}
