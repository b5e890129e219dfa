using BenchmarkDotNet.Attributes;
using Quincunx.Numerics.Kernels;
using Quincunx.Runs.Benchmarks.Engine;

namespace Quincunx.Benchmarks;

/// <summary>Products of the sizes that small networks have, and of the size that the processor's limit is quoted at.</summary>
[MemoryDiagnoser]
public class MatrixProductBenchmark
{
    private float[] _a = [], _b = [], _c = [];
    private double[] _a64 = [], _b64 = [], _c64 = [];

    [ParamsSource(nameof(Sizes))]
    public Size Shape { get; set; } = new(1, 1, 1);

    [Params(false, true)]
    public bool TransposeB { get; set; }

    public static IEnumerable<Size> Sizes => [new(1, 1, 1), new(1, 64, 64), new(200, 10, 10), new(200, 64, 64), new(128, 128, 128), new(512, 512, 512)];

    [GlobalSetup]
    public void Setup()
    {
        (_a, _b, _c) = (Fill<float>(Shape.M * Shape.K), Fill<float>(Shape.K * Shape.N), new float[Shape.M * Shape.N]);
        (_a64, _b64, _c64) = (Fill<double>(Shape.M * Shape.K), Fill<double>(Shape.K * Shape.N), new double[Shape.M * Shape.N]);
    }

    [Benchmark]
    public void Single() => MatrixProduct.Multiply<float>(transposeA: false, TransposeB, Shape.M, Shape.N, Shape.K, _a, _b, _c);

    [Benchmark]
    public void Double() => MatrixProduct.Multiply<double>(transposeA: false, TransposeB, Shape.M, Shape.N, Shape.K, _a64, _b64, _c64);

    [Benchmark(Baseline = true)]
    public void NaiveSingle() => NaiveProduct.Multiply<float>(TransposeB, Shape.M, Shape.N, Shape.K, _a, _b, _c);

    private static T[] Fill<T>(int length)
        where T : System.Numerics.INumber<T>
        => [.. Enumerable.Range(0, length).Select(i => T.CreateChecked((i % 7) - 3) / T.CreateChecked(8))];

    /// <summary>C is M by N, the sum runs over K.</summary>
    public sealed record Size(int M, int N, int K);
}
