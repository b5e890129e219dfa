using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Restriction;

/// <summary>Binary cross-entropy of success against failure: log(1 + exp(-f)) for a success, log(1 + exp(f)) for a failure.</summary>
/// <param name="runs">Scaled parameters, and beside each 1 for a success or -1 for a failure.</param>
internal sealed class SuccessTask(SuccessClassifier classifier, ScaledPairs runs) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => classifier;

    /// <inheritdoc/>
    public override int Count => runs.Count;

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Runs(classifier, runs, rows);

    private sealed class Runs(SuccessClassifier classifier, ScaledPairs source, int rows) : BatchLoss
    {
        private readonly Parameter _z = new(Tensor.Zeros(new Shape(rows, classifier.Dimension)), isTrained: false);
        private readonly Parameter _sign = new(Tensor.Zeros(new Shape(rows, 1)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            source.CopyTheta(rows, _z.Value);
            source.CopyX(rows, _sign.Value);
        }

        public override Tensor Loss() => Tensor.Softplus(-(classifier.LogOddsScaled(_z.Value) * _sign.Value.Reshape(-1))).Sum();
    }
}
