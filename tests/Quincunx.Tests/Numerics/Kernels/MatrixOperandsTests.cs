using System.Numerics;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Numerics.Kernels;

/// <summary>The product of parts of larger matrices, with a bias for each row and relu behind it.</summary>
[Collection(SimdCollection.Name)]
public sealed unsafe class MatrixOperandsTests
{
    // Elements around C that must stay as they are.
    private const int Guard = 24;

    private static readonly (int M, int N, int K)[] Sizes =
    [
        (0, 5, 3), (5, 0, 3), (3, 7, 0), (1, 1, 1), (1, 200, 50), (2, 31, 5), (7, 33, 9), (10, 200, 30), (12, 16, 17), (13, 8, 1),
        (25, 200, 50), (49, 63, 64), (50, 200, 50), (50, 208, 8), (61, 130, 261), (145, 200, 50), (53, 300, 400), (30, 7, 1),
    ];

    public static TheoryData<string> Levels => SimdCollection.Levels;

    [Theory, MemberData(nameof(Levels))]
    public void Run_StridedWithBiasAndRelu_MatchesReference(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach ((int m, int n, int k) in Sizes)
        {
            for (int flags = 0; flags < 64; flags++)
            {
                Check<float>(m, n, k, flags);
                Check<double>(m, n, k, flags);
            }
        }
    });

    [Theory, MemberData(nameof(Levels))]
    public void Run_RowsAndColumns_GiveTheBitsOfTheWhole(string level) => SimdCollection.RunAt(level, () =>
    {
        const int M = 50, N = 200, K = 70;
        float[] a = Random<float>(M * K, 1), b = Random<float>(K * N, 2), bias = Random<float>(2 * M, 3), start = Random<float>(M * N, 4);
        float[] whole = new float[M * N], parts = new float[M * N];
        fixed (float* pa = a, pb = b, pBias = bias, pStart = start, pWhole = whole, pParts = parts)
        {
            MatrixOperands<float> x = new()
            {
                M = M,
                N = N,
                K = K,
                A = pa,
                ARow = K,
                AStep = 1,
                B = pb,
                BStep = N,
                BColumn = 1,
                C = pWhole,
                CRow = N,
                Start = pStart,
                StartRow = N,
                Bias = pBias,
                BiasStep = 2,
                Relu = true,
            };
            MatrixProduct.Run(x);
            foreach ((int first, int count) in new[] { (0, 1), (1, 12), (13, 37) })
            {
                MatrixOperands<float> rows = (x with { C = pParts }).Rows(first, count);
                MatrixProduct.Run(rows.Columns(0, 77));
                MatrixProduct.Run(rows.Columns(77, 123));
            }
        }

        Assert.Equal(whole, parts);
    });

    [Theory, MemberData(nameof(Levels))]
    public void Run_Relu_KeepsNaNAndInfinity(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach (int n in new[] { 1, 5, 16, 21, 40 })
        {
            Relu(n, float.NaN, 1, float.NaN);
            Relu(n, float.PositiveInfinity, 1, float.PositiveInfinity);
            Relu(n, float.NegativeInfinity, 1, 0);
            Relu(n, float.PositiveInfinity, 0, float.NaN);
            Relu(n, -2, 1, 0);
            Relu(n, 2, 1, 2);
        }
    });

    private static void Relu(int n, float left, float right, float expected)
    {
        float[] b = Enumerable.Repeat(right, n).ToArray(), c = new float[n];
        fixed (float* pb = b, pc = c)
        {
            MatrixProduct.Run(new MatrixOperands<float>
            {
                M = 1,
                N = n,
                K = 1,
                A = &left,
                ARow = 1,
                AStep = 1,
                B = pb,
                BStep = n,
                BColumn = 1,
                C = pc,
                CRow = n,
                Start = null,
                StartRow = 0,
                Relu = true,
            });
        }

        Assert.Equal(Enumerable.Repeat(expected, n), c);
    }

    // flags: A transposed, B transposed, bias, relu, and two bits for the start: none, C, a matrix, one row for all.
    private static void Check<T>(int m, int n, int k, int flags)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (bool transposeA, bool transposeB) = ((flags & 1) != 0, (flags & 2) != 0);
        (bool hasBias, bool relu, int begin) = ((flags & 4) != 0, (flags & 8) != 0, flags >> 4);
        int aRow = (transposeA ? m : k) + 3, bRow = (transposeB ? k : n) + 5, cRow = n + 2;
        T[] a = Random<T>(aRow * (transposeA ? k : m), 1), b = Random<T>(bRow * (transposeB ? n : k), 2);
        T[] c = Random<T>((m * cRow) + (2 * Guard), 3), bias = Random<T>((2 * m) + 1, 4), start = Random<T>((m * (n + 7)) + n, 5);
        T[] before = [.. c];
        nint startRow = begin switch { 1 => cRow, 2 => n + 7, _ => 0 };
        fixed (T* pa = a, pb = b, pc = c, pBias = bias, pStart = start)
        {
            MatrixProduct.Run(new MatrixOperands<T>
            {
                M = m,
                N = n,
                K = k,
                A = pa,
                ARow = transposeA ? 1 : aRow,
                AStep = transposeA ? aRow : 1,
                B = pb,
                BStep = transposeB ? 1 : bRow,
                BColumn = transposeB ? bRow : 1,
                C = pc + Guard,
                CRow = cRow,
                Start = begin switch { 0 => null, 1 => pc + Guard, _ => pStart },
                StartRow = startRow,
                Bias = hasBias ? pBias : null,
                BiasStep = 2,
                Relu = relu,
            });
        }

        // Rounding: each of the k + 1 additions errs by half a unit of a partial sum, which is at most the sum of moduli.
        double unit = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                int at = Guard + (i * cRow) + j;
                double sum = begin switch { 0 => 0, 1 => double.CreateChecked(before[at]), _ => double.CreateChecked(start[(i * startRow) + j]) };
                sum += hasBias ? double.CreateChecked(bias[2 * i]) : 0;
                double moduli = 2;
                for (int p = 0; p < k; p++)
                {
                    double product = double.CreateChecked(a[transposeA ? (p * aRow) + i : (i * aRow) + p])
                        * double.CreateChecked(b[transposeB ? (j * bRow) + p : (p * bRow) + j]);
                    sum += product;
                    moduli += Math.Abs(product);
                }

                double expected = relu ? Math.Max(sum, 0) : sum, actual = double.CreateChecked(c[at]);
                if (!(Math.Abs(expected - actual) <= (k + 2) * unit * moduli))
                {
                    Assert.Fail($"{typeof(T).Name} {m} x {n} x {k}, flags {flags}, row {i}, column {j}: expected {expected}, got {actual}.");
                }

                before[at] = c[at];
            }
        }

        Assert.Equal(before, c);
    }

    private static T[] Random<T>(int length, int stream)
        where T : IFloatingPointIeee754<T>
    {
        Rng rng = new Rng(13).Split(stream);
        return [.. Enumerable.Range(0, length).Select(_ => T.CreateChecked((2 * rng.NextDouble()) - 1))];
    }
}
