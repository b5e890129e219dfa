using BenchmarkDotNet.Attributes;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Benchmarks;

/// <summary>The elementwise transforms of a flow of five parameters, forward and back, on the columns of a training step and of a set of draws.</summary>
[MemoryDiagnoser]
public class TransformBenchmark
{
    private const int D = 5, Bins = 10, Parameters = D * ((3 * Bins) - 1);
    private const double Bound = 5, LargestLogScale = 5;
    private float[] _x = [], _raw = [], _y = [], _pieces = [], _gradient = [], _gradientX = [], _gradientRaw = [];

    [Params(200, 10_000)]
    public int Columns { get; set; } = 200;

    [GlobalSetup]
    public void Setup()
    {
        // Points over most of the interval, so that every bin is met.
        _x = Fill(D, 4);
        _raw = Fill(Parameters, 2);
        _gradient = Fill(D + 1, 1);
        (_y, _gradientX, _gradientRaw) = (Fill(D + 1, 0), Fill(D, 0), Fill(Parameters, 0));
        _pieces = new float[RationalQuadraticKernel.PieceLength(D, Columns)];
        SplineKept();
    }

    [Benchmark]
    public void Spline() => RationalQuadraticKernel.Forward<float>(D, Columns, Bins, Bound, _x, _raw, _y, []);

    /// <summary>With what the way back needs.</summary>
    [Benchmark]
    public void SplineKept() => RationalQuadraticKernel.Forward<float>(D, Columns, Bins, Bound, _x, _raw, _y, _pieces);

    [Benchmark]
    public void SplineBackward() => RationalQuadraticKernel.Backward<float>(D, Columns, Bins, Bound, _x, _raw, _pieces, _gradient, _gradientX, _gradientRaw);

    [Benchmark]
    public void SplineInverse() => RationalQuadraticKernel.Inverse<float>(D, Columns, Bins, Bound, _x, _raw, _y);

    [Benchmark]
    public void Affine() => AffineTransformKernel.Forward<float>(D, Columns, LargestLogScale, _x, _raw.AsSpan(0, 2 * D * Columns), _y);

    [Benchmark]
    public void AffineBackward() => AffineTransformKernel.Backward<float>(
        D, Columns, LargestLogScale, _x, _raw.AsSpan(0, 2 * D * Columns), _gradient, _gradientX, _gradientRaw.AsSpan(0, 2 * D * Columns));

    // Numbers without a pattern, from the fractions of multiples of the golden ratio.
    private float[] Fill(int rows, double largest) =>
        [.. Enumerable.Range(1, rows * Columns).Select(i => (float)(largest * ((2 * (i * 0.6180339887498949 % 1)) - 1)))];
}
