using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Gold;

/// <summary>The squared error of standardised joint scores: 1 where nothing is known.</summary>
/// <param name="pairs">Standardised scores in the place of parameters, and scaled outputs.</param>
internal sealed class GoldScoreTask(NeuralScore score, ScaledPairs pairs) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => score;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Events(score, pairs, rows);

    private sealed class Events(NeuralScore score, ScaledPairs pairs, int rows) : BatchLoss
    {
        private readonly Parameter _t = new(Tensor.Zeros(new Shape(rows, score.Dimension)), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(rows, score.Features)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            pairs.CopyTheta(rows, _t.Value);
            pairs.CopyX(rows, _x.Value);
        }

        public override Tensor Loss() => Tensor.Square(score.Scaled(_x.Value) - _t.Value).Sum() * (1.0 / score.Dimension);
    }
}
