using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.ScoreModels;

/// <summary>Regression of u(y, φ, x) on noised parameters: flow matching and denoising score matching, which differ in the law of the noise.</summary>
/// <param name="pairs">Scaled as the posterior does.</param>
internal sealed class ScoreTask(ScorePosterior posterior, ScaledPairs pairs, NoiseLaw law) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => posterior;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override IRowBlocks? Blocks => pairs.Blocks;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        var batch = new ScoreBatch(rows.Length, posterior.Dimension, posterior.Features);
        batch.Fill(pairs, rows, law, rng);
        return batch.Loss(posterior);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Recorded(this, new ScoreBatch(rows, posterior.Dimension, posterior.Features));

    private void Fill(ScoreBatch batch, ReadOnlySpan<int> rows, Rng rng) => batch.Fill(pairs, rows, law, rng);

    private Tensor Loss(ScoreBatch batch) => batch.Loss(posterior);

    private sealed class Recorded(ScoreTask task, ScoreBatch batch) : BatchLoss
    {
        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => task.Fill(batch, rows, rng);

        public override Tensor Loss() => task.Loss(batch);
    }
}
