using BenchmarkDotNet.Attributes;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Benchmarks.Tensors;

/// <summary>What an operation costs besides its arithmetic, and a small network's training step.</summary>
[MemoryDiagnoser]
public class OperationBenchmarks
{
    private const int Chain = 100, Batch = 200, Width = 50;

    private readonly Tensor _small = Tensor.Ones(new Shape(16)).Track();
    private readonly Tensor _input = Tensor.Uniform(-1, 1, new Rng(1), new Shape(Batch, Width));
    private readonly Tensor[] _weights = [.. Enumerable.Range(2, 4).Select(i => Tensor.Uniform(-0.2, 0.2, new Rng((ulong)i), i % 2 == 0 ? new Shape(Width, Width) : new Shape(Width)).Track())];

    /// <summary>A recorded operation with a number, on 16 elements.</summary>
    [Benchmark(OperationsPerInvoke = Chain)]
    public Tensor RecordNumber()
    {
        using var scope = new TensorScope();
        Tensor y = _small;
        for (int i = 0; i < Chain; i++)
        {
            y = y * 1.01;
        }

        return y;
    }

    /// <summary>A recorded operation of two tensors, on 16 elements.</summary>
    [Benchmark(OperationsPerInvoke = Chain)]
    public Tensor RecordPair()
    {
        using var scope = new TensorScope();
        Tensor y = _small;
        for (int i = 0; i < Chain; i++)
        {
            y = y + _small;
        }

        return y;
    }

    /// <summary>A recorded operation and its share of the backward pass, on 16 elements.</summary>
    [Benchmark(OperationsPerInvoke = Chain)]
    public Tensor RecordAndDifferentiate()
    {
        using var scope = new TensorScope();
        Tensor y = _small;
        for (int i = 0; i < Chain; i++)
        {
            y = y * 1.01;
        }

        return Gradient.Of(y.Sum(), _small);
    }

    /// <summary>Forward and backward through two layers of 50 units on a batch of 200.</summary>
    [Benchmark]
    public Tensor SmallNetworkStep()
    {
        using var scope = new TensorScope();
        Tensor hidden = Tensor.Silu(Tensor.Linear(_input, _weights[0], _weights[1]));
        Tensor y = Tensor.Square(Tensor.Linear(hidden, _weights[2], _weights[3])).Mean();
        return Gradient.Of(y, _weights)[0];
    }
}
