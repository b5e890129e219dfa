using System.Numerics;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Numerics.Kernels;

[Collection(SimdCollection.Name)]
public sealed unsafe class MatrixDotsTests
{
    // Elements around C that must stay as they are.
    private const int Guard = 24;

    // Around the tiles (2 and 5 rows, 4 columns), the lanes (2 to 16), the blocks of k (256 and 512) and the size that is packed (128).
    private static readonly (int M, int N, int K)[] Sizes =
    [
        (0, 5, 3), (5, 0, 3), (3, 7, 0), (1, 1, 1), (1, 1, 700), (2, 3, 15), (3, 2, 16), (4, 4, 17), (5, 5, 31), (6, 7, 33), (7, 1, 64), (1, 9, 200),
        (10, 30, 200), (50, 50, 200), (13, 8, 511), (9, 6, 512), (11, 10, 513), (6, 5, 1025), (10, 5, 2300), (33, 40, 60), (130, 129, 97), (7, 9, 1021),
    ];

    public static TheoryData<string> Levels => SimdCollection.Levels;

    [Theory, MemberData(nameof(Levels))]
    public void Run_Strided_MatchesReference(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach ((int m, int n, int k) in Sizes)
        {
            for (int begin = 0; begin < 4; begin++)
            {
                Check<float>(m, n, k, begin);
                Check<double>(m, n, k, begin);
            }
        }
    });

    [Theory, MemberData(nameof(Levels))]
    public void Run_PartOfTheRowsAndColumns_HasTheSameBits(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach (int k in new[] { 7, 200, 1100 })
        {
            float[] a = Random<float>(31 * k, 1), b = Random<float>(23 * k, 2), whole = new float[31 * 23], parts = new float[31 * 23];
            fixed (float* pa = a, pb = b, pWhole = whole, pParts = parts)
            {
                MatrixOperands<float> x = Operands(31, 23, k, pa, k, pb, k, pWhole, 23);
                MatrixDots.Run(x);
                x = x with { C = pParts };
                foreach ((int row, int rows) in new[] { (0, 1), (1, 12), (13, 18) })
                {
                    MatrixDots.Run(x.Rows(row, rows).Columns(0, 6));
                    MatrixDots.Run(x.Rows(row, rows).Columns(6, 17));
                }
            }

            Assert.Equal(whole, parts);
        }
    });

    [Theory, MemberData(nameof(Levels))]
    public void Run_NonFinite_PropagatesAsIeee(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach (int k in new[] { 3, 16, 21, 600 })
        {
            foreach (float special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] a = Enumerable.Repeat(1f, 6 * k).ToArray(), b = Enumerable.Repeat(1f, 5 * k).ToArray(), c = new float[30];
                a[(2 * k) - 1] = special;      // row 1
                b[(3 * k) - 1] = 0;            // its factor in column 2: 0 * NaN = 0 * inf = NaN
                fixed (float* pa = a, pb = b, pc = c)
                {
                    MatrixDots.Run(Operands(6, 5, k, pa, k, pb, k, pc, 5));
                }

                Assert.Equal([k, k, k - 1, k, k, special, special, float.NaN, special, special], c[..10]);
            }
        }
    });

    // begin: no start, C, a matrix, one row for all. What follows a row of A or B is NaN: it must not be read.
    private static void Check<T>(int m, int n, int k, int begin)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int aRow = k + 3, bRow = k == 1021 ? k + 3 : k + 5, cRow = n + 2;   // 1021 + 3: rows a page apart
        T[] a = Random<T>(m * aRow, 1), b = Random<T>(n * bRow, 2), c = Random<T>((m * cRow) + (2 * Guard), 3), start = Random<T>((m * (n + 7)) + n, 4);
        T[] before = [.. c];
        for (int i = 0; i < m; i++)
        {
            a.AsSpan((i * aRow) + k, 3).Fill(T.NaN);
        }

        for (int j = 0; j < n; j++)
        {
            b.AsSpan((j * bRow) + k, bRow - k).Fill(T.NaN);
        }

        nint startRow = begin switch { 1 => cRow, 2 => n + 7, _ => 0 };
        fixed (T* pa = a, pb = b, pc = c, pStart = start)
        {
            MatrixDots.Run(Operands(m, n, k, pa, aRow, pb, bRow, pc + Guard, cRow) with
            {
                Start = begin switch { 0 => null, 1 => pc + Guard, _ => pStart },
                StartRow = startRow,
            });
        }

        // Rounding: in whatever order, a term goes through at most k + 1 additions, each erring by half a unit of what is at most the sum of moduli.
        double unit = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                int at = Guard + (i * cRow) + j;
                double sum = begin switch { 0 => 0, 1 => double.CreateChecked(before[at]), _ => double.CreateChecked(start[(i * startRow) + j]) };
                double moduli = Math.Abs(sum);
                for (int p = 0; p < k; p++)
                {
                    double product = double.CreateChecked(a[(i * aRow) + p]) * double.CreateChecked(b[(j * bRow) + p]);
                    sum += product;
                    moduli += Math.Abs(product);
                }

                double actual = double.CreateChecked(c[at]);
                if (!(Math.Abs(sum - actual) <= (k + 1) * unit * moduli))
                {
                    Assert.Fail($"{typeof(T).Name} {m} x {n} x {k}, start {begin}, row {i}, column {j}: expected {sum}, got {actual}.");
                }

                before[at] = c[at];
            }
        }

        Assert.Equal(before, c);
    }

    private static MatrixOperands<T> Operands<T>(int m, int n, int k, T* a, int aRow, T* b, int bRow, T* c, int cRow)
        where T : unmanaged => new()
        {
            M = m,
            N = n,
            K = k,
            A = a,
            ARow = aRow,
            AStep = 1,
            B = b,
            BStep = 1,
            BColumn = bRow,
            C = c,
            CRow = cRow,
            Start = null,
            StartRow = 0,
        };

    private static T[] Random<T>(int length, int stream)
        where T : IFloatingPointIeee754<T>
    {
        Rng rng = new Rng(17).Split(stream);
        return [.. Enumerable.Range(0, length).Select(_ => T.CreateChecked((2 * rng.NextDouble()) - 1))];
    }
}
