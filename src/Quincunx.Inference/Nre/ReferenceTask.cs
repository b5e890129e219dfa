using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>Binary classification of simulations at theta against simulations at the reference, with theta as a parameter of the classifier.</summary>
/// <param name="triples">Theta, and beside each other its simulation and one of the reference; scaled as the ratio does.</param>
internal sealed class ReferenceTask(NeuralRatio ratio, ScaledPairs triples) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => ratio;

    /// <inheritdoc/>
    public override int Count => triples.Count;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        var batch = new Triples(ratio, triples, rows.Length);
        batch.Fill(rows, rng);
        return batch.Loss();
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Triples(ratio, triples, rows);

    private sealed class Triples(NeuralRatio ratio, ScaledPairs source, int rows) : BatchLoss
    {
        private readonly Parameter _z = new(Tensor.Zeros(new Shape(rows, ratio.Dimension)), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(rows, 2 * ratio.Features)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            source.CopyTheta(rows, _z.Value);
            source.CopyX(rows, _x.Value);
        }

        public override Tensor Loss()
        {
            int k = ratio.Features;
            Tensor own = ratio.LogRatioScaled(_z.Value, _x.Value.Slice(1, 0, k)), reference = ratio.LogRatioScaled(_z.Value, _x.Value.Slice(1, k));
            return Tensor.Softplus(-own).Sum() + Tensor.Softplus(reference).Sum();
        }
    }
}
