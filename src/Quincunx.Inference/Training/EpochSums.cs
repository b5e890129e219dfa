using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>What has happened in an epoch so far.</summary>
internal struct EpochSums
{
    private const int Columns = 8;

    /// <summary>Batches done, skipped ones included: the number of the next.</summary>
    public int Batch;

    /// <summary>Steps taken, those of them that were clipped, and batches that were skipped.</summary>
    public int Taken, Clipped, Skipped;

    /// <summary>Rows of the steps taken.</summary>
    public long Rows;

    /// <summary>Sums over rows and over steps.</summary>
    public double LossSum, NormSum;

    /// <summary>Learning rate of the last step.</summary>
    public double Rate;

    /// <param name="steps">Taken since training began.</param>
    public readonly TrainingEpoch Finish(int epoch, long steps) =>
        new(epoch, LossSum / Rows, double.NaN, Rate, NormSum / Taken, steps, Clipped, Skipped);

    public readonly Tensor Export() =>
        Tensor.From([Batch, Taken, Clipped, Skipped, Rows, LossSum, NormSum, Rate], new Shape(Columns));

    /// <exception cref="StateException">The entry is of another form.</exception>
    public static EpochSums Import(NamedTensors state, string name)
    {
        double[] v = state.Get(name, new Shape(Columns), DType.Float64).ToArray();
        return new EpochSums
        {
            Batch = (int)v[0],
            Taken = (int)v[1],
            Clipped = (int)v[2],
            Skipped = (int)v[3],
            Rows = (long)v[4],
            LossSum = v[5],
            NormSum = v[6],
            Rate = v[7],
        };
    }
}
