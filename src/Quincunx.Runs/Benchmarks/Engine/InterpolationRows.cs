using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Positions in a table of 1000 entries, beside the gathering of single entries.</summary>
internal static class InterpolationRows
{
    private const int Entries = 1000;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        yield return Row(bench, "interpolation, clamped", TableEnds.Clamped);
        yield return Row(bench, "interpolation, periodic", TableEnds.Periodic);
    }

    private static RowPlan Row(Bench bench, string name, TableEnds ends)
    {
        int n = bench.Effort.Elements;
        Probe interpolation = bench.Time(() =>
        {
            (Tensor table, Tensor positions) = Draw(n);
            return () =>
            {
                using var scope = new TensorScope();
                table.Interpolate(0, positions, ends);
            };
        });
        Probe gathering = bench.Time(() =>
        {
            (Tensor table, Tensor positions) = Draw(n);
            Indices places = positions.ToArray().Select(p => (int)p).ToArray();
            return () =>
            {
                using var scope = new TensorScope();
                table.Gather(0, places);
            };
        });
        return new RowPlan(
            $"{name}, {Bench.Count(n)} positions", 1, RowPlan.Float32, Units.Elements, Quantity.Rate(interpolation, 1e-9 * n),
            Bound.Measured(Quantity.Rate(gathering, 1e-9 * n), "gathering entries by index"));
    }

    private static (Tensor Table, Tensor Positions) Draw(int n) =>
        (Tensor.Uniform(-1, 1, new Rng(1), new Shape(Entries)), Tensor.Uniform(0, Entries - 1, new Rng(2), new Shape(n)));
}
