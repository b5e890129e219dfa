using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.Electroweak;

/// <summary>One muon pair of a scan across the Z, as a coarse detector sees it: from the couplings of the muon to the Z.</summary>
/// <remarks>
/// <para>
/// Parameters: <c>vector_coupling</c> and <c>axial_coupling</c> of the muon, v and a (in the standard model −0.0369 and −1/2); those of the electron are held at what they are there, as other measurements give them, and so are mass and width of the Z.
/// Outputs: <c>mass_gev</c>, the measured mass of the pair, and <c>angle_radians</c>, the measured angle between the incoming electron and the outgoing μ⁻.
/// </para>
/// <para>
/// Latent steps, an attempt after another until one is accepted: the energy of the collision, one of nine, by luminosity and cross-section; the cosine of the angle, by photon and Z (<see cref="MuonPairs"/>; with couplings vₑ, aₑ, v, a of electron and muon G₁ = 1 + 2 vₑ v Re χ + (vₑ² + aₑ²)(v² + a²) |χ|²
/// and G₃ = 2 aₑ a Re χ + 4 vₑ aₑ v a |χ|²); and whether the pair is accepted, by an efficiency that falls at the edges of the detector, which are not symmetric. Then both outputs are smeared. Rejected attempts belong to the event: so its joint density is that of accepted events, with the efficiency that depends on theta.
/// </para>
/// <para>
/// At one energy angles depend on G₃ / G₁ alone, which is one number for two couplings. Over several, v shows in the asymmetry at the peak, a in that beside it and, through the height of the peak over the photon's share, in how often each energy occurs. The luminosities are such that all energies
/// are equally frequent in the standard model.
/// </para>
/// </remarks>
public sealed class MuonScan : IMechanism, ILikelihood
{
    /// <summary>Share of the mass by which its measurement is smeared.</summary>
    public const double MassResolution = 0.03;

    /// <summary>By which the measured angle is smeared.</summary>
    public const double AngleResolutionRadians = 0.1;

    /// <summary>v of charged leptons at the effective angle of <see cref="MuonPairs.EffectiveSine"/>.</summary>
    public const double StandardVector = -0.5 + (2 * MuonPairs.EffectiveSine);

    /// <summary>a of charged leptons.</summary>
    public const double StandardAxial = -0.5;

    // At an efficiency above a half a run of this many is never seen; an intervention on acceptance may make one.
    private const int MostAttempts = 1000;

    // Best efficiency, cosines of the edges backward and forward where it is half that, and how soon it falls.
    private const double Best = 0.95, Backward = -0.8, Forward = 0.9, Softness = 0.03;

    private static readonly Energy[] Scan = [.. ((double[])[70, 80, 86, 89, 91.2, 93.5, 97, 105, 120]).Select(Energy.At)];

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["vector_coupling", "axial_coupling"];

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames { get; } = ["mass_gev", "angle_radians"];

    /// <summary>Energies of the collisions in GeV.</summary>
    public static IReadOnlyList<double> EnergiesGeV { get; } = [.. Scan.Select(e => e.GeV)];

    /// <summary>The chance that a pair is accepted.</summary>
    /// <param name="cosine">Of the true angle, −1 to 1.</param>
    public static double Efficiency(double cosine) => Best * SpecialFunctions.Sigmoid((Forward - cosine) / Softness) * SpecialFunctions.Sigmoid((cosine - Backward) / Softness);

    /// <inheritdoc/>
    /// <remarks>Choices: <c>energy[i]</c>, <c>cosine[i]</c> and <c>accepted[i]</c> of attempt i, the outputs. Outputs are NaN where no attempt of a thousand is accepted.</remarks>
    /// <exception cref="ArgumentException">A parameter is not finite, or beyond ±100.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<TReal> all = stackalloc TReal[Scan.Length], odd = stackalloc TReal[Scan.Length];
        Rates(theta, all, odd);
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            int k = int.CreateTruncating(trace.Draw(new Site("energy", attempt), Law.Categorical<TReal>(all)));
            TReal cosine = trace.Draw(new Site("cosine", attempt), new AngularLaw<TReal>(odd[k] / all[k]));
            TReal accepted = trace.Draw(new Site("accepted", attempt), Law.Bernoulli(TReal.CreateTruncating(Efficiency(double.CreateTruncating(cosine)))));
            if (accepted == TReal.One)
            {
                double energy = Scan[k].GeV;
                x[0] = trace.Draw(Site.Output(0), Law.Normal(TReal.CreateTruncating(energy), TReal.CreateTruncating(MassResolution * energy)));
                x[1] = trace.Draw(Site.Output(1), Law.Normal(TReal.Acos(cosine), TReal.CreateTruncating(AngleResolutionRadians)));
                return;
            }
        }

        x.Fill(TReal.NaN);
    }

    /// <inheritdoc/>
    /// <remarks>Exact: sums over energies, and integrals over the true angle to 1e-12 of the density.</remarks>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is out of range.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        return double.IsNaN(x[0]) || double.IsNaN(x[1]) ? double.NegativeInfinity : new MuonScanEvent(x[0], x[1]).LogProb(theta);
    }

    /// <summary>Rates at each energy before acceptance, up to a factor that is the same for all.</summary>
    /// <param name="all">Shape <c>[9]</c>: of all pairs; 1 in the standard model.</param>
    /// <param name="odd">Shape <c>[9]</c>: of forward pairs less backward ones.</param>
    internal static void Rates<TReal>(ReadOnlySpan<TReal> theta, Span<TReal> all, Span<TReal> odd)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal v = theta[0], a = theta[1], most = TReal.CreateTruncating(100);
        if (!(TReal.Abs(v) <= most && TReal.Abs(a) <= most))
        {
            throw new ArgumentOutOfRangeException(nameof(theta), $"Expected couplings from -100 to 100, got {v} and {a}.");
        }

        for (int k = 0; k < Scan.Length; k++)
        {
            (all[k], odd[k]) = Scan[k].Rates(v, a);
        }
    }

    // Re χ and |χ|² at an energy, and the inverse of G₁ in the standard model.
    private readonly record struct Energy(double GeV, double Real, double Squared, double Luminosity)
    {
        private const double Ve = StandardVector, Ae = StandardAxial;

        public static Energy At(double energyGeV)
        {
            (double real, double squared) = MuonPairs.Exchange(energyGeV, MuonPairs.EffectiveSine);
            var bare = new Energy(energyGeV, real, squared, 1);
            return bare with { Luminosity = 1 / bare.Rates(StandardVector, StandardAxial).All };
        }

        public (TReal All, TReal Odd) Rates<TReal>(TReal v, TReal a)
            where TReal : unmanaged, IFloatingPointIeee754<TReal>
        {
            TReal even = TReal.One + (Number<TReal>(2 * Ve * Real) * v) + (Number<TReal>(((Ve * Ve) + (Ae * Ae)) * Squared) * ((v * v) + (a * a)));
            TReal odd = (Number<TReal>(2 * Ae * Real) * a) + (Number<TReal>(4 * Ve * Ae * Squared) * v * a);
            return (Number<TReal>(Luminosity) * even, Number<TReal>(0.75 * Luminosity) * odd);
        }

        private static TReal Number<TReal>(double value)
            where TReal : unmanaged, IFloatingPointIeee754<TReal> => TReal.CreateTruncating(value);
    }
}
