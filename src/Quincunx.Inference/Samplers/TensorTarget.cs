using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Samplers;

/// <summary>A target written in operations of tensors: all points in one evaluation, gradients by the engine, recorded once for a number of points and replayed.</summary>
/// <remarks>
/// Numbers of points are rounded up to at most 25 % more, so that few recordings serve all; no more than 256 points are evaluated at once. A function that cannot be replayed
/// (see <see cref="Obstacle"/>) is evaluated anew each time, which is slower and gives the same numbers. Not thread-safe.
/// </remarks>
public sealed class TensorTarget : IGradientTarget
{
    private const int LargestBlock = 256;

    private readonly Func<Tensor, Tensor> _logDensity;
    private readonly PointLayout _layout;
    private readonly DType _dtype;
    private readonly Dictionary<(int Points, bool Gradient), Recorded> _recordings = [];

    /// <param name="logDensity">From points (shape as <paramref name="layout"/> says) to their log-densities, n elements in any shape. The density at a point must not depend on the others.</param>
    /// <param name="dtype">Element type of the points it is given; results are float64.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is not positive.</exception>
    public TensorTarget(int dimension, Func<Tensor, Tensor> logDensity, PointLayout layout = PointLayout.Rows, DType dtype = DType.Float64)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(logDensity);
        (Dimension, _logDensity, _layout, _dtype) = (dimension, logDensity, layout, dtype);
    }

    public int Dimension { get; }

    /// <summary>Why the last recorded evaluation cannot be replayed; null where it can, or nothing was evaluated.</summary>
    public string? Obstacle { get; private set; }

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> logDensities)
    {
        TargetShape.Check(Dimension, points, logDensities);
        Run(points, logDensities, []);
    }

    /// <inheritdoc/>
    public void EvaluateWithGradient(ReadOnlySpan<double> points, Span<double> logDensities, Span<double> gradients)
    {
        TargetShape.Check(Dimension, points, logDensities, gradients);
        Run(points, logDensities, gradients);
    }

    private void Run(ReadOnlySpan<double> points, Span<double> logDensities, Span<double> gradients)
    {
        bool withGradient = !gradients.IsEmpty;
        for (int from = 0; from < logDensities.Length; from += LargestBlock)
        {
            int count = Math.Min(LargestBlock, logDensities.Length - from), padded = Padded(count);
            if (!_recordings.TryGetValue((padded, withGradient), out Recorded? recorded))
            {
                _recordings.Add((padded, withGradient), recorded = new Recorded(this, padded, withGradient));
                Obstacle = recorded.Obstacle;
            }

            recorded.Run(
                points.Slice(from * Dimension, count * Dimension), logDensities.Slice(from, count),
                withGradient ? gradients.Slice(from * Dimension, count * Dimension) : []);
        }
    }

    // Four sizes between a power of two and the next.
    private static int Padded(int count)
    {
        int step = Math.Max(1, (int)BitOperations.RoundUpToPowerOf2((uint)count + 1) / 8);
        return (count + step - 1) / step * step;
    }

    private sealed class Recorded
    {
        private readonly TensorTarget _target;
        private readonly Parameter _input;
        private readonly Replay? _replay;
        private readonly int _points;
        private readonly bool _withGradient;

        public Recorded(TensorTarget target, int points, bool withGradient)
        {
            (_target, _points, _withGradient) = (target, points, withGradient);
            Shape shape = target._layout == PointLayout.Rows ? new Shape(points, target.Dimension) : new Shape(target.Dimension, points);
            _input = new Parameter(Tensor.Zeros(shape, target._dtype), isTrained: withGradient);
            _replay = Replay.Record(Compute, out string? obstacle);
            Obstacle = obstacle;
        }

        public string? Obstacle { get; }

        public void Run(ReadOnlySpan<double> points, Span<double> logDensities, Span<double> gradients)
        {
            Fill(points);
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

            if (_target._dtype == DType.Float64)
            {
                Read<double>(outputs, logDensities, gradients);
            }
            else
            {
                Read<float>(outputs, logDensities, gradients);
            }
        }

        private IReadOnlyList<Tensor> Compute()
        {
            Tensor logDensity = _target._logDensity(_input.Value);
            if (logDensity.Count != _points)
            {
                throw new ShapeException($"Expected a log-density for each of {_points} points of shape {_input.Shape}, got shape {logDensity.Shape}.");
            }

            if (!_withGradient)
            {
                return [logDensity];
            }

            // Points do not know each other, so the gradient of the sum holds that of each.
            return [logDensity, logDensity.IsTracked ? Gradient.Of(logDensity.Sum(), _input.Value) : Tensor.Zeros(_input.Shape, _target._dtype)];
        }

        private void Fill(ReadOnlySpan<double> points)
        {
            if (_target._dtype == DType.Float64)
            {
                Fill<double>(points);
            }
            else
            {
                Fill<float>(points);
            }
        }

        // What pads is the first point again, where the density is as well behaved as at a real one.
        private void Fill<T>(ReadOnlySpan<double> points)
            where T : unmanaged, INumberBase<T>
        {
            Span<T> input = _input.Value.Writable<T>();
            int d = _target.Dimension, count = points.Length / d;
            for (int i = 0; i < _points; i++)
            {
                ReadOnlySpan<double> point = points.Slice(i < count ? i * d : 0, d);
                for (int j = 0; j < d; j++)
                {
                    input[_target._layout == PointLayout.Rows ? (i * d) + j : (j * _points) + i] = T.CreateTruncating(point[j]);
                }
            }
        }

        private void Read<T>(IReadOnlyList<Tensor> outputs, Span<double> logDensities, Span<double> gradients)
            where T : unmanaged, INumberBase<T>
        {
            ReadOnlySpan<T> values = outputs[0].Elements<T>();
            for (int i = 0; i < logDensities.Length; i++)
            {
                logDensities[i] = double.CreateTruncating(values[i]);
            }

            if (gradients.IsEmpty)
            {
                return;
            }

            ReadOnlySpan<T> slopes = outputs[1].Elements<T>();
            int d = _target.Dimension;
            for (int i = 0; i < logDensities.Length; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    gradients[(i * d) + j] = double.CreateTruncating(slopes[_target._layout == PointLayout.Rows ? (i * d) + j : (j * _points) + i]);
                }
            }
        }
    }
}
