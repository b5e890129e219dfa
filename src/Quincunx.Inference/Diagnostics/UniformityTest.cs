using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Diagnostics;

/// <summary>p-values of the hypothesis that values are independent and uniform on [0, 1].</summary>
/// <param name="ChiSquared">Pearson's test on equal bins, about 20 expected in each, at most 20 bins: sees any shape, none well.</param>
/// <param name="KolmogorovSmirnov">Sees shifts of the middle.</param>
/// <param name="Ecdf">The exact test that belongs to <see cref="EcdfBand"/>: sees the ends as well. The one that verdicts use.</param>
public sealed record UniformityTest(double ChiSquared, double KolmogorovSmirnov, double Ecdf)
{
    internal static UniformityTest Of(ReadOnlySpan<double> uniforms, EcdfBand band) =>
        new(ChiSquaredPValue(uniforms), KolmogorovSmirnovPValue(uniforms), band.PValue(uniforms));

    /// <summary>p-value of a distribution function that lies above the diagonal by this much somewhere.</summary>
    /// <remarks>Exact: Birnbaum and Tingey 1951, Ann. Math. Stat. 22, 592. All terms are positive.</remarks>
    /// <param name="largest">D⁺ = max (i/n − u₍ᵢ₎), or for the other side D⁻ = max (u₍ᵢ₎ − (i − 1)/n).</param>
    internal static double OneSidedPValue(double largest, int count)
    {
        if (largest <= 0)
        {
            return 1;
        }

        if (largest >= 1)
        {
            return 0;
        }

        double sum = Math.Exp(count * SpecialFunctions.Log1p(-largest));
        for (int j = 1; j <= (int)(count * (1 - largest)); j++)
        {
            double left = 1 - largest - ((double)j / count), right = largest + ((double)j / count);
            if (left > 0)
            {
                sum += largest * Math.Exp(SpecialFunctions.LogBinomial(count, j) + ((count - j) * Math.Log(left)) + ((j - 1) * Math.Log(right)));
            }
            else if (j == count)
            {
                sum += largest * Math.Pow(right, j - 1);
            }
        }

        return Math.Min(1, sum);
    }

    /// <summary>D⁺ and D⁻: how far the distribution function of the values rises above the diagonal, and falls below.</summary>
    internal static (double Above, double Below) Distances(ReadOnlySpan<double> uniforms)
    {
        double[] sorted = uniforms.ToArray();
        Array.Sort(sorted);
        double above = 0, below = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            above = Math.Max(above, ((i + 1.0) / sorted.Length) - sorted[i]);
            below = Math.Max(below, sorted[i] - ((double)i / sorted.Length));
        }

        return (above, below);
    }

    private static double KolmogorovSmirnovPValue(ReadOnlySpan<double> uniforms)
    {
        (double above, double below) = Distances(uniforms);
        return SpecialFunctions.KolmogorovSmirnovPValue(Math.Max(above, below), uniforms.Length);
    }

    private static double ChiSquaredPValue(ReadOnlySpan<double> uniforms)
    {
        int bins = Math.Clamp(uniforms.Length / 20, 2, 20);
        double[] counts = new double[bins];
        foreach (double u in uniforms)
        {
            counts[Math.Min(bins - 1, (int)(u * bins))]++;
        }

        double expected = (double)uniforms.Length / bins;
        return SpecialFunctions.ChiSquaredSurvival(counts.Sum(c => (c - expected) * (c - expected) / expected), bins - 1);
    }
}
