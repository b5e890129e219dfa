using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>A mixture in equal parts of normals, or of Student's t distributions, given by location and the inverse of the factor of the scale; in standardised unconstrained parameters.</summary>
/// <remarks>With r = A (z - m), A lower triangular with a positive diagonal, and ν degrees of freedom; infinitely many for normals. Float64 throughout.</remarks>
internal sealed class PredictiveNormals(int dimension, int count)
{
    private readonly double[] _at = new double[count * dimension], _factors = new double[count * dimension * dimension];

    // log |A| of each component, once they are filled.
    private double[]? _volumes;

    public double DegreesOfFreedom { get; init; } = double.PositiveInfinity;

    /// <summary>m of a component, to be filled. Shape <c>[d]</c>.</summary>
    public Span<double> Location(int component) => _at.AsSpan(component * dimension, dimension);

    /// <summary>A of a component, to be filled on and below the diagonal. Shape <c>[d, d]</c>.</summary>
    public Span<double> Factor(int component) => _factors.AsSpan(component * dimension * dimension, dimension * dimension);

    /// <summary>Log-density.</summary>
    public double LogProb(ReadOnlySpan<double> z)
    {
        double[] logs = new double[count];
        LogProbs(z, logs);
        return SpecialFunctions.LogSumExp(logs) - Math.Log(count);
    }

    /// <summary>Log-density of each component.</summary>
    /// <param name="logs">Shape <c>[count]</c>; overwritten.</param>
    public void LogProbs(ReadOnlySpan<double> z, Span<double> logs)
    {
        double d = dimension, nu = DegreesOfFreedom;
        double constant = double.IsPositiveInfinity(nu)
            ? -0.5 * d * Math.Log(2 * Math.PI)
            : SpecialFunctions.LogGamma(0.5 * (nu + d)) - SpecialFunctions.LogGamma(0.5 * nu) - (0.5 * d * Math.Log(Math.PI * nu));
        _volumes ??= [.. Enumerable.Range(0, count).Select(LogVolume)];
        for (int c = 0; c < count; c++)
        {
            ReadOnlySpan<double> at = Location(c), factor = Factor(c);
            double squares = 0;
            for (int i = 0; i < dimension; i++)
            {
                double r = 0;
                for (int j = 0; j <= i; j++)
                {
                    r += factor[(i * dimension) + j] * (z[j] - at[j]);
                }

                squares += r * r;
            }

            logs[c] = constant + _volumes[c] - (double.IsPositiveInfinity(nu) ? 0.5 * squares : 0.5 * (nu + d) * SpecialFunctions.Log1p(squares / nu));
        }
    }

    /// <summary>A draw. Shape <c>[d]</c>.</summary>
    public void Draw(Span<double> z, Rng rng)
    {
        if (count == 0)
        {
            z.Fill(double.NaN);
            return;
        }

        int c = count == 1 ? 0 : rng.NextInt32(count);
        ReadOnlySpan<double> at = Location(c), factor = Factor(c);

        // Student's t: a normal over the root of χ²(ν) / ν, which is Gamma(ν / 2) · 2 / ν.
        double stretch = double.IsPositiveInfinity(DegreesOfFreedom) ? 1 : Math.Sqrt(0.5 * DegreesOfFreedom / rng.NextGamma(0.5 * DegreesOfFreedom));
        for (int i = 0; i < dimension; i++)
        {
            double sum = rng.NextNormal() * stretch;
            for (int j = 0; j < i; j++)
            {
                sum -= factor[(i * dimension) + j] * z[j];
            }

            z[i] = sum / factor[i * (dimension + 1)];
        }

        for (int i = 0; i < dimension; i++)
        {
            z[i] += at[i];
        }
    }

    private double LogVolume(int component)
    {
        double sum = 0;
        for (int i = 0; i < dimension; i++)
        {
            sum += Math.Log(Factor(component)[i * (dimension + 1)]);
        }

        return sum;
    }
}
