using System.Numerics;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Kernels;

[Collection(SimdCollection.Name)]
public sealed class AffineTransformKernelTests
{
    private const double Largest = 1.5;

    [Fact]
    public void EveryKernel_EveryWidthTo40_MatchesTheFormulas() => SimdCollection.AtEachLevel(() =>
    {
        for (int n = 0; n <= 40; n++)
        {
            Check<double>(d: 1 + (n % 7), n, 1e-14);
            Check<float>(d: 1 + (n % 7), n, 2e-6);
        }

        Check<double>(d: 5, n: 200, 1e-14);
        Check<double>(d: 0, n: 20, 1e-14);
    });

    [Fact]
    public void Forward_HugeRawNanAndInfinity_ReachesTheLargestScaleAndKeepsNaN() => SimdCollection.AtEachLevel(() =>
    {
        double[] x = [1, 1, double.NaN, 1, double.PositiveInfinity, 1], y = new double[12], back = new double[12];
        double[] raw = [0, 0, 0, double.NaN, 0, 0, 1e300, double.NegativeInfinity, 0, 0, 0, double.NaN];
        AffineTransformKernel.Forward<double>(1, 6, Largest, x, raw, y);
        AffineTransformKernel.Inverse<double>(1, 6, Largest, x, raw, back);
        double scale = Math.Exp(Largest);
        double[] logs = [Largest, -Largest, 0, 0, 0, double.NaN];
        Assert.Equal([scale, 1 / scale, double.NaN, double.NaN, double.PositiveInfinity, double.NaN, .. logs], y, Near);
        Assert.Equal([1 / scale, scale, double.NaN, double.NaN, double.PositiveInfinity, double.NaN, .. logs], back, Near);
    });

    [Fact]
    public void EveryKernel_AnyPlace_GivesAColumnTheSameBits() => SimdCollection.AtEachLevel(() =>
    {
        const int N = 53;
        float[][] whole = Run<float>(1, N, 0, N);
        foreach ((int from, int to) in new[] { (0, 1), (5, 12), (7, 24), (36, 53), (52, 53) })
        {
            float[][] part = Run<float>(1, N, from, to);
            for (int i = 0; i < whole.Length; i++)
            {
                Assert.Equal(Enumerable.Range(0, whole[i].Length / N).SelectMany(row => whole[i][((row * N) + from)..((row * N) + to)]), part[i]);
            }
        }
    });

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AffineTransform_LargestLogScaleOutOfRange_Throws(double largest)
    {
        Tensor x = Tensor.Zeros(new Shape(1, 3)), raw = Tensor.Zeros(new Shape(2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.AffineTransform(x, raw, largest));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.AffineTransformInverse(x, raw, largest));
    }

    private static bool Near(double a, double b) => a.Equals(b) || Math.Abs(a - b) <= 1e-14 * Math.Abs(a);

    private static void Check<T>(int d, int n, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[][] actual = Run<T>(d, n, 0, n);
        (double[] x, double[] raw, double[] gradient) = Points(d, n);
        for (int j = 0; j < n; j++)
        {
            double sum = 0;
            for (int i = 0; i < d; i++)
            {
                double t = raw[(2 * i * n) + j], tanh = Math.Tanh(raw[(((2 * i) + 1) * n) + j] / Largest), s = Largest * tanh, own = x[(i * n) + j];
                double byY = gradient[(i * n) + j], byX = byY * Math.Exp(s);
                sum += s;
                Close((own * Math.Exp(s)) + t, actual[0][(i * n) + j], "y");
                Close((own - t) * Math.Exp(-s), actual[1][(i * n) + j], "x");
                Close(byX, actual[2][(i * n) + j], "dx");
                Close(byY, actual[3][(2 * i * n) + j], "dt");
                Close(((byX * own) + gradient[(d * n) + j]) * (1 - (tanh * tanh)), actual[3][(((2 * i) + 1) * n) + j], "ds");
            }

            Close(sum, actual[0][(d * n) + j], "sum");
            Close(sum, actual[1][(d * n) + j], "sum of the inverse");
        }

        void Close(double expected, T value, string what) =>
            Assert.True(Math.Abs(expected - double.CreateChecked(value)) <= tolerance * (1 + Math.Abs(expected)), $"{what} of {d} x {n}: expected {expected:R}, got {value}");
    }

    // Forward, inverse, and the gradients with respect to x and raw, of the columns between.
    private static T[][] Run<T>(int d, int columns, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = to - from;
        (double[] points, double[] parameters, double[] weights) = Points(d, columns);
        T[] x = Cut(points), raw = Cut(parameters), gradient = Cut(weights);
        T[] y = new T[(d + 1) * n], back = new T[(d + 1) * n], byX = new T[d * n], byRaw = new T[2 * d * n];
        AffineTransformKernel.Forward<T>(d, n, Largest, x, raw, y);
        AffineTransformKernel.Inverse<T>(d, n, Largest, x, raw, back);
        AffineTransformKernel.Backward<T>(d, n, Largest, x, raw, gradient, byX, byRaw);
        return [y, back, byX, byRaw];

        T[] Cut(double[] matrix) => columns == 0 ? [] :
            [.. Enumerable.Range(0, matrix.Length / columns).SelectMany(row => matrix[((row * columns) + from)..((row * columns) + to)]).Select(T.CreateChecked)];
    }

    private static (double[] X, double[] Raw, double[] Gradient) Points(int d, int n)
    {
        Rng rng = new Rng(6).Split(d).Split(n);
        double[] Uniforms(int count) => [.. Enumerable.Range(0, count).Select(_ => rng.NextUniform(-2, 2))];
        return (Uniforms(d * n), Uniforms(2 * d * n), Uniforms((d + 1) * n));
    }
}
