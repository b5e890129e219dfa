using System.Numerics;

namespace Quincunx.Physics.Electroweak;

/// <summary>e⁺e⁻ → μ⁺μ⁻ by a photon and a Z: the improved Born approximation, unpolarised beams, masses neglected.</summary>
/// <remarks>
/// <para>
/// dσ/dcos θ = (π α(s)² / 2s) [(1 + cos² θ) G₁ + 2 cos θ G₃], with θ between the incoming electron and the outgoing μ⁻, G₁ = 1 + 2 v² Re χ + (v² + a²)² |χ|²,
/// G₃ = 2 a² Re χ + 4 v² a² |χ|², a = −1/2, v = −1/2 + 2 sin² θ_W, and χ = N s / (s − M_Z² + i s Γ_Z / M_Z). So A_FB = 3 G₃ / 4 G₁
/// (LEP and SLD working groups 2006, Phys. Rept. 427, 257, arXiv:hep-ex/0509008, section 1.4).
/// </para>
/// <para>
/// Improved: α runs with s, sin² θ_W is the effective angle of leptons, and the width depends on s. N = (α(M_Z²) / α(s)) / (4 sin² θ_W cos² θ_W) is what the mixing angle makes of
/// the couplings; equivalently N = G_F M_Z² / (2√2 π α(s)), with the Fermi constant that the standard model predicts of M_Z, α(M_Z²) and the angle
/// (<see cref="FermiConstant"/>). Photon radiation and boxes are left out: asymmetries are good to half a percentage point below the Z, and to a tenth at its peak.
/// </para>
/// <para>
/// Energies are centre-of-mass energies in GeV from 10 to 200, where the vacuum polarisation of hadrons is that of five flavours.
/// </para>
/// </remarks>
public static class MuonPairs
{
    /// <summary>Lowest energy, GeV.</summary>
    public const double LowestEnergyGeV = 10;

    /// <summary>Highest energy, GeV.</summary>
    public const double HighestEnergyGeV = 200;

    /// <summary>Mass of the Z, GeV (Particle Data Group 2024).</summary>
    public const double MassZGeV = 91.1880;

    /// <summary>Total width of the Z, GeV (Particle Data Group 2024).</summary>
    public const double WidthZGeV = 2.4955;

    /// <summary>The effective weak mixing angle of leptons, sin² θ_eff (Particle Data Group 2024, global fit).</summary>
    public const double EffectiveSine = 0.23155;

    // Fine-structure constant (CODATA 2022), lepton masses in GeV (Particle Data Group 2024), and the hadrons' part of the vacuum polarisation at M_Z (same).
    private const double FineStructure = 1 / 137.035999177;
    private const double HadronsAtZ = 0.0278;

    // Its slope in log s: α/3π times three colours, the squared charges of five quarks (11/9), and 1 + α_s/π with α_s = 0.14 as at 30 GeV.
    private const double HadronSlope = FineStructure / (3 * Math.PI) * (11.0 / 3) * (1 + (0.14 / Math.PI));

    // (ħc)² in nb GeV² (exact in the SI of 2019).
    private const double NanobarnGeV2 = 3.893793721e5;

    private static readonly double AlphaAtZ = Alpha(MassZGeV);

    /// <summary>The fine-structure constant at an energy, by the leptons' vacuum polarisation to one loop and the hadrons' as measured at M_Z.</summary>
    /// <param name="energyGeV">10 to 200.</param>
    public static TReal Alpha<TReal>(TReal energyGeV)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        CheckEnergy(energyGeV);
        TReal logS = Number<TReal>(2) * TReal.Log(energyGeV), polarisation = Number<TReal>(HadronsAtZ) + (Number<TReal>(HadronSlope) * (logS - Number<TReal>(2 * Math.Log(MassZGeV))));
        foreach (double massGeV in (ReadOnlySpan<double>)[0.51099895e-3, 0.1056583755, 1.77693])
        {
            polarisation += Number<TReal>(FineStructure / (3 * Math.PI)) * (logS - Number<TReal>((2 * Math.Log(massGeV)) + (5.0 / 3)));
        }

