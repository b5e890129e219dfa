using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Attention as a share of the multiply-add peak, and beside the same in operations on whole arrays of scores.</summary>
internal static class AttentionRows
{
    private const int Heads = 4;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        int batch = bench.Effort.IsSmoke ? 1 : 64;
        return [.. Of(bench, batch, 64, 16), .. Of(bench, batch, 16, 16), .. Of(bench, Math.Max(1, batch / 16), 512, 32)];
    }

    private static IEnumerable<RowPlan> Of(Bench bench, int batch, int set, int width)
    {
        Tensor Draw(ulong seed) => Tensor.Normal(0, 1, new Rng(seed), new Shape(batch, set, Heads * width));
        Tensor q = Draw(1), k = Draw(2), v = Draw(3), mask = Tensor.Greater(Tensor.Uniform(0, 1, new Rng(4), new Shape(batch, 1, 1, set)), 0.2);
        string name = $"attention, {Heads} heads of {width}, {batch} sets of {set}";

        // Scores and result; the gradient has five products beside those.
        double product = 2e-9 * batch * Heads * set * set * width;
        Probe forward = bench.Time(() => One(() => Tensor.MultiHeadAttention(q, k, v, Heads, mask)));
        Probe step = bench.Time(() => Step(x => Tensor.MultiHeadAttention(x[0], x[1], x[2], Heads, mask)));
        Probe composed = bench.Time(() => Step(x => Composed(x[0], x[1], x[2])));
        yield return new RowPlan($"{name}, masked", 1, RowPlan.Float32, Units.Flops, Quantity.Rate(forward, 2 * product), bench.PeakBound<float>(1));
        yield return new RowPlan($"{name}, with gradient", 1, RowPlan.Float32, Units.Flops, Quantity.Rate(step, 7 * product), bench.PeakBound<float>(1));
        yield return new RowPlan($"{name}, with gradient, over operations on scores", 1, RowPlan.Float32, Units.Speedup, Quantity.Quotient(composed, step), Bound.Target(1.5));

        Action Step(Func<Tensor[], Tensor> attention)
        {
            Tensor[] x = [q.Track(), k.Track(), v.Track()];
            return One(() => Gradient.Of(attention(x).Sum(), x));
        }

        Tensor Composed(Tensor queries, Tensor keys, Tensor values)
        {
            Tensor scores = Tensor.MatMul(Split(queries), Split(keys), transposeB: true) / Math.Sqrt(width);
            Tensor weights = Tensor.Softmax(Tensor.Where(mask, scores, -1e30));
            return Tensor.MatMul(weights, Split(values)).Transpose(0, 2, 1, 3).Reshape(batch, set, Heads * width);
        }

        Tensor Split(Tensor x) => x.Reshape(batch, set, Heads, width).Transpose(0, 2, 1, 3);
    }

    private static Action One(Action work) => () =>
    {
        using KernelThreads.Share one = KernelThreads.One();
        using var scope = new TensorScope();
        work();
    };
}
