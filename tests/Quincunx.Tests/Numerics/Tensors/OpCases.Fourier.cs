using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    // Every length to 34: every radix, primes that are convolved (17 and up); above 63 single lanes are split in two. Blocks of lanes, full and not, along each axis.
    private static IEnumerable<OpCase> Fourier =>
    [
        Row("Fft", x => Tensor.Fft(x[0]), x => Dft(x[0], -1, -1), [[2, 1]], [[2, 4]], [[2, 6]], [[2, 3, 5]], [[2, 2, 1, 7]], [[2, 0, 3]], [[2, 17]]) with { Misfit = [[3, 4]], Tolerance = 4e-14 },
        Row("Fft:every length", x => Tensor.Fft(x[0]), x => Dft(x[0], -1, -1), [.. Enumerable.Range(1, 34).Select(n => new int[][] { [2, n] }), [[2, 64]], [[2, 66]], [[2, 81]], [[2, 128]], [[2, 130]]])
            with { GradientShapes = [], Tolerance = 4e-14 },
        Row("Fft:lanes", x => Tensor.Fft(x[0]), x => Dft(x[0], -1, -1), [[2, 8, 12]], [[2, 19, 8]], [[2, 2, 64]], [[2, 3, 38]]) with { GradientShapes = [], Tolerance = 4e-14 },
        Row("Fft:axis", x => Tensor.Fft(x[0], 1), x => Dft(x[0], 1, -1), [[2, 6, 2]], [[2, 5, 1, 3]], [[2, 64, 3]], [[2, 12, 21]], [[2, 19, 2]]) with { GradientShapes = [[[2, 6, 2]]], Tolerance = 4e-14 },
        Row("InverseFft", x => Tensor.InverseFft(x[0]), x => Dft(x[0], -1, 1), [[2, 1]], [[2, 4]], [[2, 2, 6]], [[2, 19]], [[2, 64]]) with { GradientShapes = [[[2, 4]], [[2, 2, 5]]], Misfit = [[3, 4]] },
        Row("RealFft", x => Tensor.RealFft(x[0]), x => RealDft(x[0], -1), [[1]], [[2]], [[5]], [[8]], [[3, 7]], [[2, 1, 6]], [[0, 4]], [[17]]) with { Misfit = [[3, 0]], Tolerance = 4e-14 },
        Row("RealFft:every length", x => Tensor.RealFft(x[0]), x => RealDft(x[0], -1), [.. Enumerable.Range(1, 40).Select(n => new int[][] { [n] }), [[2, 64]], [[9, 65]], [[128]]])
            with { GradientShapes = [], Tolerance = 4e-14 },
        Row("RealFft:axis", x => Tensor.RealFft(x[0], 0), x => RealDft(x[0], 0), [[6, 2]], [[5, 3]], [[64, 11]]) with { GradientShapes = [[[6, 2]], [[5, 3]]], Tolerance = 4e-14 },
        Row("InverseRealFft", x => Tensor.InverseRealFft(x[0], 6), x => InverseRealDft(x[0], 6), [[2, 4]], [[2, 3, 4]]) with { Misfit = [[2, 5]] },
        Row("InverseRealFft:odd", x => Tensor.InverseRealFft(x[0], 7), x => InverseRealDft(x[0], 7), [[2, 4]], [[2, 3, 4]]),
        Row("InverseRealFft:one", x => Tensor.InverseRealFft(x[0], 1), x => InverseRealDft(x[0], 1), [[2, 1]], [[2, 3, 1]]),
        Row("InverseRealFft:two", x => Tensor.InverseRealFft(x[0], 2), x => InverseRealDft(x[0], 2), [[2, 2]], [[2, 3, 2]]),
        Row("InverseRealFft:long", x => Tensor.InverseRealFft(x[0], 96), x => InverseRealDft(x[0], 96), [[2, 49]], [[2, 9, 49]]) with { GradientShapes = [] },
    ];

    private static NaiveArray Dft(NaiveArray z, int axis, int sign)
    {
        int normal = axis < 0 ? axis + z.Rank : axis, n = z.Lengths[normal];
        return NaiveArray.Of(z.Lengths, at =>
        {
            double sum = 0;
            for (int j = 0; j < n; j++)
            {
                (double s, double c) = Math.SinCos(2 * Math.PI * ((long)j * at[normal] % n) / n);
                int[] from = NaiveArray.Replace(at, normal, j);
                (double re, double im) = (z.At(NaiveArray.Replace(from, 0, 0)), z.At(NaiveArray.Replace(from, 0, 1)));
                sum += at[0] == 0 ? (c * re) - (sign * s * im) : (c * im) + (sign * s * re);
            }

            return sign > 0 ? sum / n : sum;
        });
    }

    private static NaiveArray RealDft(NaiveArray x, int axis)
    {
        int normal = (axis < 0 ? axis + x.Rank : axis) + 1;
        NaiveArray full = Dft(NaiveArray.Of([2, .. x.Lengths], at => at[0] == 0 ? x.At(at[1..]) : 0), normal, -1);
        return NaiveArray.Of(NaiveArray.Replace(full.Lengths, normal, (x.Lengths[normal - 1] / 2) + 1), at => full.At(at));
    }

    // The spectrum is completed by its mirror image; without imaginary parts where that is itself.
    private static NaiveArray InverseRealDft(NaiveArray z, int n)
    {
        NaiveArray full = NaiveArray.Of([.. z.Lengths[..^1], n], at =>
        {
            int k = at[^1];
            return 2 * k <= n
                ? (at[0] == 1 && (k == 0 || 2 * k == n) ? 0 : z.At(at))
                : (at[0] == 1 ? -1 : 1) * z.At([.. at[..^1], n - k]);
        });
        NaiveArray x = Dft(full, -1, 1);
        return NaiveArray.Of(x.Lengths[1..], at => x.At([0, .. at]));
    }
}
