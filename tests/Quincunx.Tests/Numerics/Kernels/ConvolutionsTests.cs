using Quincunx.Numerics.Kernels;

namespace Quincunx.Tests.Numerics.Kernels;

/// <summary>Sizes of several blocks, and threads; the table of operations has the small ones.</summary>
public sealed class ConvolutionsTests
{
    private const int Batch = 5, Groups = 2, Channels = 33, Filters = 7;

    // 33 channels by 3 x 3 elements of 8 bytes: 96 windows to a block, some of which begin in the middle of a line.
    private static WindowGeometry Geometry => new([25, 31], [3, 3], [1, 1], [1, 1], [1, 1], circular: true);

    [Fact]
    public void Forward_InBlocks_MatchesTheSum()
    {
        WindowGeometry g = Geometry;
        double[] x = Fill(Batch * Groups * Channels * 25 * 31, 1), w = Fill(Groups * Filters * Channels * 9, 2), y = new double[Batch * Groups * Filters * 25 * 31];

        Convolutions.Forward<double>(g, Batch, Groups, Channels, Filters, x, w, [], y, threads: 1);

        for (int i = 0; i < y.Length; i += 97)
        {
            (int c, int r, int f, int n) = (i % 31, i / 31 % 25, i / 775 % (Groups * Filters), i / 775 / (Groups * Filters));
            double sum = 0;
            for (int j = 0; j < Channels * 9; j++)
            {
                int row = (r + (j / 3 % 3) + 24) % 25, column = (c + (j % 3) + 30) % 31, plane = (((n * Groups) + (f / Filters)) * Channels) + (j / 9);
                sum += w[(f * Channels * 9) + j] * x[(((plane * 25) + row) * 31) + column];
            }

            Assert.Equal(sum, y[i], 1e-10);
        }
    }

    // <y, W x> = <Wᵀ y, x> = <y xᵀ, W>.
    [Fact]
    public void Transposes_InBlocks_GiveOneNumber()
    {
        WindowGeometry g = Geometry;
        double[] x = Fill(Batch * Groups * Channels * 25 * 31, 1), w = Fill(Groups * Filters * Channels * 9, 2), y = Fill(Batch * Groups * Filters * 25 * 31, 3);
        double[] wx = new double[y.Length], wy = new double[x.Length], yx = new double[w.Length];
        Convolutions.Forward<double>(g, Batch, Groups, Channels, Filters, x, w, [], wx, threads: 1);
        Convolutions.Back<double>(g, Batch, Groups, Channels, Filters, y, w, wy, threads: 1);
        Convolutions.Weights<double>(g, Batch, Groups, Channels, Filters, x, y, yx, threads: 1);

        double number = Dot(y, wx);
        Assert.Equal(number, Dot(x, wy), 1e-9 * Math.Abs(number));
        Assert.Equal(number, Dot(w, yx), 1e-9 * Math.Abs(number));
    }

    [Fact]
    public void EachSide_OnMoreThreads_HasTheSameBits()
    {
        WindowGeometry g = Geometry;
        double[] x = Fill(Batch * Groups * Channels * 25 * 31, 1), w = Fill(Groups * Filters * Channels * 9, 2), y = Fill(Batch * Groups * Filters * 25 * 31, 3);
        double[][] Run(int threads)
        {
            double[] wx = new double[y.Length], wy = new double[x.Length], yx = new double[w.Length];
            Convolutions.Forward<double>(g, Batch, Groups, Channels, Filters, x, w, [], wx, threads);
            Convolutions.Back<double>(g, Batch, Groups, Channels, Filters, y, w, wy, threads);
            Convolutions.Weights<double>(g, Batch, Groups, Channels, Filters, x, y, yx, threads);
            return [wx, wy, yx];
        }

        Assert.Equal(Run(1), Run(4));
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();

    private static double[] Fill(int length, int seed) => [.. Enumerable.Range(0, length).Select(i => Math.Sin((i + 1) * (0.7 + seed)))];
}
