using Quincunx.Inference.Networks;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Gold;

/// <summary>The losses of <see cref="GoldLoss"/> over mined simulations.</summary>
internal sealed class GoldRatioTask(NeuralRatio ratio, MinedRows rows, GoldRatioOptions options) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => ratio;

    /// <inheritdoc/>
    public override int Count => rows.Count;

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Events(this, rows);

    private sealed class Events(GoldRatioTask task, int rows) : BatchLoss
    {
        // Tracked, since slopes in it are learned.
        private readonly Parameter _theta = new(Tensor.Zeros(new Shape(rows, task.Ratio.Dimension)), isTrained: task.Options.HasScore);
        private readonly Parameter _other = new(Tensor.Zeros(new Shape(rows, task.Ratio.Dimension)), isTrained: false);
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(rows, task.Ratio.Features)), isTrained: false);
        private readonly Parameter _logRatio = new(Tensor.Zeros(new Shape(rows, 1)), isTrained: false);
        private readonly Parameter _score = new(Tensor.Zeros(new Shape(rows, task.Ratio.Dimension)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            task.Rows.CopyTheta(rows, _theta.Value);
            task.Rows.CopyOther(rows, _other.Value);
            task.Rows.CopyX(rows, _x.Value);
            task.Rows.CopyLogRatio(rows, _logRatio.Value);
            if (task.Options.HasScore)
            {
                task.Rows.CopyScore(rows, _score.Value);
            }
        }

        public override Tensor Loss()
        {
            Tensor own = task.Ratio.LogRatioScaled(_theta.Value, _x.Value), other = task.Ratio.LogRatioScaled(_other.Value, _x.Value);
            Tensor loss = GoldLosses.Ratio(task.Options.Loss, own - other, _logRatio.Value.Reshape(rows));
            if (!task.Options.HasScore)
            {
                return loss;
            }

            Tensor slope = Gradient.Of(own.Sum(), _theta.Value, differentiable: true);
            return loss + GoldLosses.Score(slope, _score.Value, task.Options.ScoreWeight, task.Rows.ScoreVariance);
        }
    }

    private NeuralRatio Ratio => ratio;

    private MinedRows Rows => rows;

    private GoldRatioOptions Options => options;
}
