using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Quincunx.Inference.Training;

/// <summary>Pairs of parameters and outputs, scaled and in float32, as training tasks take batches from: all in memory, or read from blocks while training runs.</summary>
public sealed class ScaledPairs
{
    private readonly int _parameters, _outputs;
    private float[] _theta = [], _x = [];

    private ScaledPairs(int count, int parameters, int outputs)
    {
        (Count, _parameters, _outputs) = (count, parameters, outputs);
    }

    /// <summary>Number of pairs.</summary>
    public int Count { get; }

    /// <summary>For <see cref="TrainingTask.Blocks"/>: null where all pairs are in memory.</summary>
    public IRowBlocks? Blocks { get; private init; }

    /// <summary>Scales pairs that fit in memory.</summary>
    /// <param name="thetas">Shape <c>[n, parameters]</c>, row-major.</param>
    /// <param name="xs">Shape <c>[n, outputs]</c>, row-major.</param>
    /// <exception cref="ArgumentException">The lengths are not those of the same number of rows.</exception>
    public static ScaledPairs InMemory(
        ReadOnlySpan<double> thetas, int parameters, ReadOnlySpan<double> xs, int outputs, RowScaling scaleTheta, RowScaling scaleX)
    {
        ArgumentNullException.ThrowIfNull(scaleTheta);
        ArgumentNullException.ThrowIfNull(scaleX);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parameters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        int count = thetas.Length / parameters;
        if (thetas.Length != count * parameters || xs.Length != (long)count * outputs)
        {
            throw new ArgumentException($"Expected as many rows of {parameters} as of {outputs} numbers, got {thetas.Length} and {xs.Length} numbers.", nameof(xs));
        }

        var pairs = new ScaledPairs(count, parameters, outputs);
        pairs.Reserve(count);
        Narrow(thetas, parameters, scaleTheta, pairs._theta);
        Narrow(xs, outputs, scaleX, pairs._x);
        return pairs;
    }

    /// <summary>Pairs that are read and scaled while training runs.</summary>
    /// <param name="memory">Bytes that rows in memory may take: held-out rows, and two windows of blocks. Blocks should be small beside a quarter of it.</param>
    public static ScaledPairs Streamed(IPairBlocks blocks, long memory, RowScaling scaleTheta, RowScaling scaleX)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(scaleTheta);
        ArgumentNullException.ThrowIfNull(scaleX);
        var loader = new Loader(blocks, memory, scaleTheta, scaleX);
        var pairs = new ScaledPairs((int)Math.Min(int.MaxValue, blocks.Rows.Sum(n => (long)n)), blocks.ParameterCount, blocks.OutputCount) { Blocks = loader };
        loader.Pairs = pairs;
        return pairs;
    }

    /// <summary>Copies scaled parameters into a tensor.</summary>
    /// <param name="rows">As <see cref="TrainingTask.Loss"/> gets them.</param>
    /// <param name="into">Shape <c>[rows, parameters]</c>, float32; overwritten.</param>
    public void CopyTheta(ReadOnlySpan<int> rows, Tensor into) => Gather(_theta, _parameters, rows, into);

    /// <summary>Copies scaled outputs into a tensor.</summary>
    /// <param name="rows">As <see cref="TrainingTask.Loss"/> gets them.</param>
    /// <param name="into">Shape <c>[rows, outputs]</c>, float32; overwritten.</param>
    public void CopyX(ReadOnlySpan<int> rows, Tensor into) => Gather(_x, _outputs, rows, into);

    /// <summary>Copies rows of a table into a tensor.</summary>
    /// <param name="width">Length of a row.</param>
    internal static void Gather(float[] source, int width, ReadOnlySpan<int> rows, Tensor into)
    {
        ArgumentNullException.ThrowIfNull(into);
        ShapeException.ThrowUnless(into, rows.Length, width);
        Span<float> target = into.Writable<float>();
        for (int i = 0; i < rows.Length; i++)
        {
            source.AsSpan(rows[i] * width, width).CopyTo(target[(i * width)..]);
        }
    }

    // In blocks of rows, since the data may be large and are wanted in float32 only.
    private static void Narrow(ReadOnlySpan<double> rows, int width, RowScaling scale, Span<float> narrow)
    {
        const int BlockRows = 4096;
        double[] block = new double[Math.Min(rows.Length, BlockRows * width)];
        for (int from = 0; from < rows.Length; from += block.Length)
        {
            Span<double> scaled = block.AsSpan(0, Math.Min(block.Length, rows.Length - from));
            scale(rows.Slice(from, scaled.Length), scaled);
            TensorPrimitives.ConvertTruncating<double, float>(scaled, narrow[from..]);
        }
    }

    private void Reserve(int slots)
    {
        _theta = new float[slots * _parameters];
        _x = new float[slots * _outputs];
    }

    private sealed class Loader(IPairBlocks blocks, long memory, RowScaling scaleTheta, RowScaling scaleX) : IRowBlocks
    {
        private double[] _theta = [], _x = [], _row = [];

        public ScaledPairs? Pairs { get; set; }

        public IReadOnlyList<int> Rows => blocks.Rows;

        public int Capacity { get; } = (int)Math.Min(
            memory / (sizeof(float) * ((long)blocks.ParameterCount + blocks.OutputCount)), Array.MaxLength / Math.Max(blocks.ParameterCount, blocks.OutputCount));

        public void Reserve(int slots)
        {
            int longest = blocks.Rows.Max();
            (_theta, _x) = (new double[longest * blocks.ParameterCount], new double[longest * blocks.OutputCount]);
            _row = new double[Math.Max(blocks.ParameterCount, blocks.OutputCount)];
            Pairs!.Reserve(slots);
        }

        public void Load(int block, ReadOnlySpan<int> slots, CancellationToken cancel)
        {
            Span<double> theta = _theta.AsSpan(0, slots.Length * blocks.ParameterCount), x = _x.AsSpan(0, slots.Length * blocks.OutputCount);
            blocks.Read(block, theta, x);
            Put(theta, blocks.ParameterCount, scaleTheta, slots, Pairs!._theta, cancel);
            Put(x, blocks.OutputCount, scaleX, slots, Pairs._x, cancel);
        }

        private void Put(ReadOnlySpan<double> rows, int width, RowScaling scale, ReadOnlySpan<int> slots, float[] into, CancellationToken cancel)
        {
            Span<double> scaled = _row.AsSpan(0, width);
            for (int i = 0; i < slots.Length; i++)
            {
                if (slots[i] < 0)
                {
                    continue;
                }

                cancel.ThrowIfCancellationRequested();
                scale(rows.Slice(i * width, width), scaled);
                TensorPrimitives.ConvertTruncating<double, float>(scaled, into.AsSpan(slots[i] * width, width));
            }
        }
    }
}
