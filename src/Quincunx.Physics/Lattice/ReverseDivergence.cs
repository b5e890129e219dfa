using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Lattice;

/// <summary>The divergence KL(q | exp(-S) / Z) of a flow from a theory, but for log Z: the mean of log q(φ) + S(φ) over draws of the flow.</summary>
/// <remarks>
/// <para>
/// There are no data: a row is a fresh draw. The value is that mean; the gradient is the path gradient (Roeder, Wu and Duvenaud 2017, arXiv:1703.09194;
/// for flows Vaitl et al. 2022, arXiv:2207.08219). In <c>d/dθ (log q_θ(φ_θ) + S(φ_θ))</c> the part through the parameters of q at a fixed field has
/// expectation zero, so it is left out: what remains is <c>∇(log q + S)(φ) · ∂φ/∂θ</c>, whose variance vanishes with the divergence itself.
/// </para>
/// <para>∇ log q at fixed parameters needs the way back from the field to the noise, about two thirds more work for a step.</para>
/// </remarks>
internal sealed class ReverseDivergence(LatticeFlow flow, PhiFourAction action, int rows) : TrainingTask
{
    public override IModule Module => flow;

    public override int Count => rows;

    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        Tensor noise = Tensor.From(Draw(rows.Length, rng), ShapeOf(rows.Length), flow.DType);
        if (mode == Mode.Training)
        {
            return LossOf(noise);
        }

        (Tensor phi, Tensor logProb) = flow.FromNoise(noise);
        return (logProb + action.Of(phi)).Sum();
    }

    public override BatchLoss Batch(int rows) => new Drawn(this, rows);

    private Tensor LossOf(Tensor noise)
    {
        Tensor phi = flow.FromNoise(noise).Phi, field = phi.Detach().Track(), value, force;
        using (Recording.Resume())
        {
            value = (flow.ToNoise(field).LogProb + action.Of(field)).Sum();
            force = Gradient.Of(value, field);
        }

        // Its gradient is the path gradient; its value is replaced by that of the divergence.
        Tensor along = (phi * force).Sum();
        return along + (value.Detach() - along.Detach());
    }

    private Shape ShapeOf(int count) => new(count, 1, action.Size, action.Size);

    private double[] Draw(int count, Rng rng)
    {
        double[] noise = new double[count * action.Sites];
        rng.FillNormal(noise);
        return noise;
    }

    private sealed class Drawn(ReverseDivergence task, int rows) : BatchLoss
    {
        private readonly Parameter _noise = new(Tensor.Zeros(task.ShapeOf(rows), task.DType), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            using var scope = new TensorScope();
            _noise.Assign(task.Draw(rows.Length, rng));
        }

        public override Tensor Loss() => task.LossOf(_noise.Value);
    }

    private DType DType => flow.DType;
}
