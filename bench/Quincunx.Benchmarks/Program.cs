using BenchmarkDotNet.Running;
using Quincunx.Benchmarks;
using Quincunx.Inference.Flows;
using Quincunx.Numerics.Kernels;

if (args is ["peak", ..])
{
    // The optional second word names the lowest level to measure.
    PeakCommand.Run(Console.Out, rounds: 41, args.Length > 1 ? Enum.Parse<SimdLevel>(args[1], ignoreCase: true) : SimdLevel.None);
    return;
}

if (args is ["profile", "mlp"])
{
    StepProfile.Regression(Console.Out);
    return;
}

if (args is ["profile", ..])
{
    StepProfile.Posterior(Console.Out, args.Length > 1 ? Enum.Parse<FlowKind>(args[1], ignoreCase: true) : FlowKind.SplineAutoregressive);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(MatrixProductBenchmark).Assembly).Run(args);
