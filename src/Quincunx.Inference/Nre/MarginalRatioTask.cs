using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>The losses of all marginals of the same batch, added up: one step trains all networks.</summary>
/// <param name="pairs">Scaled as the ratios do.</param>
internal sealed class MarginalRatioTask(MarginalRatios ratios, ScaledPairs pairs) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => ratios;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Marginals(ratios, new ContrastRing(pairs, ratios.Dimension, ratios.Features, RatioLosses.Atoms(ratios.Options, rows), rows));

    private sealed class Marginals(MarginalRatios ratios, ContrastRing ring) : BatchLoss
    {
        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => ring.Fill(rows, rng);

        public override Tensor Loss()
        {
            Tensor? sum = null;
            foreach (Tensor f in ratios.LogRatiosScaled(ring.Z, ring.X))
            {
                Tensor loss = RatioLosses.Sum(f.Reshape(ring.Atoms, ring.Rows), ratios.Options);
                sum = sum is null ? loss : sum + loss;
            }

            return sum!;
        }
    }
}
