using BenchmarkDotNet.Running;
using Quincunx.Benchmarks;
using Quincunx.Numerics.Kernels;

if (args is ["peak", ..])
{
    // The optional second word names the lowest level to measure.
    PeakCommand.Run(Console.Out, rounds: 41, args.Length > 1 ? Enum.Parse<SimdLevel>(args[1], ignoreCase: true) : SimdLevel.None);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(MatrixProductBenchmark).Assembly).Run(args);
