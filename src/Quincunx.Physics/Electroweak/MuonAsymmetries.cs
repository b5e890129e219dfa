using System.Globalization;
using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Electroweak;

/// <summary>The forward-backward asymmetries of muon pairs that six experiments measured between 14 and 57 GeV, from the weak mixing angle.</summary>
/// <remarks>
/// <para>
/// Parameter: <c>sin2_theta_w</c>, the effective angle of leptons, in (0, 1). Outputs: asymmetries in percent, each Normal(A_FB(√s), σ) with the energy and error of the measurement and
/// A_FB of <see cref="MuonPairs"/>. Below the Z the asymmetry is interference of photon and Z; what it says about the angle, it says through the strength of the Z's couplings.
/// </para>
/// <para>
/// The measurements are those of MARK-J 1988, TASSO 1988, JADE 1990 (at PETRA), TOPAZ 1988, AMY 1989 and VENUS 1990 (at TRISTAN) as the Particle Data Group lists them
/// (A_FB(0,μ), pdglive.lbl.gov, node S044Z0A), with asymmetric errors averaged and statistical and systematic errors added in quadrature.
/// </para>
/// </remarks>
public sealed class MuonAsymmetries : IMechanism, ILikelihood
{
    /// <summary>Experiment, centre-of-mass energy in GeV, and asymmetry and error in percent, by energy.</summary>
    public static IReadOnlyList<(string Experiment, double EnergyGeV, double Percent, double Error)> Measured { get; } =
    [
        ("TASSO", 13.9, -1.0, 6.0),
        ("MARK-J", 14.0, 5.3, 5.02),
        ("TASSO", 34.5, -9.1, 2.35),
        ("MARK-J", 34.8, -10.4, 1.39),
        ("JADE", 35.0, -9.9, 1.58),
        ("TASSO", 35.0, -10.6, 2.30),
        ("MARK-J", 38.3, -12.3, 5.32),
        ("TASSO", 43.6, -17.6, 4.38),
        ("MARK-J", 43.8, -15.6, 3.04),
        ("AMY", 52.0, -43.4, 17.0),
        ("TOPAZ", 53.3, -29.0, 13.0),
        ("AMY", 55.0, -11.0, 16.5),
        ("AMY", 56.0, -30.0, 12.4),
        ("VENUS", 56.9, -29.0, 4.92),
        ("AMY", 57.0, -46.2, 14.9),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["sin2_theta_w"];

    /// <summary>Asymmetries in percent, in the order of <see cref="Measured"/>.</summary>
    public IReadOnlyList<string> OutputNames { get; } =
        [.. Measured.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Experiment.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()}_{m.EnergyGeV * 10:F0}"))];

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs. Named quantities: <c>asymmetry[i]</c> in percent, without the error.</remarks>
    /// <exception cref="ArgumentException">The parameter is not between 0 and 1.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        for (int i = 0; i < x.Length; i++)
        {
            TReal percent = trace.Let(new Site("asymmetry", i), TReal.CreateTruncating(100) * MuonPairs.Asymmetry(TReal.CreateTruncating(Measured[i].EnergyGeV), theta[0]));
            x[i] = trace.Draw(Site.Output(i), Law.Normal(percent, TReal.CreateTruncating(Measured[i].Error)));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or the parameter is not between 0 and 1.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        if (theta.Length != 1 || x.Length != Measured.Count)
        {
            throw new ArgumentException($"Expected 1 parameter and {Measured.Count} outputs, got {theta.Length} and {x.Length}.");
        }

        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += Law.Normal(100 * MuonPairs.Asymmetry(Measured[i].EnergyGeV, theta[0]), Measured[i].Error).LogProb(x[i]);
        }

        return sum;
    }
}
