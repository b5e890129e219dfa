using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Benchmarks;

/// <summary>Our vectorised functions beside those of the library, and beside one number at a time.</summary>
[MemoryDiagnoser]
public class ElementwiseBenchmark
{
    private float[] _x = [];
    private float[] _positive = [];
    private float[] _y = [];

    /// <summary>One register; the first cache; beyond the second.</summary>
    [Params(16, 4096, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _x = [.. Enumerable.Range(0, Count).Select(i => (i * 0.003f % 12) - 6)];
        _positive = [.. _x.Select(x => x + 6.5f)];
        _y = new float[Count];
    }

    [Benchmark(Baseline = true)]
    public void ExpOneByOne()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            _y[i] = MathF.Exp(_x[i]);
        }
    }

    [Benchmark]
    public void ExpOfLibrary() => TensorPrimitives.Exp(_x, _y);

    [Benchmark]
    public void Exp() => Elementwise.Exp<float>(_x, _y);

    [Benchmark]
    public void Expm1() => Elementwise.Expm1<float>(_x, _y);

    [Benchmark]
    public void Log() => Elementwise.Log<float>(_positive, _y);

    [Benchmark]
    public void Log1p() => Elementwise.Log1p<float>(_positive, _y);

    [Benchmark]
    public void TanhOfLibrary() => TensorPrimitives.Tanh(_x, _y);

    [Benchmark]
    public void Tanh() => Elementwise.Tanh<float>(_x, _y);

    [Benchmark]
    public void Sigmoid() => Elementwise.Sigmoid<float>(_x, _y);

    [Benchmark]
    public void Softplus() => Elementwise.Softplus<float>(_x, _y);

    [Benchmark]
    public void Silu() => Elementwise.Silu<float>(_x, _y);

    [Benchmark]
    public void Gelu() => Elementwise.Gelu<float>(_x, _y);

    [Benchmark]
    public void NormalCdf() => Elementwise.NormalCdf<float>(_x, _y);

    [Benchmark]
    public void Erf() => Elementwise.Erf<float>(_x, _y);

    [Benchmark]
    public void Relu() => Elementwise.Relu<float>(_x, _y);

    [Benchmark]
    public void AddOfLibrary() => TensorPrimitives.Add<float>(_x, _positive, _y);

    [Benchmark]
    public void Add() => VectorLoop.Map<float, Elementwise.AddLanes>(_x, _positive, _y);

    [Benchmark]
    public void MultiplyByNumber() => VectorLoop.Map<float, Elementwise.MultiplyLanes>(_x, 1.5f, _y);

    [Benchmark]
    public void Gate() => VectorLoop.Map<float, Elementwise.GateLanes>(_x, _positive, _y);

    [Benchmark]
    public void Choose() => Elementwise.Choose<float>(_x, _positive, _x, _y);
}
