using System.Numerics;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Numerics.Kernels;

[Collection(SimdCollection.Name)]
public sealed class ReductionsTests
{
    // Around registers, blocks (256 elements, 64 rows) and their pairs.
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 65), 127, 255, 256, 257, 511, 513, 1025, 5000];

    private static readonly (int Outer, int Axis, int Inner)[] Layouts =
    [
        (0, 3, 4), (3, 0, 4), (3, 4, 0), (1, 1, 1), (5, 7, 1), (2, 63, 3), (3, 64, 8), (2, 65, 9), (1, 129, 16), (2, 200, 17), (4, 5, 33), (1, 1000, 2),
    ];

    [Fact]
    public void Spans_EveryLength_MatchNaiveSumsInDouble() => SimdCollection.AtEachLevel(() =>
    {
        foreach (int length in Lengths)
        {
            Check<float>(length);
            Check<double>(length);
        }
    });

    [Fact]
    public void Axis_EveryLayout_MatchesNaive() => SimdCollection.AtEachLevel(() =>
    {
        foreach ((int outer, int axis, int inner) in Layouts)
        {
            CheckAxis<float>(outer, axis, inner);
            CheckAxis<double>(outer, axis, inner);
        }
    });

    [Fact]
    public void Sum_OfManySingles_ErrsByFewUnits() => SimdCollection.AtEachLevel(() =>
    {
        // One by one, a million times 0.1f ends near 100958; lanes and pairs stay within a few units of 100000.0015.
        float[] x = Enumerable.Repeat(0.1f, 1_000_000).ToArray();
        double exact = 1_000_000 * (double)0.1f;
        Assert.Equal(exact, Reductions.Sum<float>(x), 0.05);
        float[] column = new float[8];
        Reductions.SumAxis<float>(x, 1, 125_000, 8, column);
        Assert.All(column, c => Assert.Equal(exact / 8, c, 0.01));
    });

    [Fact]
    public void NaN_AnywhereInAnyLength_GivesNaN() => SimdCollection.AtEachLevel(() =>
    {
        for (int length = 1; length <= 40; length++)
        {
            for (int at = 0; at < length; at++)
            {
                double[] x = new double[length];
                x[at] = double.NaN;
                Assert.True(double.IsNaN(Reductions.Sum<double>(x)));
                Assert.True(double.IsNaN(Reductions.Max<double>(x)));
                Assert.True(double.IsNaN(Reductions.Min<double>(x)));
                Assert.True(double.IsNaN(Reductions.LogSumExp<double>(x)));
                Assert.Equal(at, Reductions.ArgMax<double>(x));
            }
        }

        double[] y = new double[3];
        double[] matrix = [1, double.NaN, 3, double.NaN, 5, double.NegativeInfinity];
        Reductions.MaxAxis<double>(matrix, 1, 2, 3, y);
        Assert.Equal([double.NaN, double.NaN, 3], y);
        Reductions.LogSumExpAxis<double>(matrix, 1, 2, 3, y);
        Assert.Equal([double.NaN, double.NaN, 3], y);
        int[] index = new int[3];
        Reductions.ArgMaxAxis<double>(matrix, 1, 2, 3, index);
        Assert.Equal([1, 0, 0], index);
    });

    [Fact]
    public void LogSumExp_AtTheLimits_IsExact() => SimdCollection.AtEachLevel(() =>
    {
        const double Infinity = double.PositiveInfinity;
        Assert.Equal(-Infinity, Reductions.LogSumExp<double>([]));
        Assert.Equal(-Infinity, Reductions.LogSumExp<double>([-Infinity, -Infinity]));
        Assert.Equal(Infinity, Reductions.LogSumExp<double>([1, Infinity, -Infinity]));
        Assert.Equal(1000 + Math.Log(2), Reductions.LogSumExp<double>([1000, 1000]), 1e-12);
        Assert.Equal(Math.Exp(-40), Reductions.LogSumExp<double>([-40, 0]), 1e-15 * Math.Exp(-40));

        double[] y = new double[3];
        Reductions.LogSumExpAxis<double>([-40, -Infinity, Infinity, 0, -Infinity, 1], 1, 2, 3, y);
        Assert.Equal(Math.Exp(-40), y[0], 1e-15 * Math.Exp(-40));
        Assert.Equal(-Infinity, y[1]);
        Assert.Equal(Infinity, y[2]);
    });

    [Fact]
    public void ArgMax_OfTies_IsTheFirst() => SimdCollection.AtEachLevel(() =>
    {
        Assert.Equal(-1, Reductions.ArgMax<float>([]));
        Assert.Equal(1, Reductions.ArgMax<float>([1, 3, 3, 2]));
        Assert.Equal(0, Reductions.ArgMax<float>([float.NegativeInfinity, float.NegativeInfinity]));
    });

    [Fact]
    public void Axis_ShortSpan_Throws() => SimdCollection.AtEachLevel(() =>
    {
        Assert.Throws<ArgumentException>(() => Reductions.SumAxis<float>(new float[5], 1, 2, 3, new float[3]));
        Assert.Throws<ArgumentException>(() => Reductions.SumAxis<float>(new float[6], 1, 2, 3, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Reductions.Dot<float>(new float[2], new float[1]));
    });

    [Fact]
    public void Results_AtEachLevel_AreTheSameBits()
    {
        // Products and exponentials are fused where the processor can: those of the portable lanes may differ.
        Dictionary<string, float[]> before = [];
        SimdCollection.AtEachLevel(() =>
        {
            foreach (int length in Lengths)
            {
                float[] x = Values<float>(length, 1);
                Same($"sum {length}", [Reductions.Sum<float>(x)]);
                SameIfFused($"dot {length}", [Reductions.Dot<float>(x, x)]);
                SameIfFused($"logarithm {length}", [Reductions.LogSumExp<float>(x)]);
            }

            foreach ((int outer, int axis, int inner) in Layouts)
            {
                float[] x = Values<float>(outer * axis * inner, 1), sum = new float[outer * inner], log = new float[outer * inner];
                Reductions.SumAxis<float>(x, outer, axis, inner, sum);
                Reductions.LogSumExpAxis<float>(x, outer, axis, inner, log);
                Same($"sum {outer} {axis} {inner}", sum);
                SameIfFused($"logarithm {outer} {axis} {inner}", log);
            }
        });

        void Same(string name, float[] y)
        {
            Assert.Equal(before.TryGetValue(name, out float[]? other) ? other : y, y);
            before[name] = y;
        }

        void SameIfFused(string name, float[] y)
        {
            if (Simd.Level != SimdLevel.None)
            {
                Same(name, y);
            }
        }
    }

    [Fact]
    public void Rows_AloneAndAmongOthers_HaveTheSameBits() => SimdCollection.AtEachLevel(() =>
    {
        foreach (int length in new[] { 1, 5, 16, 17, 50, 64, 65, 300 })
        {
            const int Rows = 75;
            float[] x = Values<float>(Rows * length, 1), sum = new float[Rows], log = new float[Rows], softmax = new float[x.Length];
            Reductions.SumAxis<float>(x, Rows, length, 1, sum);
            Reductions.LogSumExpAxis<float>(x, Rows, length, 1, log);
            Reductions.Softmax<float>(x, Rows, length, softmax);
            for (int row = 0; row < Rows; row++)
            {
                float[] alone = x[(row * length)..((row + 1) * length)], shares = new float[length];
                Assert.Equal(Reductions.Sum<float>(alone), sum[row]);
                Assert.Equal(Reductions.LogSumExp<float>(alone), log[row]);
                Reductions.Softmax<float>(alone, 1, length, shares);
                Assert.Equal(shares, softmax[(row * length)..((row + 1) * length)]);
            }
        }
    });

    [Fact]
    public void Softmax_OfRows_MatchesNaiveAndSpreadsWhatIsNotANumber() => SimdCollection.AtEachLevel(() =>
    {
        foreach (int length in Lengths)
        {
            double[] x = Values<double>(2 * length, 1), y = new double[2 * length];
            Reductions.Softmax<double>(x, 2, length, y);
            for (int i = 0; i < y.Length; i++)
            {
                Assert.Equal(Math.Exp(x[i]) / x.Skip(i / length * length).Take(length).Sum(Math.Exp), y[i], 1e-15);
            }
        }

        double[] special = [1, double.NaN, 3, 0, double.NegativeInfinity, 0], shares = new double[6];
        Reductions.Softmax<double>(special, 2, 3, shares);
        Assert.Equal([double.NaN, double.NaN, double.NaN, 0.5, 0, 0.5], shares);
    });

    private static void Check<T>(int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = Values<T>(length, 1), y = Values<T>(length, 2);
        double[] wide = [.. x.Select(double.CreateChecked)], other = [.. y.Select(double.CreateChecked)];
        double unit = double.CreateChecked(T.BitIncrement(T.One) - T.One);

        // Along one lane of a block and up the pairs there are below 50 additions.
        double tolerance = 50 * unit * (wide.Sum(Math.Abs) + 1);
        Assert.Equal(wide.Sum(), double.CreateChecked(Reductions.Sum<T>(x)), tolerance);
        Assert.Equal(wide.Sum(v => v * v), double.CreateChecked(Reductions.SumOfSquares<T>(x)), tolerance * 3);
        Assert.Equal(wide.Zip(other, (a, b) => a * b).Sum(), double.CreateChecked(Reductions.Dot<T>(x, y)), tolerance * 3);
        Assert.Equal(wide.Append(double.NegativeInfinity).Max(), double.CreateChecked(Reductions.Max<T>(x)));
        Assert.Equal(wide.Append(double.PositiveInfinity).Min(), double.CreateChecked(Reductions.Min<T>(x)));
        Assert.Equal(length == 0 ? -1 : Array.IndexOf(wide, wide.Max()), Reductions.ArgMax<T>(x));
        Assert.Equal(Math.Log(wide.Sum(Math.Exp)), double.CreateChecked(Reductions.LogSumExp<T>(x)), 200 * unit);
    }

    private static void CheckAxis<T>(int outer, int axis, int inner)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = Values<T>(outer * axis * inner, 1);
        T[] sum = new T[outer * inner], max = [.. sum], min = [.. sum], log = [.. sum];
        int[] index = new int[outer * inner];
        Reductions.SumAxis<T>(x, outer, axis, inner, sum);
        Reductions.MaxAxis<T>(x, outer, axis, inner, max);
        Reductions.MinAxis<T>(x, outer, axis, inner, min);
        Reductions.LogSumExpAxis<T>(x, outer, axis, inner, log);
        Reductions.ArgMaxAxis<T>(x, outer, axis, inner, index);
        double unit = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        for (int o = 0; o < outer; o++)
        {
            for (int j = 0; j < inner; j++)
            {
                double[] column = [.. Enumerable.Range(0, axis).Select(i => double.CreateChecked(x[(((o * axis) + i) * inner) + j]))];
                int at = (o * inner) + j;
                Assert.Equal(column.Sum(), double.CreateChecked(sum[at]), 70 * unit * (column.Sum(Math.Abs) + 1));
                Assert.Equal(column.Append(double.NegativeInfinity).Max(), double.CreateChecked(max[at]));
                Assert.Equal(column.Append(double.PositiveInfinity).Min(), double.CreateChecked(min[at]));
                Assert.Equal(Math.Log(column.Sum(Math.Exp)), double.CreateChecked(log[at]), 200 * unit);
                Assert.Equal(axis == 0 ? -1 : Array.IndexOf(column, column.Max()), index[at]);
            }
        }
    }

    private static T[] Values<T>(int length, int stream)
        where T : IFloatingPointIeee754<T>
    {
        Rng rng = new Rng(5).Split(stream);
        return [.. Enumerable.Range(0, length).Select(_ => T.CreateChecked((6 * rng.NextDouble()) - 3))];
    }
}
