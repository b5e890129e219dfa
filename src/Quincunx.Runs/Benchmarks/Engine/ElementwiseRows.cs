using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Operations on a vector that fits the cache, as a share of what the memory moves; elementary functions in elements a second.</summary>
internal static class ElementwiseRows
{
    private const double FunctionTarget = 2;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        yield return Moved(bench, "add", BandwidthKind.Triad, x => (x, x + 0.0), (x, y) => x + y);
        yield return Moved(bench, "multiply", BandwidthKind.Triad, x => (x, x + 0.0), (x, y) => x * y);
        yield return Moved(bench, "relu", BandwidthKind.Copy, x => (x, x), (x, _) => Tensor.Relu(x));
        yield return Moved(bench, "sum", BandwidthKind.Read, x => (x, x), (x, _) => x.Sum());
        yield return Moved(bench, "max", BandwidthKind.Read, x => (x, x), (x, _) => x.Max());
        yield return Moved(bench, "sum of rows of 1000", BandwidthKind.Read, x => (Matrix(x), x), (x, _) => x.Sum(1));
        yield return Moved(bench, "sum of columns of 1000", BandwidthKind.Read, x => (Matrix(x), x), (x, _) => x.Sum(0));
        yield return Function(bench, "exp", Tensor.Exp);
        yield return Function(bench, "log", Tensor.Log, low: 0.01);
        yield return Function(bench, "tanh", Tensor.Tanh);
        yield return Function(bench, "sigmoid", Tensor.Sigmoid);
        yield return Function(bench, "softplus", Tensor.Softplus);
        yield return Function(bench, "logsumexp", x => x.LogSumExp());
        yield return Function(bench, "logsumexp of rows of 1000", x => Matrix(x).LogSumExp(1));
    }

    private static RowPlan Moved(Bench bench, string name, BandwidthKind kind, Func<Tensor, (Tensor X, Tensor Y)> operands, Func<Tensor, Tensor, Tensor> operation)
    {
        int n = bench.Effort.Elements;
        Probe probe = bench.Time(() =>
        {
            (Tensor x, Tensor y) = operands(Draw(n, -4));
            return () =>
            {
                using var scope = new TensorScope();
                operation(x, y);
            };
        });
        return new RowPlan(
            Named(name, n), 1, RowPlan.Float32, Units.Bandwidth, Quantity.Rate(probe, 1e-9 * sizeof(float) * Bench.VectorsOf(kind) * n), bench.BandwidthBound(kind, n, 1));
    }

    private static RowPlan Function(Bench bench, string name, Func<Tensor, Tensor> function, double low = -4)
    {
        int n = bench.Effort.Elements;
        Probe probe = bench.Time(() =>
        {
            Tensor x = Draw(n, low);
            return () =>
            {
                using var scope = new TensorScope();
                function(x);
            };
        });
        return new RowPlan(Named(name, n), 1, RowPlan.Float32, Units.Elements, Quantity.Rate(probe, 1e-9 * n), Bound.Target(FunctionTarget));
    }

    private static string Named(string name, int n) => $"{name}, {Bench.Count(n)} numbers";

    private static Tensor Draw(int n, double low) => Tensor.Uniform(low, 4, new Rng(1), new Shape(n));

    private static Tensor Matrix(Tensor x) => x.Reshape(new Shape(x.Count / 1000, 1000));
}
