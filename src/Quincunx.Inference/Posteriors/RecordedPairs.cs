using System.Collections.Concurrent;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Posteriors;

/// <summary>A network of several inputs evaluated on many rows: in float32, on all cores, in blocks that are recorded once for a number of rows and replayed.</summary>
/// <remarks>A row's result depends on that row alone, so blocks and threads change nothing. Weights may be overwritten in place between calls, not during one.</remarks>
/// <param name="widths">Columns of each input.</param>
/// <param name="compute">From inputs <c>[n, width]</c> to n numbers.</param>
/// <param name="differentiated">The input whose gradient can be asked for.</param>
internal sealed class RecordedPairs(IReadOnlyList<int> widths, Func<IReadOnlyList<Tensor>, Tensor> compute, int differentiated)
{
    // Enough rows to keep the kernels busy, few enough for the caches and for two cores to share what a few hundred chains ask.
    private const int BlockRows = 256, FewestRows = 16;

    private readonly ConcurrentBag<Worker> _idle = [];

    /// <param name="inputs">Of each, shape <c>[rows, width]</c>.</param>
    /// <param name="values">Shape <c>[rows]</c>, overwritten.</param>
    /// <param name="gradients">Of each value in its row of the differentiated input; empty for none.</param>
    public void Run(int rows, float[][] inputs, float[] values, float[] gradients)
    {
        int blocks = (rows + BlockRows - 1) / BlockRows;

        // Equal parts, so that no core waits for another.
        int each = blocks == 0 ? 0 : (rows + blocks - 1) / blocks;
        if (blocks == 1 && rows >= 4 * FewestRows && gradients.Length == 0)
        {
            (blocks, each) = (2, (rows + 1) / 2);
        }

        if (blocks == 1)
        {
            RunBlock(0, rows, inputs, values, gradients);
            return;
        }

        Parallel.For(0, blocks, block => RunBlock(Math.Min(rows, block * each), Math.Min(rows, (block + 1) * each), inputs, values, gradients));
    }

    private void RunBlock(int from, int to, float[][] inputs, float[] values, float[] gradients)
    {
        if (to <= from)
        {
            return;
        }

        if (!_idle.TryTake(out Worker? worker))
        {
            worker = new Worker(widths, compute, differentiated);
        }

        using KernelThreads.Share share = KernelThreads.One();
        worker.Run(from, to - from, inputs, values, gradients);
        _idle.Add(worker);
    }

    private sealed class Worker(IReadOnlyList<int> widths, Func<IReadOnlyList<Tensor>, Tensor> compute, int differentiated)
    {
        private readonly Dictionary<(int Rows, bool WithGradient), Recorded> _recordings = [];

        public void Run(int from, int count, float[][] inputs, float[] values, float[] gradients)
        {
            int padded = Padded(count);
            bool withGradient = gradients.Length > 0;
            if (!_recordings.TryGetValue((padded, withGradient), out Recorded? recorded))
            {
                _recordings.Add((padded, withGradient), recorded = new Recorded(widths, compute, withGradient ? differentiated : -1, padded));
            }

            recorded.Run(from, count, inputs, values, gradients);
        }

        // Four sizes between a power of two and the next.
        private static int Padded(int count)
        {
            int step = Math.Max(FewestRows, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count + 1) / 8);
            return (count + step - 1) / step * step;
        }
    }

    private sealed class Recorded
    {
        private readonly Parameter[] _inputs;
        private readonly Func<IReadOnlyList<Tensor>, Tensor> _compute;
        private readonly Replay? _replay;
        private readonly int _differentiated, _rows;

        public Recorded(IReadOnlyList<int> widths, Func<IReadOnlyList<Tensor>, Tensor> compute, int differentiated, int rows)
        {
            (_compute, _differentiated, _rows) = (compute, differentiated, rows);
            _inputs = [.. widths.Select((width, i) => new Parameter(Tensor.Zeros(new Shape(rows, width)), isTrained: i == differentiated))];
            _replay = Replay.Record(Compute, out _);
        }

        public void Run(int from, int count, float[][] inputs, float[] values, float[] gradients)
        {
            for (int i = 0; i < _inputs.Length; i++)
            {
                // What pads is the last real row again.
                int width = _inputs[i].Shape[1];
                Span<float> into = _inputs[i].Value.Writable<float>();
                inputs[i].AsSpan(from * width, count * width).CopyTo(into);
                for (int row = count; row < _rows; row++)
                {
                    inputs[i].AsSpan((from + count - 1) * width, width).CopyTo(into[(row * width)..]);
                }
            }

            using var scope = new TensorScope();
            IReadOnlyList<Tensor> outputs;
            if (_replay is null)
            {
                outputs = Compute();
            }
            else
            {
                _replay.Run();
                outputs = _replay.Outputs;
            }

            outputs[0].Elements<float>()[..count].CopyTo(values.AsSpan(from));
            if (_differentiated >= 0)
            {
                int width = _inputs[_differentiated].Shape[1];
                outputs[1].Elements<float>()[..(count * width)].CopyTo(gradients.AsSpan(from * width));
            }
        }

        private IReadOnlyList<Tensor> Compute()
        {
            if (_differentiated < 0)
            {
                using Recording.Pause pause = Recording.Off();
                return [_compute([.. _inputs.Select(p => p.Value)])];
            }

            // Rows do not know each other, so the gradient of the sum holds that of each.
            Tensor values = _compute([.. _inputs.Select(p => p.Value)]), input = _inputs[_differentiated].Value;
            return [values, values.IsTracked ? Gradient.Of(values.Sum(), input) : Tensor.Zeros(input.Shape)];
        }
    }
}
