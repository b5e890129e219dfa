using BenchmarkDotNet.Attributes;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Dynamics;

namespace Quincunx.Benchmarks.Physics;

/// <summary>Simulations and likelihoods of the lynx-hare model; times are for one of each, averaged over draws of the study's wide prior.</summary>
[MemoryDiagnoser]
public class LynxHareBenchmark
{
    private const int Draws = 10_000;
    private static readonly LynxHare Model = new();
    private readonly Rng _rng = new(1);
    private readonly double[] _theta = new double[8 * Draws], _x = new double[42];
    private SimulationRunner _runner = null!;

    /// <summary>Draws the parameters.</summary>
    [GlobalSetup]
    public void Setup()
    {
        for (int i = 0; i < Draws; i++)
        {
            Prior(_theta.AsSpan(8 * i, 8), _rng.Split(i));
        }

        _runner = new SimulationRunner(Model);
        Model.Simulate(_theta.AsSpan(0, 8), _x, _rng);
    }

    /// <summary>One thread, one stream: the simulator alone.</summary>
    [Benchmark(OperationsPerInvoke = Draws)]
    public void Simulate()
    {
        for (int i = 0; i < Draws; i++)
        {
            Model.Simulate(_theta.AsSpan(8 * i, 8), _x, _rng);
        }
    }

    /// <summary>One thread.</summary>
    [Benchmark(OperationsPerInvoke = Draws)]
    public double LogLikelihood()
    {
        double sum = 0;
        for (int i = 0; i < Draws; i++)
        {
            sum += Model.LogLikelihood(_theta.AsSpan(8 * i, 8), _x);
        }

        return sum;
    }

    /// <summary>All cores, with prior draws, streams split by event and the check for failures.</summary>
    [Benchmark(OperationsPerInvoke = Draws)]
    public SimulationSet Runner() => _runner.Run(Prior, 0, Draws, _rng);

    private static void Prior(Span<double> theta, Rng rng)
    {
        for (int i = 0; i < 4; i++)
        {
            do
            {
                theta[i] = i % 2 == 0 ? 1 + (0.5 * rng.NextNormal()) : 0.05 + (0.05 * rng.NextNormal());
            }
            while (theta[i] <= 0);
        }

        for (int i = 4; i < 8; i++)
        {
            theta[i] = Math.Exp((i < 6 ? -1 : Math.Log(10)) + rng.NextNormal());
        }
    }
}
