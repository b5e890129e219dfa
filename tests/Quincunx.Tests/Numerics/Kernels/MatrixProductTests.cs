using System.Numerics;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Numerics.Kernels;

[Collection(SimdCollection.Name)]
public sealed class MatrixProductTests
{
    // Sizes around the tiles (6, 12 rows; 4 to 32 columns) and the blocks (depth 192, 256 and 384) of all levels.
    private static readonly (int M, int N, int K)[] OddSizes =
    [
        (1, 1, 700), (1, 200, 65), (2, 31, 257), (11, 33, 129), (12, 32, 256), (13, 31, 255), (25, 47, 64), (23, 49, 300),
        (61, 65, 193), (97, 31, 385), (130, 129, 191), (67, 260, 7), (300, 17, 19), (205, 70, 513), (5, 1100, 260),
    ];

    public static TheoryData<string> Levels => SimdCollection.Levels;

    [Theory, MemberData(nameof(Levels))]
    public void Multiply_EverySizeTo33_MatchesNaive(string level) => SimdCollection.RunAt(level, () =>
    {
        for (int m = 0; m <= 33; m++)
        {
            for (int n = 0; n <= 33; n++)
            {
                int k = ((7 * m) + (5 * n)) % 34;
                CheckBoth(m, n, k);
                CheckBoth(k, m, n);
            }
        }

        // Each of the smallest has a path of its own.
        for (int i = 0; i < 7 * 7 * 7; i++)
        {
            CheckBoth(i % 7, i / 7 % 7, i / 49);
        }
    });

