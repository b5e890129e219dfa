using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Spectra;

/// <summary>The spectrum of <see cref="EmissionSpectrum"/> without noise, which training can add itself, at every level, in every step.</summary>
public sealed class CleanSpectrum : ISimulator
{
    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = new EmissionSpectrum().ParameterNames;

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames { get; } = new EmissionSpectrum().OutputNames;

    /// <inheritdoc/>
    /// <remarks>Draws nothing.</remarks>
    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => EmissionSpectrum.Flux(theta, x);
}
