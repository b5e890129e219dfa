using Quincunx.Inference.Networks;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Importance;

/// <summary>Binary classification of the parameters that made an x against draws of a posterior at that x, which may be weighted.</summary>
/// <param name="pairs">Scaled as the ratio does.</param>
/// <param name="candidates">For each pair its own parameters and then its contrasts, scaled as the ratio does, each with its weight.</param>
/// <param name="contrasts">Of each pair.</param>
internal sealed class ContrastTask(NeuralRatio ratio, ScaledPairs pairs, ScaledPairs candidates, int contrasts) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => ratio;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        var batch = new Contrasted(ratio, pairs, candidates, contrasts, rows.Length);
        batch.FillWith(rows, mode == Mode.Training ? rng : null);
        return batch.Loss();
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Contrasted(ratio, pairs, candidates, contrasts, rows);

    private sealed class Contrasted(NeuralRatio ratio, ScaledPairs pairs, ScaledPairs candidates, int contrasts, int rows) : BatchLoss
    {
        private readonly Parameter _z = new(Tensor.Zeros(new Shape(2 * rows, ratio.Dimension)), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(rows, ratio.Features)), isTrained: false);
        private readonly Parameter _w = new(Tensor.Zeros(new Shape(2 * rows, 1)), isTrained: false);
        private readonly int[] _places = new int[2 * rows];

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => FillWith(rows, rng);

        public void FillWith(ReadOnlySpan<int> rows, Rng? rng)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                // Validation compares epochs, so it takes the same contrast in each.
                int own = rows[i] * (contrasts + 1);
                _places[i] = own;
                _places[rows.Length + i] = own + 1 + (rng is null ? rows[i] % contrasts : rng.NextInt32(contrasts));
            }

            candidates.CopyTheta(_places, _z.Value);
            candidates.CopyX(_places, _w.Value);
            pairs.CopyX(rows, _x.Value);
        }

        public override Tensor Loss()
        {
            Tensor log = ratio.LogRatioScaled(_z.Value, _x.Value);
            return Tensor.Softplus(-log.Slice(0, 0, rows)).Sum() + (Tensor.Softplus(log.Slice(0, rows)) * _w.Value.Reshape(-1).Slice(0, rows)).Sum();
        }
    }
}
