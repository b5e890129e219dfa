using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Electroweak;

namespace Quincunx.Benchmarks.Inference;

/// <summary>The cosine of one muon pair's angle and its measured mass in GeV: the second tells the energy, which the first alone cannot tell from the weak mixing angle.</summary>
internal sealed class MuonAngleAndMass : ISimulator
{
    private readonly MuonAngles _angle = new(events: 1);

    public IReadOnlyList<string> ParameterNames => _angle.ParameterNames;

    public IReadOnlyList<string> OutputNames { get; } = ["cosine", "mass_gev"];

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        ((ISimulator)_angle).Simulate(theta, x[..1], rng);
        x[1] = theta[1] * (1 + (MuonScan.MassResolution * rng.NextNormal()));
    }
}
