using System.Numerics;
using MathNet.Numerics.Integration;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.Electroweak;

/// <summary>The exact density of one event of <see cref="MuonScan"/>, as a function of theta.</summary>
/// <remarks>
/// Given the energy, true cosines have density 3/8 (1 + c²) + A c, so that all integrals over them are those of the two parts: with e₀, e₁ over acceptance and F₀, F₁ over acceptance and smearing
/// p(m, y | theta) = Σ N(m; E) (S F₀ + D F₁) / Σ (S e₀ + D e₁), where S is the rate at an energy and D = A S. They do not depend on theta and are computed once. Everything is smooth in the true angle, where Gauss-Legendre rules converge geometrically.
/// </remarks>
internal readonly struct MuonScanEvent
{
    private const int Order = 64;

    // Beyond this many standard deviations a normal density has 1e-22 of its mass.
    private const double Reach = 10;

    private static readonly (double Even, double Odd) Accepted = Integrals(0, Math.PI, 16, _ => 1, Order);
    private readonly double _even, _odd, _massGeV;

    /// <param name="massGeV">Measured.</param>
    /// <param name="angleRadians">Measured; smearing may bring it beyond 0 and π.</param>
    public MuonScanEvent(double massGeV, double angleRadians) => (_massGeV, (_even, _odd)) = (massGeV, Smeared(angleRadians, Order));

    /// <summary>log p(x | theta).</summary>
    public TReal LogProb<TReal>(ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        int n = MuonScan.EnergiesGeV.Count;
        Span<TReal> all = stackalloc TReal[n], odd = stackalloc TReal[n];
        MuonScan.Rates(theta, all, odd);
        TReal seen = TReal.Zero, accepted = TReal.Zero;
        for (int k = 0; k < n; k++)
        {
            double energy = MuonScan.EnergiesGeV[k], sd = MuonScan.MassResolution * energy, mass = Math.Exp(SpecialFunctions.NormalLogPdf((_massGeV - energy) / sd)) / sd;
            seen += TReal.CreateTruncating(mass) * ((TReal.CreateTruncating(_even) * all[k]) + (TReal.CreateTruncating(_odd) * odd[k]));
            accepted += (TReal.CreateTruncating(Accepted.Even) * all[k]) + (TReal.CreateTruncating(Accepted.Odd) * odd[k]);
        }

        return TReal.Log(seen / accepted);
    }

    /// <summary>The share of pairs that are accepted.</summary>
    public static double Efficiency(ReadOnlySpan<double> theta)
    {
        int n = MuonScan.EnergiesGeV.Count;
        Span<double> all = stackalloc double[n], odd = stackalloc double[n];
        MuonScan.Rates(theta, all, odd);
        (double pairs, double accepted) = (0, 0);
        for (int k = 0; k < n; k++)
        {
            pairs += all[k];
            accepted += (Accepted.Even * all[k]) + (Accepted.Odd * odd[k]);
        }

        return accepted / pairs;
    }

    /// <summary>F₀ and F₁ of a measured angle.</summary>
    /// <param name="order">Of the rule on each of four parts.</param>
    internal static (double Even, double Odd) Smeared(double angleRadians, int order)
    {
        const double Sd = MuonScan.AngleResolutionRadians;
        double from = Math.Max(0, angleRadians - (Reach * Sd)), to = Math.Min(Math.PI, angleRadians + (Reach * Sd));
        return from < to ? Integrals(from, to, 4, t => Math.Exp(SpecialFunctions.NormalLogPdf((angleRadians - t) / Sd)) / Sd, order) : (0, 0);
    }

    // Over the true angle t: dc = sin t dt.
    private static (double Even, double Odd) Integrals(double from, double to, int parts, Func<double, double> weight, int order)
    {
        (double even, double odd) = (0, 0);
        for (int part = 0; part < parts; part++)
        {
            var rule = new GaussLegendreRule(from + ((to - from) * part / parts), from + ((to - from) * (part + 1) / parts), order);
            for (int i = 0; i < rule.Order; i++)
            {
                double t = rule.GetAbscissa(i), c = Math.Cos(t), value = rule.GetWeight(i) * weight(t) * Math.Sin(t) * MuonScan.Efficiency(c);
                even += value * 0.375 * (1 + (c * c));
                odd += value * c;
            }
        }

        return (even, odd);
    }
}