    [Theory, MemberData(nameof(Levels))]
    public void Multiply_SizesAroundBlocks_MatchesNaive(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach ((int m, int n, int k) in OddSizes)
        {
            CheckBoth(m, n, k);
        }
    });

    [Theory, MemberData(nameof(Levels))]
    public void Multiply_AnyThreadCountOrCut_GivesTheSameBits(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach ((int m, int n, int k) in new[] { (301, 190, 200), (190, 301, 260), (64, 1025, 90) })
        {
            SameBits<float>(m, n, k);
            SameBits<double>(m, n, k);
        }
    });

    [Theory, MemberData(nameof(Levels))]
    public void MultiplyBatch_StridesAndBroadcast_MatchesSingleProducts(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach ((int batch, int m, int n, int k) in new[] { (0, 3, 3, 3), (1, 4, 5, 6), (3, 2, 2, 2), (5, 13, 17, 9), (4, 0, 3, 2), (7, 6, 1, 0), (3, 160, 130, 170), (2, 200, 190, 180) })
        {
            foreach (int flags in Enumerable.Range(0, 32))
            {
                Batch<float>(batch, m, n, k, flags);
                Batch<double>(batch, m, n, k, flags);
            }
        }
    });

    [Theory, MemberData(nameof(Levels))]
    public void Multiply_NonFinite_PropagatesAsIeee(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach ((int m, int n, int k) in new[] { (2, 3, 2), (13, 33, 40), (40, 70, 300) })
        {
            foreach (float special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] a = Enumerable.Repeat(1f, m * k).ToArray(), b = Enumerable.Repeat(1f, k * n).ToArray(), c = new float[m * n];
                a[(1 * k) + 1] = special;              // row 1
                b[(1 * n) + 2] = 0;                    // its factor in column 2: 0 * NaN = 0 * inf = NaN
                MatrixProduct.Multiply<float>(false, false, m, n, k, a, b, c);
                Assert.Equal(float.IsNaN(special) ? float.NaN : special, c[n]);
                Assert.True(float.IsNaN(c[n + 2]));
                Assert.Equal(k, c[0]);
                Assert.Equal(k - 1, c[2]);
            }
        }
    });

    [Fact]
    public void Multiply_LevelsThatFuse_GiveTheSameBits()
    {
        if (Simd.Best < SimdLevel.Avx512)
        {
            return; // one fused level at most: nothing to compare
        }

        float[] a = Random<float>(50 * 70, 1), b = Random<float>(70 * 45, 2);
        float[] wide = new float[50 * 45], narrow = new float[50 * 45];
        SimdCollection.RunAt(nameof(SimdLevel.Avx512), () => MatrixProduct.Multiply<float>(false, false, 50, 45, 70, a, b, wide));
        SimdCollection.RunAt(nameof(SimdLevel.Avx2), () => MatrixProduct.Multiply<float>(false, false, 50, 45, 70, a, b, narrow));
        Assert.Equal(wide, narrow);
    }

    [Fact]
    public void Multiply_SteadyState_AllocatesNothing()
    {
        float[] a = new float[300 * 300], b = new float[300 * 300], c = new float[300 * 300];
        for (int i = 0; i < 3; i++)
        {
            MatrixProduct.Multiply<float>(true, true, 300, 300, 300, a, b, c);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        MatrixProduct.Multiply<float>(true, true, 300, 300, 300, a, b, c);
        MatrixProduct.Multiply<float>(false, true, 20, 30, 40, a, b, c);
        MatrixProduct.MultiplyAddRow<float>(false, false, 20, 30, 40, a, b, a, c);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Multiply_ShortSpan_Throws()
    {
        float[] four = new float[4];
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(false, false, 2, 2, 3, four, new float[6], four));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(false, false, 2, 2, 2, four, new float[3], four));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply<float>(false, false, 2, 3, 2, four, new float[6], new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Multiply<float>(false, false, -1, 2, 2, four, four, four));
        Assert.Throws<ArgumentException>(() => MatrixProduct.MultiplyAddRow<float>(false, false, 2, 2, 2, four, four, new float[1], four));
        Assert.Throws<ArgumentException>(() => MatrixProduct.MultiplyBatch<float>(false, false, 2, 2, 2, 2, four, 0, four, 4, new float[8], 4));
    }

    private static void CheckBoth(int m, int n, int k)
    {
        foreach (bool transposeA in new[] { false, true })
        {
            foreach (bool transposeB in new[] { false, true })
            {
                Check<float>(transposeA, transposeB, m, n, k);
                Check<double>(transposeA, transposeB, m, n, k);
            }
        }
    }

    private static void Check<T>(bool transposeA, bool transposeB, int m, int n, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] a = Random<T>(m * k, 1), b = Random<T>(k * n, 2), start = Random<T>((m * n) + 8, 3), bias = Random<T>(n, 4);
        T[] plain = [.. start], added = [.. start], rows = [.. start];
        MatrixProduct.Multiply<T>(transposeA, transposeB, m, n, k, a, b, plain.AsSpan(0, m * n));
        MatrixProduct.Multiply<T>(transposeA, transposeB, m, n, k, a, b, added.AsSpan(0, m * n), accumulate: true);
        MatrixProduct.MultiplyAddRow<T>(transposeA, transposeB, m, n, k, a, b, bias, rows.AsSpan(0, m * n));

        // Rounding: each of the k additions errs by half a unit of a partial sum, which is at most the sum of moduli.
        double unit = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                (double sum, double moduli) = (0, 0);
                for (int p = 0; p < k; p++)
                {
                    double product = double.CreateChecked(a[transposeA ? (p * m) + i : (i * k) + p])
                        * double.CreateChecked(b[transposeB ? (j * k) + p : (p * n) + j]);
                    sum += product;
                    moduli += Math.Abs(product);
                }

                double old = double.CreateChecked(start[(i * n) + j]), shift = double.CreateChecked(bias[j]);
                double tolerance = (k + 1) * unit * (moduli + 1);
                Near(sum, plain[(i * n) + j], k == 0 ? 0 : tolerance);
                Near(sum + old, added[(i * n) + j], k == 0 ? 0 : tolerance);
                Near(sum + shift, rows[(i * n) + j], k == 0 ? 0 : tolerance);
            }
        }

        Assert.Equal(start[(m * n)..], plain[(m * n)..]);
        Assert.Equal(start[(m * n)..], added[(m * n)..]);
        Assert.Equal(start[(m * n)..], rows[(m * n)..]);

        void Near(double expected, T actual, double tolerance)
        {
            if (!(Math.Abs(expected - double.CreateChecked(actual)) <= tolerance))
            {
                Assert.Fail($"{typeof(T).Name} [{m}, {k}] x [{k}, {n}], transposed {transposeA}, {transposeB}: expected {expected}, got {actual}.");
            }
        }
    }

    private static void SameBits<T>(int m, int n, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] a = Random<T>(m * k, 1), b = Random<T>(k * n, 2), expected = new T[m * n];
        MatrixProduct.Multiply<T>(false, false, m, n, k, a, b, expected);
        for (int threads = 2; threads <= 3; threads++)
        {
            T[] c = new T[m * n];
            MatrixProduct.Multiply<T>(false, false, m, n, k, a, b, c, threads: threads);
            Assert.Equal(expected, c);
        }

        // One row alone, through small and tiny paths, has the bits that it has among the others.
        T[] row = new T[n];
        MatrixProduct.Multiply<T>(false, false, 1, n, k, a.AsSpan(5 * k, k), b, row);
        Assert.Equal(expected[(5 * n)..(6 * n)], row);
        T[] pair = new T[2], column = [.. Enumerable.Range(0, k).Select(p => b[(p * n) + 3])];
        MatrixProduct.Multiply<T>(false, false, 2, 1, k, a.AsSpan(5 * k, 2 * k), column, pair);
        Assert.Equal([expected[(5 * n) + 3], expected[(6 * n) + 3]], pair);
        T[] few = new T[3];
        MatrixProduct.Multiply<T>(false, true, 3, 1, 5, a.AsSpan(0, 15), b.AsSpan(0, 5), few);
        for (int i = 0; i < 3; i++)
        {
            T[] one = new T[2];
            MatrixProduct.Multiply<T>(false, true, 2, 1, 5, a.AsSpan(5 * i, 10), b.AsSpan(0, 5), one);
            Assert.Equal(few[i], one[0]);
        }
    }

    private static void Batch<T>(int batch, int m, int n, int k, int flags)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (bool transposeA, bool transposeB, bool accumulate) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
        if (m > 100 && accumulate)
        {
            return; // the large ones are for the threads
        }

        int strideA = (flags & 8) != 0 ? 0 : m * k, strideB = (flags & 16) != 0 ? 0 : (k * n) + 3, strideC = m * n;
        T[] a = Random<T>((batch * strideA) + (m * k), 1), b = Random<T>((batch * strideB) + (k * n), 2), c = Random<T>(batch * strideC, 3);
        T[] expected = [.. c], threaded = [.. c];
        for (int i = 0; i < batch; i++)
        {
            MatrixProduct.Multiply<T>(
                transposeA, transposeB, m, n, k, a.AsSpan(i * strideA), b.AsSpan(i * strideB), expected.AsSpan(i * strideC, m * n), accumulate);
        }

        MatrixProduct.MultiplyBatch<T>(transposeA, transposeB, batch, m, n, k, a, strideA, b, strideB, c, strideC, accumulate);
        MatrixProduct.MultiplyBatch<T>(transposeA, transposeB, batch, m, n, k, a, strideA, b, strideB, threaded, strideC, accumulate, threads: 3);
        Assert.Equal(expected, c);
        Assert.Equal(expected, threaded);
    }

    private static T[] Random<T>(int length, int stream)
        where T : IFloatingPointIeee754<T>
    {
        Rng rng = new Rng(11).Split(stream);
        return [.. Enumerable.Range(0, length).Select(_ => T.CreateChecked((2 * rng.NextDouble()) - 1))];
    }
}
