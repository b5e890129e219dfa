using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Kernels;

[Collection(SimdCollection.Name)]
public sealed class RationalQuadraticKernelTests
{
    private const double Bound = 2.5, Nan = double.NaN, Inf = double.PositiveInfinity;

    private static readonly int[] Widths = [1, 7, 16, 17, 200];

    public static TheoryData<int> Bins => [2, 10, 40, 500];

    // Relative to the height of a bin f errs by some roundings, and log f′ by as many times its own steepness, which 10 bins of random
    // raw parameters within ±2 keep below 1e3.
    [Theory, MemberData(nameof(Bins))]
    public void Forward_RandomAndEdgePoints_MatchesTheEquations(int bins) => SimdCollection.AtEachLevel(() =>
    {
        foreach (int n in Widths.Where(n => bins < 100 || n < 20))
        {
            foreach (int d in new[] { 1, 2, 7 })
            {
                (double[] x, double[] raw) = Points(d, n, bins, scale: 2);
                double[] expected = SplineReference.Columns(x, raw, n, bins, Bound), actual = Forward(x, raw, d, n, bins);
                AssertClose(expected, actual, 1e-10, $"{bins} bins, {d} x {n}");
            }
        }
    });

    // Slopes of 1e-3 and 1e3 meet in bins of a thousandth: only f itself is still well conditioned.
    [Theory, MemberData(nameof(Bins))]
    public void Forward_HugeRawParameters_MatchesTheEquationsAndStaysFinite(int bins) => SimdCollection.AtEachLevel(() =>
    {
        (double[] x, double[] raw) = Points(d: 2, n: 33, bins, scale: 1e3);
        double[] expected = SplineReference.Columns(x, raw, 33, bins, Bound), actual = Forward(x, raw, 2, 33, bins);
        AssertClose(expected[..66], actual[..66], 1e-9, $"{bins} bins");
        AssertClose(expected[66..], actual[66..], 1e-4, $"{bins} bins, log f'");

        float[] single = Forward<float>([.. x.Select(v => (float)v)], [.. raw.Select(v => (float)v)], 2, 33, bins);
        Assert.Equal(actual.Select(double.IsFinite), single.Select(float.IsFinite));
    });

    [Theory, MemberData(nameof(Bins))]
    public void Forward_AtKnotsAndEqualRaw_MatchesTheEquations(int bins) => SimdCollection.AtEachLevel(() =>
    {
        double[] raw = Uniforms(new Rng(3).Split(bins), (3 * bins) - 1, 2), equal = [.. raw.Select(_ => 0.7)];
        foreach (double[] own in new[] { raw, equal })
        {
            var spline = new SplineReference(own, bins, Bound);
            double[] x = [.. spline.KnotsX], columns = [.. own.SelectMany(v => Enumerable.Repeat(v, x.Length))];
            (double Y, double LogSlope)[] expected = [.. x.Select(spline.At)];
            AssertClose([.. expected.Select(e => e.Y), .. expected.Select(e => e.LogSlope)], Forward(x, columns, 1, x.Length, bins), 1e-10, $"{bins} bins");
        }
    });

    [Fact]
    public void Forward_ZeroRaw_IsTheIdentity() => SimdCollection.AtEachLevel(() =>
    {
        double[] x = [-7, -2.5, -1.5, -1e-9, 0, 1e-9, 2.4, 2.5, Inf, -Inf, Nan];
        double[] y = Forward(x, new double[11 * x.Length], 1, x.Length, bins: 4);
        AssertClose([.. x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Nan], y, 1e-14, "identity");
    });

    [Theory, MemberData(nameof(Bins))]
    public void Forward_AlongX_IncreasesWithTheSlopeOfItsDifferences(int bins) => SimdCollection.AtEachLevel(() =>
    {
        const int N = 400;
        const double Step = 1e-6;
        double[] own = Uniforms(new Rng(4).Split(bins), (3 * bins) - 1, 2), raw = [.. own.SelectMany(v => Enumerable.Repeat(v, N))];
        double[] x = [.. Enumerable.Range(0, N).Select(i => Bound * ((2.2 * (i + 0.5) / N) - 1.1))];
        double[] y = Forward(x, raw, 1, N, bins), up = Forward([.. x.Select(v => v + Step)], raw, 1, N, bins), down = Forward([.. x.Select(v => v - Step)], raw, 1, N, bins);
        for (int i = 0; i < N; i++)
        {
            Assert.True(y[i] > (i == 0 ? -Inf : y[i - 1]), $"{bins} bins: f({x[i]:R}) = {y[i]:R} is not above the value before");

            // Where the third derivative is large (a bin is at least a thousandth wide) the difference is off by step² f‴, and at a knot by step f″.
            Assert.Equal(Math.Log((up[i] - down[i]) / (2 * Step)), y[N + i], bins > 100 ? 1e-2 : 1e-4);
        }
    });

