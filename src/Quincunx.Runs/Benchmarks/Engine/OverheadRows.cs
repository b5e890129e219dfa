using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>What an operation costs besides its arithmetic.</summary>
internal static class OverheadRows
{
    private const int Numbers = 16, Chain = 100;
    private const double Target = 250;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        yield return Recorded(bench, "with a number", Chained((y, _) => y * 1.01));
        yield return Recorded(bench, "of two tensors", Chained((y, x) => y + x));
        Probe forward = bench.Time(() => Scoped(x => Chained((y, _) => y * 1.01)(x).Sum()));
        Probe both = bench.Time(() => Scoped(x => Gradient.Of(Chained((y, _) => y * 1.01)(x).Sum(), x)));
        yield return new RowPlan(
            $"operation on {Numbers} numbers, its derivative", 1, RowPlan.Float32, Units.Nanoseconds, Quantity.Difference(both, forward, 1e9 / Chain), Bound.Target(Target));
    }

    private static RowPlan Recorded(Bench bench, string operands, Func<Tensor, Tensor> chain) => new(
        $"operation on {Numbers} numbers, recorded, {operands}", 1, RowPlan.Float32, Units.Nanoseconds,
        Quantity.Time(bench.Time(() => Scoped(chain)), 1e9 / Chain), Bound.Target(Target));

    private static Func<Tensor, Tensor> Chained(Func<Tensor, Tensor, Tensor> operation) => x =>
    {
        Tensor y = x;
        for (int i = 0; i < Chain; i++)
        {
            y = operation(y, x);
        }

        return y;
    };

    private static Action Scoped(Func<Tensor, Tensor> work)
    {
        Tensor x = Tensor.Ones(new Shape(Numbers)).Track();
        return () =>
        {
            using var scope = new TensorScope();
            work(x);
        };
    }
}
