using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Flows;

/// <summary>Maximum likelihood of a flow without context.</summary>
internal sealed class FlowDensityTask(Flow flow, double[] points) : TrainingTask
{
    public override IModule Module => flow;

    public override int Count => points.Length / flow.Dimension;

    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        int d = flow.Dimension;
        double[] chosen = new double[rows.Length * d];
        for (int i = 0; i < rows.Length; i++)
        {
            points.AsSpan(rows[i] * d, d).CopyTo(chosen.AsSpan(i * d));
        }

        return -flow.LogProb(Tensor.From(chosen, new Shape(rows.Length, d), DType.Float32)).Sum();
    }
}
