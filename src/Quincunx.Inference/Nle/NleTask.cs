using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nle;

/// <summary>The loss of neural likelihood estimation, -log q(x | theta), over stored simulations.</summary>
/// <param name="pairs">Scaled as the likelihood does.</param>
internal sealed class NleTask(NeuralLikelihood likelihood, ScaledPairs pairs) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => likelihood;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override IRowBlocks? Blocks => pairs.Blocks;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor[] inputs = [.. likelihood.InputWidths.Select(Zeros(rows.Length))];
        Fill(rows, inputs);
        return LossOf(inputs);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new NleBatch(this, [.. likelihood.InputWidths.Select(width => new Parameter(Zeros(rows)(width), isTrained: false))]);

    private static Func<int, Tensor> Zeros(int rows) => width => Tensor.Zeros(new Shape(rows, width));

    private Tensor LossOf(IReadOnlyList<Tensor> inputs) => -likelihood.LogProbScaled(inputs).Sum();

    private void Fill(ReadOnlySpan<int> rows, IReadOnlyList<Tensor> inputs)
    {
        pairs.CopyTheta(rows, inputs[0]);
        using var scope = new TensorScope();
        Tensor xs = Tensor.Zeros(new Shape(rows.Length, likelihood.Features));
        pairs.CopyX(rows, xs);
        likelihood.SplitX(xs, inputs);
    }

    private sealed class NleBatch(NleTask task, Parameter[] inputs) : BatchLoss
    {
        private readonly Tensor[] _inputs = [.. inputs.Select(input => input.Value)];

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => task.Fill(rows, _inputs);

        public override Tensor Loss() => task.LossOf(_inputs);
    }
}
