using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics;
using Quincunx.Tests.Physics.Dynamics;
using Quincunx.Tests.Physics.Spectra;

namespace Quincunx.Tests.Physics;

/// <summary>Every built-in simulator with a prior to try it under and the least share of finite events it must give there.</summary>
public static class SimulatorCases
{
    private static readonly Dictionary<string, (ParameterSampler Prior, double FiniteShare)> Rows = new(StringComparer.Ordinal)
    {
        ["bernoulli-glm"] = ((theta, rng) => rng.FillNormal(theta), 1),
        ["bernoulli-glm-raw"] = ((theta, rng) => rng.FillNormal(theta), 1),
        // Struck between two observations: at one of them the density has a kink.
        ["damped-oscillator"] = ((theta, rng) => (theta[0], theta[1], theta[2]) = (rng.NextUniform(3, 10), rng.NextUniform(0.2, 0.5), 0.025 + (0.05 * rng.NextInt32(100))), 1),
        ["emission-spectrum"] = ((theta, rng) => SpectrumPrior.Box.Sample(theta, rng), 1),
        ["emission-spectrum-clean"] = ((theta, rng) => SpectrumPrior.Box.Sample(theta, rng), 1),
        ["g-and-k"] = ((theta, rng) => (theta[0], theta[1], theta[2], theta[3]) = (rng.NextUniform(0, 10), rng.NextUniform(0, 10), rng.NextUniform(0, 10), rng.NextUniform(0, 10)), 1),
        ["galton"] = ((theta, rng) => theta[0] = rng.NextUniform(-2, 0), 1),
        ["galton-uniform"] = ((theta, rng) => rng.FillUniform(theta), 1),
        ["gaussian-linear"] = ((theta, rng) => rng.FillNormal(theta), 1),
        ["gaussian-mixture"] = (Uniform(10), 1),
        ["lotka-volterra"] = (LogNormal((-0.125, 0.5), (-3, 0.5), (-0.125, 0.5), (-3, 0.5)), 1),
        ["lotka-volterra-jumps"] = (Oscillating, 0.95),
        ["lotka-volterra-summaries"] = (Oscillating, 0.95),
        ["lynx-hare"] = ((theta, rng) => LynxHarePrior.Draw(rng).CopyTo(theta), 1),
        ["mg1"] = ((theta, rng) => (theta[0], theta[1], theta[2]) = (rng.NextUniform(0, 10), rng.NextUniform(0, 10), rng.NextUniform(0, 1.0 / 3)), 1),
        ["mg1-gaps"] = ((theta, rng) => (theta[0], theta[1], theta[2]) = (rng.NextUniform(0, 10), rng.NextUniform(0, 10), rng.NextUniform(0, 1.0 / 3)), 1),
        ["muon-scan"] = ((theta, rng) => (theta[0], theta[1]) = (rng.NextUniform(-1, 1), rng.NextUniform(-1, 1)), 1),
        ["ornstein-uhlenbeck"] = ((theta, rng) => (theta[0], theta[1], theta[2]) = (rng.NextUniform(-2, 2), rng.NextUniform(0, 2), rng.NextUniform(0, 2)), 1),
        ["projected-mixture"] = (Uniform(2), 1),
        ["ricker"] = ((theta, rng) => (theta[0], theta[1], theta[2]) = (rng.NextUniform(2, 5), rng.NextUniform(0, 1), rng.NextUniform(1, 20)), 1),
        ["sir"] = (LogNormal((Math.Log(0.4), 0.5), (Math.Log(0.125), 0.2)), 1),
        ["sir-jumps"] = ((theta, rng) => (theta[0], theta[1]) = (rng.NextUniform(0, 1), rng.NextUniform(0.1, 0.3)), 1),
        ["slcp"] = (Uniform(3), 1),
        ["slcp-distractors"] = (Uniform(3), 1),
        ["spatial-sir"] = ((theta, rng) => rng.FillUniform(theta), 1),
        ["two-moons"] = ((theta, rng) => rng.FillUniform(theta), 1),
        ["weinberg"] = ((theta, rng) => theta[0] = rng.NextUniform(0.1, 0.4), 1),
        ["weinberg-angles"] = ((theta, rng) => (theta[0], theta[1]) = (rng.NextUniform(0.1, 0.4), rng.NextUniform(10, 85)), 1),
    };

    public static TheoryData<string> Names => [.. SimulatorCatalog.All.Select(entry => entry.Name)];

    /// <exception cref="KeyNotFoundException">The simulator has no row in this table: give it one.</exception>
    public static (ParameterSampler Prior, double FiniteShare) Of(string name) => Rows[name];

    // The regime in which predators and prey come in waves (Papamakarios and Murray 2016), narrower.
    private static void Oscillating(Span<double> theta, Rng rng)
    {
        (theta[0], theta[1], theta[2], theta[3]) = (Math.Log(0.01), Math.Log(0.5), 0, Math.Log(0.01));
        foreach (ref double value in theta)
        {
            value += 0.2 * rng.NextNormal();
        }
    }

    private static ParameterSampler LogNormal(params (double Mu, double Sigma)[] parameters) => (theta, rng) =>
    {
        for (int i = 0; i < theta.Length; i++)
        {
            theta[i] = Math.Exp(parameters[i].Mu + (parameters[i].Sigma * rng.NextNormal()));
        }
    };

    private static ParameterSampler Uniform(double width) => (theta, rng) =>
    {
        foreach (ref double value in theta)
        {
            value = rng.NextUniform(-width, width);
        }
    };
}
