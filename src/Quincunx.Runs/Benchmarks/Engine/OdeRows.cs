using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Steps a second of the solvers on a batch of harmonic oscillators, beside the evaluations of the field alone; and what gradients cost.</summary>
internal static class OdeRows
{
    private const int Batch = 1000, Features = 4, Steps = 100;
    private static readonly double[] Times = [0, 1];

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        Tensor y = Tensor.Uniform(-1, 1, new Rng(1), new Shape(Batch, Features), DType.Float64);
        Tensor a = Tensor.Uniform(-1, 1, new Rng(2), new Shape(Features, Features), DType.Float64);
        var field = new VectorField((_, state) => Tensor.MatMul(state, a));
        Probe alone = bench.Time(() => Scoped(() => field(0, y)));
        foreach ((RungeKuttaMethod method, int evaluations) in new[]
        {
            (RungeKuttaMethod.Euler, 1), (RungeKuttaMethod.Midpoint, 2), (RungeKuttaMethod.RungeKutta4, 4), (RungeKuttaMethod.DormandPrince, 6),
        })
        {
            var solver = new OdeSolver(new OdeOptions { Method = method, Step = 1.0 / Steps });
            yield return Row(bench, $"{method}", () => solver.Solve(field, y, Times), Steps, alone, evaluations);
        }

        var adaptive = new OdeSolver(new OdeOptions { FirstStep = 0.01, LargestStep = 0.01 });
        yield return Row(bench, "DormandPrince with error estimate", () => adaptive.Solve(field, y, Times), Steps, alone, 6);
        foreach ((SymplecticMethod method, int evaluations) in new[] { (SymplecticMethod.VelocityVerlet, 1), (SymplecticMethod.Yoshida4, 3) })
        {
            var solver = new SymplecticSolver(new SymplecticOptions { Method = method, Step = 1.0 / Steps });
            yield return Row(bench, $"{method}", () => solver.Solve(p => p, q => field(0, q), y, y, Times), Steps, alone, evaluations);
        }

        var fixedSteps = new OdeOptions { Method = RungeKuttaMethod.RungeKutta4, Step = 1.0 / Steps };
        Probe solution = bench.Time(() => Scoped(() => new OdeSolver(fixedSteps).Solve(field, y, Times)));
        Probe through = bench.Time(() => Graded(w => new OdeSolver(fixedSteps).Solve((_, s) => Tensor.MatMul(s, w), y, Times).States, a));
        Probe adjoint = bench.Time(() => Graded(w => new AdjointMethod(fixedSteps).Solve((_, s) => Tensor.MatMul(s, w), y, Times, [w]).States, a));
        yield return Cost("through the steps", through, solution);
        yield return Cost("by the adjoint", adjoint, solution);
    }

    private static RowPlan Row(Bench bench, string method, Func<object> solve, int steps, Probe alone, int evaluations) => new(
        $"{method}, state [{Batch}, {Features}]", 1, RowPlan.Float64, Units.Steps, Quantity.Rate(bench.Time(() => Scoped(solve)), steps),
        Bound.Measured(Quantity.Rate(alone, 1.0 / evaluations), "the field alone"));

    private static RowPlan Cost(string way, Probe gradient, Probe solution) => new(
        $"solution and gradient {way} over the solution, RungeKutta4, state [{Batch}, {Features}]", 1, RowPlan.Float64, Units.Cost,
        Quantity.Quotient(gradient, solution), Bound.Target(8));

    private static Action Graded(Func<Tensor, Tensor> solve, Tensor weight)
    {
        Tensor leaf = weight.Track();
        return Scoped(() => Gradient.Of(Tensor.Square(solve(leaf)).Sum(), leaf));
    }

    private static Action Scoped(Func<object> work) => () =>
    {
        using var scope = new TensorScope();
        work();
    };
}
