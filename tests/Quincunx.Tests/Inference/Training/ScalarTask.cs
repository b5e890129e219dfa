using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Training;

/// <summary>One weight w, started at 0, with the loss (w - target)² per row; targets may differ by mode and epoch.</summary>
internal sealed class ScalarTask(Func<int, Mode, double> target) : TrainingTask
{
    private readonly Linear _layer = new(1, 1, new Rng(1), Initialiser.Zeros, DType.Float64);
    private int _epoch;

    public double Weight => _layer.Bias.Value.ToArray()[0];

    public override IModule Module => _layer;

    public override int Count => 20;

    public override void PrepareEpoch(int epoch, ReadOnlySpan<int> trainingRows, Rng rng) => _epoch = epoch;

    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor error = _layer.Bias.Value - target(_epoch, mode);
        return (error * error).Sum() * rows.Length;
    }
}