    [Theory, MemberData(nameof(Bins))]
    public void Inverse_OfForward_IsTheInputWithTheSameLogSlope(int bins) => SimdCollection.AtEachLevel(() =>
    {
        foreach (int n in Widths.Where(n => bins < 100 || n < 20))
        {
            (double[] x, double[] raw) = Points(d: 3, n, bins, scale: 2);
            double[] y = Forward(x, raw, 3, n, bins), back = new double[4 * n];
            RationalQuadraticKernel.Inverse<double>(3, n, bins, Bound, y.AsSpan(0, 3 * n), raw, back);
            AssertClose([.. x, .. y[(3 * n)..]], back, 1e-8, $"{bins} bins, {n} columns");
        }
    });

    [Theory, MemberData(nameof(Bins))]
    public void Backward_RandomPoints_MatchesTheCompositionOfOperations(int bins) => SimdCollection.AtEachLevel(() =>
    {
        foreach ((int d, int n) in new[] { (1, 1), (2, 7), (1, 16), (7, 17), (5, 200) }.Where(s => bins < 100 || s.Item2 < 10))
        {
            using var scope = new TensorScope();
            var rng = new Rng(7).Split(bins).Split(n);
            Tensor x = Tensor.Uniform(-1.3 * Bound, 1.3 * Bound, rng.Split("x"), new Shape(d, n), DType.Float64).Track();
            Tensor raw = Tensor.Uniform(-2, 2, rng.Split("raw"), new Shape(d * ((3 * bins) - 1), n), DType.Float64).Track();
            Tensor weights = Tensor.Uniform(-1, 1, rng.Split("weights"), new Shape(d + 1, n), DType.Float64);
            Tensor[] expected = Gradient.VectorJacobian(Tensor.ComposedSpline(x, raw, bins, Bound), weights, [x, raw]);
            Tensor[] actual = Gradient.VectorJacobian(Tensor.RationalQuadraticSpline(x, raw, bins, Bound), weights, [x, raw]);
            AssertClose(expected[0].ToArray(), actual[0].ToArray(), 1e-9, $"x, {bins} bins, {d} x {n}");
            AssertClose(expected[1].ToArray(), actual[1].ToArray(), 1e-9, $"raw, {bins} bins, {d} x {n}");
        }
    });

    [Fact]
    public void Backward_InFloat32_AgreesWithFloat64() => SimdCollection.AtEachLevel(() =>
    {
        const int D = 3, N = 50;
        var rng = new Rng(8);
        Tensor x = Tensor.Uniform(-1.3 * Bound, 1.3 * Bound, rng.Split("x"), new Shape(D, N)), raw = Tensor.Uniform(-1, 1, rng.Split("raw"), new Shape(D * 14, N));
        Tensor weights = Tensor.Uniform(-1, 1, rng.Split("weights"), new Shape(D + 1, N));
        Tensor[] Gradients(DType dtype)
        {
            Tensor ownX = x.To(dtype).Track(), ownRaw = raw.To(dtype).Track();
            return Gradient.VectorJacobian(Tensor.RationalQuadraticSpline(ownX, ownRaw, bins: 5, Bound), weights.To(dtype), [ownX, ownRaw]);
        }

        Tensor[] expected = Gradients(DType.Float64), actual = Gradients(DType.Float32);
        AssertClose(expected[0].ToArray(), actual[0].ToArray(), 2e-4, "x");
        AssertClose(expected[1].ToArray(), actual[1].ToArray(), 2e-4, "raw");
    });

    [Fact]
    public void Backward_OutsideTheBoundAndNaN_PassesTheGradientAndNothingToTheParameters() => SimdCollection.AtEachLevel(() =>
    {
        double[] points = [-7, -2.5, 2.5, Inf, -Inf, Nan, 1];
        int n = points.Length;
        Tensor x = Tensor.From(points, new Shape(1, n)).Track();

        // A raw parameter that is NaN counts inside the bound alone.
        double[] values = [.. Enumerable.Range(0, 8 * n).Select(i => i / n == 2 ? Nan : 0.3 * (i / n))];
        Tensor raw = Tensor.From(values, new Shape(8, n)).Track(), weights = Tensor.From([.. Enumerable.Range(1, 2 * n).Select(i => (double)i)], new Shape(2, n));
        Tensor y = Tensor.RationalQuadraticSpline(x, raw, bins: 3, Bound);
        Assert.Equal([-7, -2.5, 2.5, Inf, -Inf, Nan, Nan, 0, 0, 0, 0, 0, Nan, Nan], y.ToArray());
        Tensor[] gradients = Gradient.VectorJacobian(y, weights, [x, raw]);
        Assert.Equal([1, 2, 3, 4, 5, Nan, Nan], gradients[0].ToArray());
        double[] byRaw = gradients[1].ToArray();
        Assert.All(Enumerable.Range(0, 8 * n).Where(i => i % n != n - 1), i => Assert.Equal(0, byRaw[i]));
        Assert.True(double.IsNaN(byRaw[n - 1]));
    });

    [Fact]
    public void EveryKernel_AnyPlaceAndWidth_GivesAColumnTheSameBits() => SimdCollection.AtEachLevel(() =>
    {
        Places<float>();
        Places<double>();
    });

