using Quincunx.Numerics.Kernels;

namespace Quincunx.Tests.Numerics.Kernels;

[Collection(SimdCollection.Name)]
public sealed class VectorLoopTests
{
    private static readonly int[] Columns = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 50, 200];

    [Fact]
    public void Map_RowsOfEveryKind_MatchOneByOne() => SimdCollection.AtEachLevel(() =>
    {
        foreach (int columns in Columns)
        {
            Rows<float>(3, columns, (a, b) => a - b);
            Rows<double>(3, columns, (a, b) => a - b);
        }
    });

    [Fact]
    public void Map_ShortOperand_Throws()
    {
        float[] six = new float[6], five = new float[5];
        Assert.Throws<ArgumentException>(() => VectorLoop.Map<float, Elementwise.AddLanes>(six, five, six));
        Assert.Throws<ArgumentException>(() => VectorLoop.Map<float, Elementwise.AddLanes>(six, new RowWalk(3, true), five, new RowWalk(3, true), six, 3));
        Assert.Throws<ArgumentException>(() => VectorLoop.Map<float, Elementwise.AddLanes>(six, new RowWalk(3, true), new float[1], new RowWalk(1, false), six, 3));
    }

    [Fact]
    public void Choose_SpansAndNumbersOfEveryLength_MatchesOneByOne() => SimdCollection.AtEachLevel(() =>
    {
        for (int length = 1; length <= 70; length++)
        {
            double[] mask = [.. Enumerable.Range(0, length).Select(i => (i % 5) switch { 0 => 0.0, 1 => -0.0, 2 => double.NaN, _ => i })];
            double[] a = [.. Enumerable.Range(1, length).Select(i => (double)i)], b = [.. a.Select(v => -v)];
            foreach ((double[] left, double[] right) in new[] { (a, b), (a[..1], b), (a, b[..1]), (a[..1], b[..1]) })
            {
                double[] y = new double[length + 1];
                Elementwise.Choose<double>(mask, left, right, y);
                double[] expected = [.. mask.Select((m, i) => m == 0 ? right[Math.Min(i, right.Length - 1)] : left[Math.Min(i, left.Length - 1)]), 0];
                Assert.Equal(expected, y);
            }
        }
    });

    [Fact]
    public void Transpose_EverySize_MatchesOneByOne() => SimdCollection.AtEachLevel(() =>
    {
        (int, int)[] sizes = [.. Enumerable.Range(1, 20).SelectMany(m => Enumerable.Range(1, 20).Select(n => (m, n))), (200, 5), (5, 200), (50, 200), (67, 130), (1, 99), (256, 64)];
        foreach ((int rows, int columns) in sizes)
        {
            Transposed<float>(rows, columns);
            Transposed<double>(rows, columns);
        }
    });

    private static void Transposed<T>(int rows, int columns)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        T[] x = [.. Enumerable.Range(1, rows * columns).Select(T.CreateChecked)], y = [.. x, T.Zero];
        Transposition.Run<T>(x, y, rows, columns);
        Assert.Equal([.. Enumerable.Range(0, x.Length).Select(i => x[(i % rows * columns) + (i / rows)]), T.Zero], y);
    }

    private static void Rows<T>(int rows, int columns, Func<T, T, T> reference)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        T[] a = [.. Enumerable.Range(1, rows * columns).Select(T.CreateChecked)], b = [.. a.Select(v => v * v)];
        foreach ((RowWalk walkA, RowWalk walkB) in new[]
        {
            (new RowWalk(columns, true), new RowWalk(columns, true)), (new RowWalk(columns, true), new RowWalk(0, true)),
            (new RowWalk(0, true), new RowWalk(columns, true)), (new RowWalk(columns, true), new RowWalk(1, false)),
            (new RowWalk(1, false), new RowWalk(columns, true)), (new RowWalk(1, false), new RowWalk(0, true)), (new RowWalk(1, false), new RowWalk(0, false)),
        })
        {
            T[] y = new T[(rows * columns) + 1];
            VectorLoop.Map<T, Elementwise.SubtractLanes>(a, walkA, b, walkB, y.AsSpan(0, rows * columns), columns);
            T At(T[] x, RowWalk walk, int i) => x[(i / columns * walk.Step) + (walk.Moves ? i % columns : 0)];
            Assert.Equal([.. Enumerable.Range(0, rows * columns).Select(i => reference(At(a, walkA, i), At(b, walkB, i))), T.Zero], y);
        }
    }
}
