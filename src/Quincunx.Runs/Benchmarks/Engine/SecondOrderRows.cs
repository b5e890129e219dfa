using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Derivatives of derivatives: the gradient, in the weights, of the mean squared norm of a network's gradient in its inputs.</summary>
internal static class SecondOrderRows
{
    private const int Inputs = 4, Width = 128, Batch = 512;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        Probe first = bench.Time(() => Gradients((network, x) => Tensor.Square(network.Forward(x)).Mean()));
        Probe second = bench.Time(() => Gradients((network, x) =>
        {
            Tensor leaf = x.Track();
            return Tensor.Square(Gradient.Of(network.Forward(leaf).Sum(), leaf, differentiable: true)).Sum() / Batch;
        }));
        yield return new RowPlan(
            $"second-order step over a first-order step, {Inputs}-{Width}-{Width}-1, batch {Batch}", 1, RowPlan.Float32, Units.Cost,
            Quantity.Quotient(second, first), Bound.Target(4));
    }

    private static Action Gradients(Func<Mlp, Tensor, Tensor> loss)
    {
        Tensor x = Tensor.Normal(0, 1, new Rng(2), new Shape(Batch, Inputs));
        var network = new Mlp(Inputs, [Width, Width], 1, new Rng(1), Activation.Tanh);
        Tensor[] weights = [.. ParameterTree.Of(network).Trained.Select(p => p.Value)];
        return () =>
        {
            using KernelThreads.Share one = KernelThreads.One();
            using var scope = new TensorScope();
            Gradient.Of(loss(network, x), weights);
        };
    }
}
