using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Training;

/// <summary>Least squares of a linear layer on noisy linear data, with optional dropout of the inputs and fresh data each epoch.</summary>
internal sealed class RegressionTask(int count, DType dtype = DType.Float64, bool dropout = false, bool fresh = false) : TrainingTask
{
    public const int Features = 3;

    private readonly Linear _layer = new(Features, 1, new Rng(11), Initialiser.HeUniform, dtype);

    public double[] X { get; } = Draw(new Rng(12), count * Features);

    public double[] Y { get; } = Draw(new Rng(13), count);

    /// <summary>Rows whose loss is NaN.</summary>
    public HashSet<int> Broken { get; } = [];

    public List<int> PreparedEpochs { get; } = [];

    public Linear Layer => _layer;

    public override IModule Module => _layer;

    public override int Count => count;

    public override void PrepareEpoch(int epoch, ReadOnlySpan<int> trainingRows, Rng rng)
    {
        PreparedEpochs.Add(epoch);
        if (fresh)
        {
            double[] values = Draw(rng.Split(epoch), count);
            foreach (int row in trainingRows)
            {
                Y[row] = values[row];
            }
        }
    }

    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        double[] x = new double[rows.Length * Features], y = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            X.AsSpan(rows[i] * Features, Features).CopyTo(x.AsSpan(i * Features));
            y[i] = Broken.Contains(rows[i]) ? double.NaN : Y[rows[i]];
        }

        Assert.Equal(mode == Mode.Training, Recording.IsOn);
        Tensor given = Tensor.From(x, new Shape(rows.Length, Features), dtype), inputs = dropout ? Dropout.Apply(given) : given;
        Tensor error = _layer.Forward(inputs) - Tensor.From(y, new Shape(rows.Length, 1), dtype);
        return (error * error).Sum();
    }

    private static double[] Draw(Rng rng, int length)
    {
        double[] values = new double[length];
        rng.FillNormal(values);
        return values;
    }
}
