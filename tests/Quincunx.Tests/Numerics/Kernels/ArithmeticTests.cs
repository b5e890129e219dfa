using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Tests.Numerics.Kernels;

public sealed class ArithmeticTests
{
    [Fact]
    public void Broadcasts_EveryShape_MatchNaive()
    {
        foreach (int rows in new[] { 0, 1, 2, 5 })
        {
            for (int columns = 0; columns <= 35; columns++)
            {
                Check<float, Arithmetic.Add<float>>(rows, columns, (a, b) => a + b);
                Check<float, Arithmetic.Subtract<float>>(rows, columns, (a, b) => a - b);
                Check<double, Arithmetic.Multiply<double>>(rows, columns, (a, b) => a * b);
                Check<double, Arithmetic.Divide<double>>(rows, columns, (a, b) => a / b);
            }
        }
    }

    [Fact]
    public void Updates_EveryLength_AddWhatTheySay()
    {
        for (int length = 0; length <= 64; length++)
        {
            // Small integers and halves: exact, so that one rounding or two does not matter.
            float[] x = [.. Enumerable.Range(0, length).Select(i => i - 3f)], y = [.. x.Select(v => 2 * v)], product = [.. y];
            Arithmetic.AddScaled(x, 0.5f, y);
            Arithmetic.AddProduct<float>(x, x, product);
            Assert.Equal(x.Select(v => 2.5f * v), y);
            Assert.Equal(x.Select(v => (v * v) + (2 * v)), product);
        }
    }

    [Fact]
    public void Divide_ByZeroAndNaN_FollowsIeee()
    {
        double[] y = new double[6];
        Arithmetic.WithRow<double, Arithmetic.Divide<double>>([1, 0, -1, 2, 3, 4], [0, 0, double.NaN], 2, y);
        Assert.Equal([double.PositiveInfinity, double.NaN, double.NaN, double.PositiveInfinity, double.PositiveInfinity, double.NaN], y);
    }

    [Fact]
    public void Broadcast_ShortSpan_Throws()
    {
        Assert.Throws<ArgumentException>(() => Arithmetic.WithRow<float, Arithmetic.Add<float>>(new float[5], new float[3], 2, new float[6]));
        Assert.Throws<ArgumentException>(() => Arithmetic.WithColumn<float, Arithmetic.Add<float>>(new float[6], new float[3], 2, new float[5]));
    }

    private static void Check<T, TOperation>(int rows, int columns, Func<T, T, T> naive)
        where T : unmanaged, INumberBase<T>
        where TOperation : struct, IArithmetic<T>
    {
        T[] matrix = [.. Enumerable.Range(0, rows * columns).Select(i => T.CreateChecked((i % 11) + 0.25))];
        T[] row = [.. Enumerable.Range(0, columns).Select(i => T.CreateChecked((i % 7) - 0.5))];
        T[] column = [.. Enumerable.Range(0, rows).Select(i => T.CreateChecked(i + 0.75))];
        T[] y = [.. matrix];
        Arithmetic.WithRow<T, TOperation>(y, row, rows, y);
        Assert.Equal(matrix.Select((a, i) => naive(a, row[i % columns])), y);
        Arithmetic.RowWith<T, TOperation>(row, matrix, rows, y);
        Assert.Equal(matrix.Select((a, i) => naive(row[i % columns], a)), y);
        Arithmetic.WithColumn<T, TOperation>(matrix, column, columns, y);
        Assert.Equal(matrix.Select((a, i) => naive(a, column[i / columns])), y);
        Arithmetic.ColumnWith<T, TOperation>(column, matrix, columns, y);
        Assert.Equal(matrix.Select((a, i) => naive(column[i / columns], a)), y);
    }
}
