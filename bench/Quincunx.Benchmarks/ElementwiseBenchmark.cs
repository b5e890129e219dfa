using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Benchmarks;

/// <summary>Our vectorised functions beside those of the library, and beside one number at a time.</summary>
[MemoryDiagnoser]
public class ElementwiseBenchmark
{
    private readonly float[] _x = [.. Enumerable.Range(0, 4096).Select(i => (i * 0.003f) - 6)];
    private readonly float[] _y = new float[4096];

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
    public void TanhOfLibrary() => TensorPrimitives.Tanh(_x, _y);

    [Benchmark]
    public void Tanh() => Elementwise.Tanh<float>(_x, _y);

    [Benchmark]
    public void Softplus() => Elementwise.Softplus<float>(_x, _y);

    [Benchmark]
    public void Silu() => Elementwise.Silu<float>(_x, _y);

    [Benchmark]
    public void Gelu() => Elementwise.Gelu<float>(_x, _y);

    [Benchmark]
    public void Log1p() => Elementwise.Log1p<float>(_x, _y);

    [Benchmark]
    public float Sum() => Reductions.Sum<float>(_x);

    [Benchmark]
    public float LogSumExp() => Reductions.LogSumExp<float>(_x);
}
