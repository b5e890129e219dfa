using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.Toys;

/// <summary>Five independent numbers, normal, mixed and exponential, seen through a fixed matrix; the means of two of them are sought.</summary>
/// <remarks>
/// x = R z with z₀ ~ Normal(α, 1), z₁ ~ Normal(β, 3), z₂ ~ Normal(−2, 1) or Normal(2, 0.5) with probability ½ each, z₃ exponential of rate 3, z₄ exponential of rate 0.5: section 4.2 of K. Cranmer, J. Pavez and
/// G. Louppe 2015, arXiv:1506.02169, and an example of G. Louppe, J. Hermans and K. Cranmer 2019, arXiv:1707.07113, both at α = 1 and β = −1. R is symmetric and positive definite, with the numbers of the first one's code.
/// The likelihood is that of z = R⁻¹ x. One event a call.
/// </remarks>
public sealed class ProjectedMixture : ISimulator, ILikelihood
{
    private const int Length = 5;
    private const double SecondSd = 3, ThirdRate = 3, FourthRate = 0.5;

    private static readonly double[] R =
    [
        1.31229955, 0.10499961, 0.48310515, -0.3249938, -0.26387927,
        0.10499961, 1.15833058, -0.55865473, 0.25275522, -0.39790775,
        0.48310515, -0.55865473, 2.25874579, -0.52087938, -0.39271231,
        -0.3249938, 0.25275522, -0.52087938, 1.4034925, -0.63521059,
        -0.26387927, -0.39790775, -0.39271231, -0.63521059, 1,
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["alpha", "beta"];

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames { get; } = ["x_1", "x_2", "x_3", "x_4", "x_5"];

    /// <summary>The matrix R, shape <c>[5, 5]</c>, row-major.</summary>
    public static ReadOnlySpan<double> Projection => R;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not finite.</exception>
    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Parameters.CheckFinite(theta);
        ArgumentNullException.ThrowIfNull(rng);
        ReadOnlySpan<double> z =
        [
            theta[0] + rng.NextNormal(),
            theta[1] + (SecondSd * rng.NextNormal()),
            rng.NextBernoulli(0.5) ? -2 + rng.NextNormal() : 2 + (0.5 * rng.NextNormal()),
            rng.NextExponential() / ThirdRate,
            rng.NextExponential() / FourthRate,
        ];
        for (int i = 0; i < Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < Length; j++)
            {
                sum += R[(i * Length) + j] * z[j];
            }

            x[i] = sum;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Parameters.CheckFinite(theta);
        Span<double> z = stackalloc double[Length];
        double logDeterminant = Solve(x, z);
        if (z[3] < 0 || z[4] < 0)
        {
            return double.NegativeInfinity;
        }

        double low = SpecialFunctions.NormalLogPdf(z[2] + 2), high = SpecialFunctions.NormalLogPdf((z[2] - 2) / 0.5) + Math.Log(2);
        double larger = Math.Max(low, high), mixture = larger + Math.Log(0.5 * (Math.Exp(low - larger) + Math.Exp(high - larger)));
        return SpecialFunctions.NormalLogPdf(z[0] - theta[0]) + SpecialFunctions.NormalLogPdf((z[1] - theta[1]) / SecondSd) - Math.Log(SecondSd) + mixture
            + Math.Log(ThirdRate) - (ThirdRate * z[3]) + Math.Log(FourthRate) - (FourthRate * z[4]) - logDeterminant;
    }

    // z = R⁻¹ x by elimination, which needs no exchange of rows where the matrix is positive definite; returns log |R|.
    private static double Solve(ReadOnlySpan<double> x, Span<double> z)
    {
        Span<double> a = stackalloc double[Length * Length];
        R.CopyTo(a);
        x.CopyTo(z);
        double logDeterminant = 0;
        for (int i = 0; i < Length; i++)
        {
            logDeterminant += Math.Log(a[(i * Length) + i]);
            for (int row = i + 1; row < Length; row++)
            {
                double factor = a[(row * Length) + i] / a[(i * Length) + i];
                z[row] -= factor * z[i];
                for (int j = i; j < Length; j++)
                {
                    a[(row * Length) + j] -= factor * a[(i * Length) + j];
                }
            }
        }

        for (int i = Length - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < Length; j++)
            {
                z[i] -= a[(i * Length) + j] * z[j];
            }

            z[i] /= a[(i * Length) + i];
        }

        return logDeterminant;
    }
}
