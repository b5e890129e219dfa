using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Abc;

/// <summary>Weighted regression by a network: of the mean by squares, or of the logarithm of the residuals' scale by their normal log-density.</summary>
/// <param name="network">From inputs to outputs.</param>
/// <param name="x">Shape <c>[n, inputs]</c>, of unit scale.</param>
/// <param name="y">Shape <c>[n, outputs]</c>, of unit scale: targets, or residuals.</param>
/// <param name="weights">Shape <c>[n]</c>; brought to mean 1.</param>
/// <param name="target">What the network is to give.</param>
internal sealed class WeightedRegressionTask(Mlp network, double[] x, double[] y, double[] weights, WeightedRegressionTask.Target target) : TrainingTask
{
    // The scale of residuals may be e^±3 times their overall one: no single draw can then carry an adjustment.
    private const double LargestLogScale = 3;
    private readonly int _inputs = x.Length / weights.Length, _outputs = y.Length / weights.Length;
    private readonly double _meanWeight = weights.Average();

    public enum Target
    {
        Mean,
        LogScale,
    }

    /// <inheritdoc/>
    public override IModule Module => network;

    /// <inheritdoc/>
    public override int Count => weights.Length;

    /// <summary>The log-scale that a network's output stands for.</summary>
    public static double LogScale(double output) => LargestLogScale * Math.Tanh(output / LargestLogScale);

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        (double[] a, double[] b, double[] w) = Rows(rows);
        int n = rows.Length;
        return LossOf(Tensor.From(a, new Shape(n, _inputs), DType.Float32), Tensor.From(b, new Shape(n, _outputs), DType.Float32), Tensor.From(w, new Shape(n, 1), DType.Float32));
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Replayed(this, rows);

    private (double[] X, double[] Y, double[] W) Rows(ReadOnlySpan<int> rows)
    {
        double[] a = new double[rows.Length * _inputs], b = new double[rows.Length * _outputs], w = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            x.AsSpan(rows[i] * _inputs, _inputs).CopyTo(a.AsSpan(i * _inputs));
            y.AsSpan(rows[i] * _outputs, _outputs).CopyTo(b.AsSpan(i * _outputs));
            w[i] = weights[rows[i]] / _meanWeight;
        }

        return (a, b, w);
    }

    private Tensor LossOf(Tensor inputs, Tensor targets, Tensor rowWeights)
    {
        Tensor output = network.Forward(inputs);
        if (target == Target.Mean)
        {
            return (rowWeights * Tensor.Square(output - targets)).Sum();
        }

        Tensor logScale = LargestLogScale * Tensor.Tanh(output / LargestLogScale);
        return (rowWeights * (logScale + (0.5 * Tensor.Square(targets) * Tensor.Exp(-2 * logScale)))).Sum();
    }

    private sealed class Replayed(WeightedRegressionTask task, int rows) : BatchLoss
    {
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(rows, task._inputs)), isTrained: false);
        private readonly Parameter _y = new(Tensor.Zeros(new Shape(rows, task._outputs)), isTrained: false);
        private readonly Parameter _w = new(Tensor.Zeros(new Shape(rows, 1)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            (double[] a, double[] b, double[] w) = task.Rows(rows);
            _x.Assign(a);
            _y.Assign(b);
            _w.Assign(w);
        }

        public override Tensor Loss() => task.LossOf(_x.Value, _y.Value, _w.Value);
    }
}
