using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Electroweak;

/// <summary>Muon pairs one by one: the cosines of their angles, from the weak mixing angle and the energy of the collisions.</summary>
/// <remarks>
/// Parameters: <c>sin2_theta_w</c>, the effective angle of leptons, in (0, 1); <c>energy_gev</c>, centre-of-mass energy in GeV, 10 to 200. The cosines are independent and
/// depend on both through the asymmetry alone (<see cref="MuonPairs"/>), so the two are seen together along a curve. G. Louppe, J. Hermans and K. Cranmer 2019,
/// "Adversarial variational optimization of non-differentiable simulators", arXiv:1707.07113, have the same events with other parameters.
/// </remarks>
public sealed class MuonAngles : IMechanism, ILikelihood
{
    /// <param name="events">Muon pairs in one data set, positive.</param>
    public MuonAngles(int events = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(events);
        OutputNames = [.. Enumerable.Range(1, events).Select(i => $"cosine_{i}")];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["sin2_theta_w", "energy_gev"];

    /// <summary>cos θ of each pair, between the incoming electron and the outgoing μ⁻.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs. Named quantity: <c>asymmetry</c>.</remarks>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        TReal asymmetry = trace.Let(new Site("asymmetry"), MuonPairs.Asymmetry(theta[1], theta[0]));
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = trace.Draw(Site.Output(i), new AngularLaw<TReal>(asymmetry));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is out of range.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);

        var law = new AngularLaw<double>(MuonPairs.Asymmetry(theta[1], theta[0]));
        double sum = 0;
        foreach (double cosine in x)
        {
            sum += law.LogProb(cosine);
        }

        return sum;
    }
}
