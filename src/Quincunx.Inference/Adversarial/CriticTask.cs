using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Adversarial;

/// <summary>The critic's loss over the simulations of one step: d(simulated) − d(observed) + λ (‖∇d‖ − c)², with the slope between the two.</summary>
/// <remarks>Gulrajani et al. 2017, arXiv:1704.00028, with c = 1. A row is a simulation; which observation it meets and where between them the slope is taken are drawn.</remarks>
internal sealed class CriticTask : TrainingTask
{
    // Under the root: the slope of a norm has no value at zero. It is far below any slope that matters.
    private const double Tiny = 1e-12;

    private readonly Critic _critic;
    private readonly AvoOptions _options;
    private readonly DType _dtype;
    private readonly double[] _observed;
    private double[] _simulated = [];

    /// <param name="observed">Shape <c>[n, features]</c>.</param>
    public CriticTask(Critic critic, ReadOnlySpan<double> observed, AvoOptions options, DType dtype = DType.Float32)
    {
        (_critic, _options, _dtype) = (critic, options, dtype);
        _observed = new double[observed.Length];
        critic.Scale(observed, _observed);
    }

    /// <inheritdoc/>
    public override IModule Module => _critic;

    /// <inheritdoc/>
    public override int Count => _simulated.Length / _critic.Features;

    /// <summary>Replaces the simulations.</summary>
    /// <param name="xs">Shape <c>[n, features]</c>.</param>
    public void Set(ReadOnlySpan<double> xs)
    {
        _simulated = _simulated.Length == xs.Length ? _simulated : new double[xs.Length];
        _critic.Scale(xs, _simulated);
    }

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        BatchLoss batch = Batch(rows.Length);
        batch.Fill(rows, rng);
        return batch.Loss();
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Pairs(this, rows);

    private sealed class Pairs : BatchLoss
    {
        private readonly CriticTask _task;
        private readonly int _rows;
        private readonly Parameter _ends, _signs, _between;
        private readonly double[] _endValues, _betweenValues;

        public Pairs(CriticTask task, int rows)
        {
            (_task, _rows) = (task, rows);
            int features = task._critic.Features;
            _ends = new Parameter(Tensor.Zeros(new Shape(features, 2 * rows), task._dtype), isTrained: false);
            _between = new Parameter(Tensor.Zeros(new Shape(features, rows), task._dtype));      // tracked: slopes in it are penalised
            _signs = new Parameter(Tensor.From([.. Enumerable.Repeat(1.0, rows), .. Enumerable.Repeat(-1.0, rows)], new Shape(1, 2 * rows), task._dtype), isTrained: false);
            (_endValues, _betweenValues) = (new double[2 * features * rows], new double[features * rows]);
        }

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            int k = _task._critic.Features, observations = _task._observed.Length / k;
            for (int i = 0; i < _rows; i++)
            {
                int simulated = rows[i] * k, observed = rng.NextInt32(observations) * k;
                double share = rng.NextDouble();
                for (int j = 0; j < k; j++)
                {
                    double x = _task._simulated[simulated + j], y = _task._observed[observed + j];
                    _endValues[(2 * j * _rows) + i] = x;
                    _endValues[(2 * j * _rows) + _rows + i] = y;
                    _betweenValues[(j * _rows) + i] = (share * y) + ((1 - share) * x);
                }
            }

            Copy(_endValues, _ends.Value);
            Copy(_betweenValues, _between.Value);
        }

        public override Tensor Loss()
        {
            Tensor difference = (_task._critic.Columns(_ends.Value) * _signs.Value).Sum();
            Tensor slope = Gradient.Of(_task._critic.Columns(_between.Value).Sum(), _between.Value, differentiable: true);
            Tensor square = Tensor.Square(slope).Sum(0);
            double centre = _task._options.SlopeCentre;
            Tensor penalty = centre == 0 ? square : Tensor.Square(Tensor.Sqrt(square + Tiny) - centre);
            return difference + (_task._options.GradientPenalty * penalty.Sum());
        }

        private static void Copy(double[] values, Tensor into)
        {
            if (into.DType == DType.Float64)
            {
                values.CopyTo(into.Writable<double>());
                return;
            }

            Span<float> floats = into.Writable<float>();
            for (int i = 0; i < values.Length; i++)
            {
                floats[i] = (float)values[i];
            }
        }
    }
}
