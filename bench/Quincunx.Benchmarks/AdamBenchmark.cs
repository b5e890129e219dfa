using BenchmarkDotNet.Attributes;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Benchmarks;

/// <summary>Adam's update, which moves seven arrays through memory, beside a copy, which moves two.</summary>
[MemoryDiagnoser]
public class AdamBenchmark
{
    private static readonly AdamUpdate Update = new(Gain1: 0.1, Gain2: 1e-3, Rate: 1e-3, Root: 1, Epsilon: 1e-8, Keep: 1);

    private float[] _weight = [];
    private float[] _gradient = [];
    private float[] _mean = [];
    private float[] _square = [];

    [Params(50_000, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _weight = new float[Count];
        _gradient = [.. Enumerable.Range(0, Count).Select(i => (i % 100) - 50f)];
        _mean = new float[Count];
        _square = [.. Enumerable.Repeat(1f, Count)];
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _gradient.CopyTo(_mean, 0);

    [Benchmark]
    public void Step() => Update.Run<float>(_weight, _gradient, _mean, _square);
}
