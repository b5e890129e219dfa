using BenchmarkDotNet.Attributes;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks;

/// <summary>Cost of 4,096 draws, beside the platform's own (unseeded by stream, not splittable) generator.</summary>
[MemoryDiagnoser]
public class RngBenchmarks
{
    private readonly double[] _x = new double[4096];
    private readonly float[] _single = new float[4096];
    private readonly Rng _rng = new(1);
#pragma warning disable RS0030 // the peer to compare with
    private readonly System.Random _peer = new(1);

    [Benchmark(Baseline = true)]
    public void PlatformUniform()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            _x[i] = _peer.NextDouble();
        }
    }
#pragma warning restore RS0030

    [Benchmark]
    public void Uniform() => _rng.FillUniform(_x);

    [Benchmark]
    public void Normal() => _rng.FillNormal(_x);

    [Benchmark]
    public void NormalSingle() => _rng.FillNormal(_single);

    [Benchmark]
    public void Gamma()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            _x[i] = _rng.NextGamma(2.5);
        }
    }

    [Benchmark]
    public void Poisson()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            _x[i] = _rng.NextPoisson(100);
        }
    }

    [Benchmark]
    public double SplitAndDrawOnce()
    {
        double sum = 0;
        for (int i = 0; i < _x.Length; i++)
        {
            sum += _rng.Split(i).NextDouble();
        }

        return sum;
    }
}