        return Number<TReal>(FineStructure) / (TReal.One - polarisation);
    }

    /// <summary>The forward-backward asymmetry, (forward − backward) / all, between −3/4 and 3/4.</summary>
    /// <param name="energyGeV">10 to 200.</param>
    /// <param name="sine">sin² θ_W, in (0, 1).</param>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public static TReal Asymmetry<TReal>(TReal energyGeV, TReal sine)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        (TReal even, TReal odd) = Couplings(energyGeV, sine);
        return Number<TReal>(0.75) * odd / even;
    }

    /// <summary>The total cross-section in nb.</summary>
    /// <inheritdoc cref="Asymmetry"/>
    public static TReal CrossSectionNanobarn<TReal>(TReal energyGeV, TReal sine)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        (TReal even, _) = Couplings(energyGeV, sine);
        return Number<TReal>(8.0 / 3) * Point(energyGeV) * even;
    }

    /// <summary>dσ/dcos θ in nb.</summary>
    /// <param name="energyGeV">10 to 200.</param>
    /// <param name="sine">sin² θ_W, in (0, 1).</param>
    /// <param name="cosine">cos θ, −1 to 1.</param>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public static TReal CrossSectionNanobarn<TReal>(TReal energyGeV, TReal sine, double cosine)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        if (!(cosine >= -1 && cosine <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(cosine), cosine, "Expected a cosine from -1 to 1.");
        }

        (TReal even, TReal odd) = Couplings(energyGeV, sine);
        return Point(energyGeV) * ((Number<TReal>(1 + (cosine * cosine)) * even) + (Number<TReal>(2 * cosine) * odd));
    }

    /// <summary>The Fermi constant in GeV⁻² that M_Z, α(M_Z²) and the angle predict: π α / (√2 M_Z² sin² θ_W cos² θ_W). Measured: 1.1663788 × 10⁻⁵.</summary>
    /// <param name="sine">sin² θ_W, in (0, 1).</param>
    /// <exception cref="ArgumentException">The parameter is out of range.</exception>
    public static double FermiConstant(double sine)
    {
        CheckSine(sine);
        return Math.PI * AlphaAtZ / (Math.Sqrt(2) * MassZGeV * MassZGeV * sine * (1 - sine));
    }

    /// <summary>Re χ and |χ|² of a Z whose couplings are in units of the electroweak ones.</summary>
    /// <inheritdoc cref="Asymmetry"/>
    internal static (TReal Real, TReal Squared) Exchange<TReal>(TReal energyGeV, TReal sine)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        CheckSine(sine);
        TReal s = energyGeV * energyGeV;
        TReal strength = Number<TReal>(AlphaAtZ) / (Alpha(energyGeV) * Number<TReal>(4) * sine * (TReal.One - sine));
        TReal detuning = s - Number<TReal>(MassZGeV * MassZGeV), damping = s * Number<TReal>(WidthZGeV / MassZGeV);
        TReal norm = strength * s / ((detuning * detuning) + (damping * damping));
        return (norm * detuning, norm * strength * s);
    }

    // G₁ and G₃.
    private static (TReal Even, TReal Odd) Couplings<TReal>(TReal energyGeV, TReal sine)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal two = Number<TReal>(2), four = Number<TReal>(4);
        (TReal real, TReal squared) = Exchange(energyGeV, sine);
        TReal vector = (two * sine) - Number<TReal>(0.5), v2 = vector * vector, a2 = Number<TReal>(0.25);
        return (TReal.One + (two * v2 * real) + ((v2 + a2) * (v2 + a2) * squared), (two * a2 * real) + (four * v2 * a2 * squared));
    }

    private static TReal Point<TReal>(TReal energyGeV)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal alpha = Alpha(energyGeV);
        return Number<TReal>(NanobarnGeV2 * Math.PI / 2) * alpha * alpha / (energyGeV * energyGeV);
    }

    private static TReal Number<TReal>(double value)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => TReal.CreateTruncating(value);

    private static void CheckEnergy<TReal>(TReal energyGeV)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        if (!(energyGeV >= Number<TReal>(LowestEnergyGeV) && energyGeV <= Number<TReal>(HighestEnergyGeV)))
        {
            throw new ArgumentOutOfRangeException(nameof(energyGeV), energyGeV, $"Expected an energy from {LowestEnergyGeV} to {HighestEnergyGeV} GeV.");
        }
    }

    private static void CheckSine<TReal>(TReal sine)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        if (!(sine > TReal.Zero && sine < TReal.One))
        {
            throw new ArgumentOutOfRangeException(nameof(sine), sine, "Expected sin² θ_W between 0 and 1.");
        }
    }
}
