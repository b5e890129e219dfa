using Quincunx.Inference.Distributions;
using Quincunx.Tests.Inference.Fresh;

namespace Quincunx.Tests.Inference.Pilots;

/// <summary><see cref="NoisyLine"/> as a pilot wants it.</summary>
internal static class Line
{
    public static IndependentProduct Prior => NoisyLine.Prior;

    public static void Slopes(ReadOnlySpan<double> theta, Span<double> outputs, Span<double> slopes)
    {
        var line = new NoisyLine();
        line.Simulate([1, 0], slopes[..NoisyLine.Outputs], new(0));
        line.Simulate([0, 1], slopes[NoisyLine.Outputs..], new(0));
        line.Simulate(theta, outputs, new(0));
    }
}
