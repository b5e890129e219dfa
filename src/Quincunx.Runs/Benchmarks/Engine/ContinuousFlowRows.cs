using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>What the divergence costs beside the velocity, and what a training step of a continuous flow takes.</summary>
internal static class ContinuousFlowRows
{
    private const int Dimension = 6, Width = 64, Batch = 200, Steps = 8;

    private delegate object Evaluation(IVelocityField field, Tensor x, Tensor noise);

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        VelocityNetwork Network() => new(Dimension, 0, [Width, Width], new Rng(1));
        Probe velocity = Evaluated(bench, Network, (field, x, _) => field.Velocity(0.5, x, null));
        Probe exact = Evaluated(bench, Network, (field, x, _) => field.WithDivergence(0.5, x, null, null));
        yield return Cost("velocity and exact divergence over the velocity", exact, velocity, 2);
        yield return Cost("velocity and estimated divergence over the velocity", Evaluated(bench, Network, (field, x, e) => field.WithDivergence(0.5, x, null, e)), velocity, 2);
        RecordedField Recorded()
        {
            VelocityNetwork network = Network();
            return new RecordedField(Dimension, network.Velocity, network);
        }

        yield return Cost("velocity and estimated divergence of a recorded field over the velocity", Evaluated(bench, Recorded, (field, x, e) => field.WithDivergence(0.5, x, null, e)), velocity, 4);

        Probe through = Trained(bench, Network, adjoint: false), adjoint = Trained(bench, Network, adjoint: true);
        double products = ((2.0 * Dimension * Width) + (2.0 * Width * Width)) * Batch;
        yield return new RowPlan(
            $"continuous flow step, {Dimension} dimensions, 2 layers of {Width}, batch {Batch}, {Steps} steps of RK4", 1, RowPlan.Float32, Units.Flops,
            Quantity.Rate(through, 2e-9 * 3 * 4 * Steps * products), bench.PeakBound<float>(1));
        yield return Cost($"continuous flow step by the adjoint over one through the steps", adjoint, through, 2);
    }

    private static RowPlan Cost(string name, Probe probe, Probe beside, double target) =>
        new($"{name}, {Dimension} dimensions", 1, RowPlan.Float32, Units.Cost, Quantity.Quotient(probe, beside), Bound.Target(target));

    private static Probe Evaluated(Bench bench, Func<IVelocityField> create, Evaluation evaluate) => bench.Time(() =>
    {
        IVelocityField field = create();
        Tensor x = Tensor.Normal(0, 1, new Rng(2), new Shape(Dimension, Batch)), noise = TraceNoise.Rademacher.Draw(Dimension, Batch, new Rng(3));
        return () =>
        {
            using var scope = new TensorScope();
            using Recording.Pause pause = Recording.Off();
            evaluate(field, x, noise);
        };
    });

    // Loss and gradient, evaluated: the share is that of the first step and not of a replay.
    private static Probe Trained(Bench bench, Func<VelocityNetwork> create, bool adjoint) => bench.Time(() =>
    {
        var options = new ContinuousFlowOptions { Solver = new OdeOptions { Method = RungeKuttaMethod.RungeKutta4, Step = 1.0 / Steps }, Adjoint = adjoint };
        var flow = new Flow([new ContinuousFlow(create(), options)]);
        Tensor[] weights = [.. ParameterTree.Of(flow).Trained.Select(p => p.Value)];
        Tensor x = Tensor.Normal(0, 1, new Rng(2), new Shape(Batch, Dimension));
        return () =>
        {
            using var scope = new TensorScope();
            Gradient.Of(-flow.LogProb(x).Sum(), weights);
        };
    });
}
