using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
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
    public override BatchLoss Batch(int rows) => new Triples(ratio, triples, rows);

    // Any theta may be set against a simulation of the reference: meeting many makes that side of the loss less noisy at no further simulation.
    private sealed class Triples(NeuralRatio ratio, ScaledPairs source, int rows) : BatchLoss
    {
        private readonly ContrastRing _ring = new(source, ratio.Dimension, 2 * ratio.Features, ratio.Options.Contrasts, rows);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => _ring.Fill(rows, rng);

        public override Tensor Loss()
        {
            int k = ratio.Features;
            Tensor own = ratio.LogRatioScaled(_ring.Z.Slice(0, 0, _ring.Rows), _ring.X.Slice(1, 0, k)), reference = ratio.LogRatioScaled(_ring.Z, _ring.X.Slice(1, k));
            return Tensor.Softplus(-own).Sum() + (Tensor.Softplus(reference).Sum() / _ring.Atoms);
        }
    }
}
