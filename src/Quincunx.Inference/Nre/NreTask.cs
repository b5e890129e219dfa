using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>The loss of ratio estimation over stored simulations.</summary>
/// <param name="pairs">Scaled as the ratio does.</param>
internal sealed class NreTask(NeuralRatio ratio, ScaledPairs pairs) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => ratio;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override IRowBlocks? Blocks => pairs.Blocks;

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Contrasts(ratio, new ContrastRing(pairs, ratio.Dimension, ratio.Features, RatioLosses.Atoms(ratio.Options, rows), rows));

    private sealed class Contrasts(NeuralRatio ratio, ContrastRing ring) : BatchLoss
    {
        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => ring.Fill(rows, rng);

        public override Tensor Loss() => RatioLosses.Sum(ratio.LogRatioScaled(ring.Z, ring.X).Reshape(ring.Atoms, ring.Rows), ratio.Options);
    }
}
