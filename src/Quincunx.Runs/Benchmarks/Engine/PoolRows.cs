using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Pooling of planes that fit the cache, as a share of what the memory reads.</summary>
internal static class PoolRows
{
    private const int Side = 32;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        yield return Planes(bench, "average pool 2x2", x => Tensor.AveragePool(x, [2]));
        yield return Planes(bench, "max pool 2x2", x => Tensor.MaxPool(x, [2]));
        yield return Planes(bench, "max pool 3x3, overlapping", x => Tensor.MaxPool(x, [3], new WindowOptions { Stride = [1], Padding = [1] }));
    }

    private static RowPlan Planes(Bench bench, string name, Func<Tensor, Tensor> pool)
    {
        int planes = Math.Max(1, bench.Effort.Elements / (Side * Side)), n = planes * Side * Side;
        Probe probe = bench.Time(() =>
        {
            Tensor x = Tensor.Uniform(-1, 1, new Rng(1), new Shape(1, planes, Side, Side));
            return () =>
            {
                using var scope = new TensorScope();
                pool(x);
            };
        });
        return new RowPlan(
            $"{name}, {planes} planes of {Side}x{Side}", 1, RowPlan.Float32, Units.Bandwidth, Quantity.Rate(probe, 1e-9 * sizeof(float) * n),
            bench.BandwidthBound(BandwidthKind.Read, n, 1));
    }
}
