using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Matrix products as a share of the multiply-add peak.</summary>
internal static class ProductRows
{
    private const int BatchSide = 128, BatchCount = 16;

    // Of products whose matrices are a large part of the cache, or that wake a thread: several calls, behind one that does not count.
    private static double LongSlice(int m, int n, int k) => (long)m * n * k >= 1 << 29 ? 30 : 10;

    // Small and odd sizes, and such as fill registers.
    private static readonly int[] Grid = [1, 2, 3, 4, 5, 8, 16];

    // Of those, how many are measured a second time.
    private const int Finalists = 24;

    public static IEnumerable<RowPlan> All(Bench bench) =>
        [.. Plain<float>(bench), .. Variants<float>(bench), .. Plain<double>(bench), .. Variants<double>(bench), .. Naive<float>(bench), .. Naive<double>(bench)];

    private static IEnumerable<RowPlan> Plain<T>(Bench bench)
        where T : unmanaged, INumber<T>
    {
        (int M, int N, int K)[] shapes = [(128, 128, 128), (200, 64, 64), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (4096, 256, 256)];
        foreach ((int m, int n, int k) in shapes.Where(s => Math.Max(s.N, s.K) <= bench.Effort.LargestProduct && s.M <= 4 * bench.Effort.LargestProduct))
        {
            string name = $"product {m}x{n}x{k}";
            Probe one = Product<T>(bench, false, false, m, n, k, threads: 1, m >= 512 ? LongSlice(m, n, k) : 1);
            yield return Row<T>(name, 1, one, m, n, k, bench.PeakBound<T>(1));
            if (m >= 512 && Bench.Cores > 1)
            {
                Probe two = Product<T>(bench, false, false, m, n, k, threads: 2, LongSlice(m, n, k));
                yield return Row<T>(name, 2, two, m, n, k, bench.PeakBound<T>(2));
                yield return new RowPlan($"{name}, two threads over one", 2, RowPlan.NameOf<T>(), Units.Speedup, Quantity.Quotient(one, two), Bound.Target(1.8));
            }
        }
    }

    // Each beside the plain product, which they are to come within a tenth of.
    private static IEnumerable<RowPlan> Variants<T>(Bench bench)
        where T : unmanaged, INumber<T>
    {
        int side = Math.Min(512, bench.Effort.LargestProduct);
        double flops = 2e-9 * side * side * side;
        Probe plain = Product<T>(bench, false, false, side, side, side, threads: 1, LongSlice(side, side, side));
        foreach ((bool a, bool b) in new[] { (false, true), (true, false), (true, true) })
        {
            Probe probe = Product<T>(bench, a, b, side, side, side, threads: 1, LongSlice(side, side, side));
            yield return Row<T>(
                $"product {side}x{side}x{side}, {(a ? 'T' : 'N')}{(b ? 'T' : 'N')}", 1, probe, side, side, side, Bound.Measured(Quantity.Rate(plain, flops), "the plain product"));
        }

        Probe single = Product<T>(bench, false, false, BatchSide, BatchSide, BatchSide, threads: 1);
        Probe batch = bench.Time(() =>
        {
            int size = BatchSide * BatchSide;
            T[] a = Fill<T>(BatchCount * size), b = Fill<T>(BatchCount * size), c = new T[BatchCount * size];
            return () => MatrixProduct.MultiplyBatch<T>(false, false, BatchCount, BatchSide, BatchSide, BatchSide, a, size, b, size, c, size);
        });
        double one = 2e-9 * BatchSide * BatchSide * BatchSide;
        yield return new RowPlan(
            $"{BatchCount} products {BatchSide}x{BatchSide}x{BatchSide}, batched", 1, RowPlan.NameOf<T>(), Units.Flops,
            Quantity.Rate(batch, BatchCount * one), Bound.Measured(Quantity.Rate(single, one), "the plain product"));
    }

