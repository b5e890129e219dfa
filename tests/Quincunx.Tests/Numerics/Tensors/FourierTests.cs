using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public sealed class FourierTests
{
    // Powers of two, mixed radices, primes, and products of a large prime.
    public static TheoryData<int> Lengths => [.. new[] { 2, 16, 63, 64, 100, 169, 256, 360, 509, 1000, 1024, 1155, 1331, 2017, 2048, 3002, 4096 }];

    // Root mean square error over that of the result, as is usual; a transform rounds each number about log₂ n times.
    [Theory, MemberData(nameof(Lengths))]
    public void Fft_LongLengths_IsAccurate(int n)
    {
        Tensor z = Draw(2, n);
        double[] x = z.ToArray(), fast = Tensor.Fft(z).ToArray(), single = Tensor.Fft(z.To(DType.Float32)).ToArray();
        (double error, double coarse, double size) = (0, 0, 0);
        for (int k = 0; k < n; k += Math.Max(1, n / 97))
        {
            (double re, double im, double lostRe, double lostIm) = (0, 0, 0, 0);
            for (long j = 0; j < n; j++)
            {
                (double c, double s) = Roots.Of(j * k % n, n);
                Add(ref re, ref lostRe, (c * x[j]) - (s * x[n + j]));
                Add(ref im, ref lostIm, (c * x[n + j]) + (s * x[j]));
            }

            (re, im) = (re + lostRe, im + lostIm);
            error += Square(fast[k] - re) + Square(fast[n + k] - im);
            coarse += Square(single[k] - re) + Square(single[n + k] - im);
            size += Square(re) + Square(im);
        }

        Assert.InRange(Math.Sqrt(error / size), 0, 3e-16 * (1 + Math.Log2(n)));
        Assert.InRange(Math.Sqrt(coarse / size), 0, 1.5e-7 * (1 + Math.Log2(n)));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void InverseFft_OfFft_IsTheIdentity(int n)
    {
        Tensor z = Draw(2, 3, n), x = Draw(3, n);

        AssertClose(z, Tensor.InverseFft(Tensor.Fft(z)), 4e-15);
        AssertClose(x, Tensor.InverseRealFft(Tensor.RealFft(x), n), 4e-15);
        AssertClose(z, Tensor.InverseFft(Tensor.Fft(z.Transpose(0, 2, 1), 1), 1).Transpose(0, 2, 1), 4e-15);
    }

    // Along either axis, and of one lane or several, by different ways through the kernels.
    [Theory, MemberData(nameof(Lengths))]
    public void Fft_OfManyLanes_AgreesWithOneByOne(int n)
    {
        Tensor z = Draw(2, 11, n), together = Tensor.Fft(z), turned = Tensor.Fft(z.Transpose(0, 2, 1), 1).Transpose(0, 2, 1);
        Tensor alone = Tensor.Stack([.. Enumerable.Range(0, 11).Select(i => Tensor.Fft(z.At(1, i)))], axis: 1);

        AssertClose(alone, together, 1e-14 * Math.Sqrt(n));
        AssertClose(alone, turned, 1e-14 * Math.Sqrt(n));
    }

    [Fact]
    public void Fft_OfProduct_IsAConvolution()
    {
        Tensor a = Draw(12), b = Draw(12), fa = Tensor.RealFft(a), fb = Tensor.RealFft(b);
        (Tensor ar, Tensor ai, Tensor br, Tensor bi) = (fa.At(0, 0), fa.At(0, 1), fb.At(0, 0), fb.At(0, 1));
        Tensor product = Tensor.Stack([(ar * br) - (ai * bi), (ar * bi) + (ai * br)]);
        double[] x = a.ToArray(), y = b.ToArray();

        Assert.Equal(
            Enumerable.Range(0, 12).Select(k => Enumerable.Range(0, 12).Sum(j => x[j] * y[(k - j + 12) % 12])),
            Tensor.InverseRealFft(product, 12).ToArray(),
            (p, q) => Math.Abs(p - q) < 1e-14);
    }

    [Fact]
    public void Fft_OfNan_StaysInItsLane()
    {
        Tensor z = Tensor.Concat([Draw(2, 1, 70) * double.NaN, Draw(2, 2, 70)], axis: 1);
        double[] y = Tensor.Fft(z).Transpose(1, 0, 2).ToArray();

        Assert.All(y[..140], v => Assert.True(double.IsNaN(v)));
        Assert.All(y[140..], v => Assert.True(double.IsFinite(v)));
    }

    [Fact]
    public void Fft_OnAxesThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Fft(Draw(2, 3), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.InverseRealFft(Draw(2, 1), 0));
        Assert.Throws<ShapeException>(() => Tensor.Fft(Draw(2, 0)));
        Assert.Throws<ShapeException>(() => Tensor.Fft(Draw(2)));
    }

    private static Tensor Draw(params int[] lengths) => Tensor.Normal(0, 1, new Rng(5), new Shape(lengths), DType.Float64);

    // Neumaier's sum: what roundings lose is kept apart.
    private static void Add(ref double sum, ref double lost, double x)
    {
        double next = sum + x;
        lost += Math.Abs(sum) >= Math.Abs(x) ? sum - next + x : x - next + sum;
        sum = next;
    }

    private static double Square(double x) => x * x;

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray(), actual.ToArray(), (a, b) => Math.Abs(a - b) <= tolerance * (1 + Math.Abs(a)));
    }
}
