using Quincunx.Inference.Distributions;

namespace Quincunx.Tests.Physics.Spectra;

/// <summary>The ranges that the spectrum's documentation names.</summary>
internal static class SpectrumPrior
{
    public static Box Box { get; } = new([1000, -0.3, -1, -1, -1, 0], [1400, 0.3, 1, 1, 1, 1]);
}