    private static IEnumerable<RowPlan> Naive<T>(Bench bench)
        where T : unmanaged, INumber<T>
    {
        const double First = 1.0 / 12, Again = 1.0 / 3;
        int[] sides = bench.Effort.IsSmoke ? [1, 3] : Grid;
        Small[] shapes = [.. from m in sides from n in sides from k in sides from transposed in new[] { false, true } select new Small(m, n, k, transposed)];
        (Small Shape, Pair Pair)[] all = [.. shapes.Select(s => (s, Versus<T>(bench, s, First)))];
        string where = "";
        var figure = new Quantity([.. all.SelectMany(s => s.Pair.Probes)], () =>
        {
            // The least of hundreds of medians is low by their noise: those that come out lowest are measured anew, each for longer, and only that counts.
            (Small shape, double ratio) = all.OrderBy(s => s.Pair.Ratio).Take(Finalists).Select(s =>
            {
                Pair pair = Versus<T>(bench, s.Shape, Again);
                bench.WarmUp(pair.Probes);
                bench.Measure(pair.Probes);
                return (s.Shape, pair.Ratio);
            }).MinBy(s => s.Ratio);
            where = shape.ToString();
            return ratio;
        });
        yield return new RowPlan(
            $"product over a naive loop, least of {all.Length} small shapes", 1, RowPlan.NameOf<T>(), Units.Speedup, figure, Bound.Target(0.9, () => $"least at {where}"));
    }

    private static Pair Versus<T>(Bench bench, Small s, double slice)
        where T : unmanaged, INumber<T>
        => new(Product<T>(bench, false, s.TransposeB, s.M, s.N, s.K, threads: 1, slice, Calls(s.M, s.N, s.K)), NaiveOf<T>(bench, s.TransposeB, s.M, s.N, s.K, slice));

    private readonly record struct Small(int M, int N, int K, bool TransposeB)
    {
        public override string ToString() => $"{M}x{N}x{K}{(TransposeB ? ", NT" : "")}";
    }

    private readonly record struct Pair(Probe Ours, Probe Naive)
    {
        public IReadOnlyList<Probe> Probes => [Ours, Naive];

        public double Ratio => Quantity.Quotient(Naive, Ours).Value();
    }

    private static RowPlan Row<T>(string name, int threads, Probe probe, int m, int n, int k, Bound bound)
        where T : unmanaged
        => new(name, threads, RowPlan.NameOf<T>(), Units.Flops, Quantity.Rate(probe, 2e-9 * m * n * k), bound);

    // Small products come many a call, or the delegate's cost would be measured.
    private static int Calls(int m, int n, int k) => Math.Max(1, 2000 / ((m * n * k) + 10));

    private static Probe Product<T>(Bench bench, bool transposeA, bool transposeB, int m, int n, int k, int threads, double slice = 1, int calls = 1)
        where T : unmanaged, INumber<T>
        => bench.Time(
            () =>
            {
                T[] a = Fill<T>(m * k), b = Fill<T>(k * n), c = new T[m * n];
                return () =>
                {
                    for (int i = 0; i < calls; i++)
                    {
                        MatrixProduct.Multiply<T>(transposeA, transposeB, m, n, k, a, b, c, accumulate: false, threads);
                    }
                };
            },
            slice,
            wakes: threads > 1);

    private static Probe NaiveOf<T>(Bench bench, bool transposeB, int m, int n, int k, double slice)
        where T : unmanaged, INumber<T>
        => bench.Time(
            () =>
            {
                int calls = Calls(m, n, k);
                T[] a = Fill<T>(m * k), b = Fill<T>(k * n), c = new T[m * n];
                return () =>
                {
                    for (int i = 0; i < calls; i++)
                    {
                        NaiveProduct.Multiply<T>(transposeB, m, n, k, a, b, c);
                    }
                };
            },
            slice);

    private static T[] Fill<T>(int length)
        where T : INumber<T>
        => [.. Enumerable.Range(0, length).Select(i => T.CreateChecked((i % 7) - 3) / T.CreateChecked(8))];
}