    [Fact]
    public void EveryKernel_NoColumnsOrNoElements_WritesNothingElse() => SimdCollection.AtEachLevel(() =>
    {
        RationalQuadraticKernel.Forward<double>(3, 0, 4, Bound, [], [], [], []);
        RationalQuadraticKernel.Inverse<double>(3, 0, 4, Bound, [], [], []);
        RationalQuadraticKernel.Backward<double>(3, 0, 4, Bound, [], [], [], [], [], []);
        foreach (int n in Widths)
        {
            double[] result = [.. Enumerable.Repeat(Nan, n)];
            RationalQuadraticKernel.Forward<double>(0, n, 4, Bound, [], [], result, []);
            Assert.All(result, v => Assert.Equal(0, v));
            RationalQuadraticKernel.Backward<double>(0, n, 4, Bound, [], [], [], result, [], []);
        }
    });

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(1000, 1.0)]
    [InlineData(4, 0.0)]
    [InlineData(4, double.NaN)]
    [InlineData(4, double.PositiveInfinity)]
    public void RationalQuadraticSpline_BinsOrBoundOutOfRange_Throws(int bins, double bound)
    {
        Tensor x = Tensor.Zeros(new Shape(1, 3)), raw = Tensor.Zeros(new Shape((3 * bins) - 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.RationalQuadraticSpline(x, raw, bins, bound));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.RationalQuadraticSplineInverse(x, raw, bins, bound));
    }

    // More columns than a tile has, cut anywhere: each column comes out as it does alone.
    private static void Places<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int D = 2, N = 230, K = 12, Per = (3 * K) - 1;
        (double[] points, double[] parameters) = Points(D, N, K, scale: 2);
        T[] x = [.. points.Select(T.CreateChecked)], raw = [.. parameters.Select(T.CreateChecked)];
        T[] gradient = [.. Uniforms(new Rng(9), (D + 1) * N, 1).Select(T.CreateChecked)];
        T[][] whole = Run(x, raw, gradient, N);
        foreach ((int from, int to) in new[] { (0, 1), (3, 12), (9, 26), (100, 131), (5, 229), (N - 1, N) })
        {
            T[][] part = Run(Cut(x, N, from, to), Cut(raw, N, from, to), Cut(gradient, N, from, to), to - from);
            for (int i = 0; i < whole.Length; i++)
            {
                Assert.Equal(Cut(whole[i], N, from, to), part[i]);
            }
        }

        static T[] Cut(T[] matrix, int columns, int from, int to) =>
            [.. Enumerable.Range(0, matrix.Length / columns).SelectMany(row => matrix[((row * columns) + from)..((row * columns) + to)])];

        static T[][] Run(T[] x, T[] raw, T[] gradient, int n)
        {
            T[] y = new T[(D + 1) * n], back = new T[(D + 1) * n], pieces = new T[RationalQuadraticKernel.PieceLength(D, n)], byX = new T[D * n], byRaw = new T[D * Per * n];
            RationalQuadraticKernel.Forward<T>(D, n, K, Bound, x, raw, y, pieces);
            RationalQuadraticKernel.Inverse<T>(D, n, K, Bound, x, raw, back);
            RationalQuadraticKernel.Backward<T>(D, n, K, Bound, x, raw, pieces, gradient, byX, byRaw);
            T[] alone = new T[(D + 1) * n];
            RationalQuadraticKernel.Forward<T>(D, n, K, Bound, x, raw, alone, []);
            Assert.Equal(y, alone);
            return [y, back, byX, byRaw];
        }
    }

    // Inside, at and outside the bound, and what is no number.
    private static (double[] X, double[] Raw) Points(int d, int n, int bins, double scale)
    {
        Rng rng = new Rng(5).Split(d).Split(n).Split(bins);
        double[] special = [Bound, -Bound, Math.BitDecrement(Bound), Math.BitIncrement(-Bound), 0, -0.0, 1e-300, Nan, Inf, -Inf];
        double[] x = Uniforms(rng.Split("x"), d * n, 1.3 * Bound);
        for (int i = 3; i < x.Length; i += 5)
        {
            x[i] = special[i / 5 % special.Length];
        }

        return (x, Uniforms(rng.Split("raw"), d * n * ((3 * bins) - 1), scale));
    }

    private static double[] Uniforms(Rng rng, int count, double largest) =>
        [.. Enumerable.Range(0, count).Select(_ => rng.NextUniform(-largest, largest))];

    private static T[] Forward<T>(T[] x, T[] raw, int d, int n, int bins)
        where T : unmanaged
    {
        T[] y = new T[(d + 1) * n];
        RationalQuadraticKernel.Forward<T>(d, n, bins, Bound, x, raw, y, []);
        return y;
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = expected[i].Equals(actual[i]) ? 0 : Math.Abs(expected[i] - actual[i]) / (1 + Math.Abs(expected[i]));
            Assert.True(error <= tolerance, $"{what}, element {i}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }
}
