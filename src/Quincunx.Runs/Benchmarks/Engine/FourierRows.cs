using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Fourier transforms as a share of the multiply-add peak, counted as 5 n log₂ n operations whatever is done (half of that for real numbers).</summary>
internal static class FourierRows
{
    public static IEnumerable<RowPlan> All(Bench bench) =>
    [
        .. new[] { 64, 1024, 16384, 1000, 1009 }.Select(n => Row(bench, $"FFT of {n}", n, 1, DType.Float64, Complex(1, n), z => Tensor.Fft(z))),
        Row(bench, "FFT of 1024, 100 lanes", 1024, 100, DType.Float64, Complex(100, 1024), z => Tensor.Fft(z)),
        Row(bench, "FFT of 64, 1,000 lanes", 64, 1000, DType.Float64, Complex(1000, 64), z => Tensor.Fft(z)),
        Row(bench, "FFT of 64, 1,000 columns", 64, 1000, DType.Float64, Complex(64, 1000), z => Tensor.Fft(z, 1)),
        Row(bench, "FFT of 1024", 1024, 1, DType.Float32, Complex(1, 1024), z => Tensor.Fft(z)),
        Row(bench, "real FFT of 1024", 1024, 0.5, DType.Float64, new Shape(1024), x => Tensor.RealFft(x)),
    ];

    private static RowPlan Row(Bench bench, string name, int n, double lanes, DType dtype, Shape shape, Func<Tensor, Tensor> function)
    {
        Probe probe = bench.Time(() =>
        {
            Tensor x = Tensor.Normal(0, 1, new Rng(1), shape, dtype);
            return () =>
            {
                using var scope = new TensorScope();
                function(x);
            };
        });
        bool single = dtype == DType.Float32;
        return new RowPlan(
            name, 1, single ? RowPlan.Float32 : RowPlan.Float64, Units.Flops, Quantity.Rate(probe, 5e-9 * lanes * n * Math.Log2(n)),
            single ? bench.PeakBound<float>(1) : bench.PeakBound<double>(1));
    }

    private static Shape Complex(int rows, int columns) => new(2, rows, columns);
}
