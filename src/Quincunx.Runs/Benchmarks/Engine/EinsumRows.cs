using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Einstein sums beside the matrix product that they come to.</summary>
internal static class EinsumRows
{
    public static IEnumerable<RowPlan> All(Bench bench)
    {
        yield return Batch(bench, "einsum bij,bjk->bik", "bij,bjk->bik");
        yield return Batch(bench, "einsum bji,bjk->bik", "bji,bjk->bik");
        yield return Batch(bench, "einsum ibj,jbk->bik, turned around", "ibj,jbk->bik");
    }

    private static RowPlan Batch(Bench bench, string name, string formula)
    {
        int n = bench.Effort.IsSmoke ? 8 : 128;
        double flops = 2e-9 * n * n * n * n;
        return new RowPlan(
            $"{name}, {n} each", 1, RowPlan.Float32, Units.Flops, Quantity.Rate(Probe(Run), flops),
            Bound.Measured(Quantity.Rate(Probe((a, b) => Tensor.MatMul(a, b)), flops), "the batched product"));

        Tensor Run(Tensor a, Tensor b) => Tensor.Einsum(formula, a, b);
        Probe Probe(Func<Tensor, Tensor, Tensor> product) => bench.Time(() =>
        {
            var shape = new Shape(n, n, n);
            Tensor a = Tensor.Uniform(-1, 1, new Rng(1), shape), b = Tensor.Uniform(-1, 1, new Rng(2), shape);
            return () =>
            {
                using var scope = new TensorScope();
                using KernelThreads.Share one = KernelThreads.One();
                product(a, b);
            };
        });
    }
}
