using Quincunx.Inference.Networks;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Gold;

/// <summary>−log q(x | theta) and the squared error of its slope in theta, over mined simulations.</summary>
internal sealed class GoldLikelihoodTask(NeuralLikelihood likelihood, MinedRows rows, double scoreWeight) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => likelihood;

    /// <inheritdoc/>
    public override int Count => rows.Count;

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Events(this, rows);

    private sealed class Events(GoldLikelihoodTask task, int rows) : BatchLoss
    {
        // The first are the parameters: tracked, since slopes in them are learned.
        private readonly Parameter[] _inputs = [.. task.Likelihood.InputWidths.Select((width, i) => new Parameter(Tensor.Zeros(new Shape(rows, width)), isTrained: i == 0))];
        private readonly Parameter _score = new(Tensor.Zeros(new Shape(rows, task.Likelihood.Dimension)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            task.Rows.CopyTheta(rows, _inputs[0].Value);
            task.Rows.CopyScore(rows, _score.Value);
            using var scope = new TensorScope();
            Tensor xs = Tensor.Zeros(new Shape(rows.Length, task.Likelihood.Features));
            task.Rows.CopyX(rows, xs);
            task.Likelihood.SplitX(xs, [.. _inputs.Select(input => input.Value)]);
        }

        public override Tensor Loss()
        {
            Tensor log = task.Likelihood.LogProbScaled([.. _inputs.Select(input => input.Value)]).Sum();
            Tensor slope = Gradient.Of(log, _inputs[0].Value, differentiable: true);
            return GoldLosses.Score(slope, _score.Value, task.ScoreWeight, task.Rows.ScoreVariance) - log;
        }
    }

    private NeuralLikelihood Likelihood => likelihood;

    private MinedRows Rows => rows;

    private double ScoreWeight => scoreWeight;
}
