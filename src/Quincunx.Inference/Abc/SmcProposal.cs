using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Abc;

/// <summary>A weighted mixture of normal laws about the particles of a population, in unconstrained coordinates.</summary>
internal sealed class SmcProposal
{
    // Of the population's covariance, added to a covariance of neighbours: these may lie on a line.
    private const double GlobalPart = 0.01, LeastSpread = 1e-12;
    private readonly int _d;
    private readonly double[][] _z, _factors;
    private readonly double[] _cumulative, _logWeights;

    private SmcProposal(int d, double[][] z, double[] weights, double[][] factors)
    {
        (_d, _z, _factors, _cumulative, _logWeights) = (d, z, factors, new double[weights.Length], new double[weights.Length]);
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            _cumulative[i] = sum += weights[i];
            _logWeights[i] = Math.Log(weights[i]) - (0.5 * d * Math.Log(2 * Math.PI));
            for (int k = 0; k < d; k++)
            {
                _logWeights[i] -= Math.Log(factors[i][(k * d) + k]);
            }
        }
    }

    /// <summary>The mixture, or null where the population has collapsed: its covariance is singular.</summary>
    /// <param name="weights">With sum 1.</param>
    /// <param name="inner">Indices of the particles within the next tolerance; at least one.</param>
    public static SmcProposal? Make(SmcKernelKind kind, double[][] z, double[] weights, IReadOnlyList<int> inner, double neighbours)
    {
        int d = z[0].Length;
        (double[] mean, double[] covariance) = Moments(z, weights, [.. Enumerable.Range(0, z.Length)]);
        if (Factor(covariance, d) is not double[] global)
        {
            return null;
        }

        (double[] innerMean, double[] innerCovariance) = Moments(z, weights, inner);
        double[] Shared(Func<int, double> entry) => Factor([.. Enumerable.Range(0, d * d).Select(entry)], d) ?? global;
        Func<int, double[]> factor;
        switch (kind)
        {
            case SmcKernelKind.Gaussian:
                double[] twice = Shared(i => 2 * covariance[i]);
                factor = _ => twice;
                break;
            case SmcKernelKind.OptimalMultivariate:
                // The double sum over particles and inner ones splits into their covariances and the shift of the mean.
                double[] optimal = Shared(i => covariance[i] + innerCovariance[i] + ((innerMean[i / d] - mean[i / d]) * (innerMean[i % d] - mean[i % d])));
                factor = _ => optimal;
                break;
            case SmcKernelKind.OptimalLocal:
                factor = j => Shared(i => innerCovariance[i] + (GlobalPart * covariance[i]) + ((innerMean[i / d] - z[j][i / d]) * (innerMean[i % d] - z[j][i % d])));
                break;
            case SmcKernelKind.NearestNeighbours:
                double[][] white = [.. z.Select(row => Solve(global, row))];
                int count = Math.Clamp((int)Math.Ceiling(neighbours * z.Length), Math.Min(d + 2, z.Length), z.Length);
                factor = j =>
                {
                    int[] nearest = [.. Enumerable.Range(0, z.Length).OrderBy(i => SquaredDistance(white[i], white[j])).ThenBy(i => i).Take(count)];
                    double[] local = Moments(z, [.. z.Select(_ => 1.0)], nearest).Covariance;
                    return Shared(i => local[i] + (GlobalPart * covariance[i]));
                };
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected a kernel.");
        }

        double[][] factors = new double[z.Length][];
        Parallel.For(0, z.Length, j => factors[j] = factor(j));
        return new SmcProposal(d, z, weights, factors);
    }

    public void Draw(Span<double> z, Rng rng)
    {
        double place = rng.NextDouble() * _cumulative[^1];
        int found = Array.BinarySearch(_cumulative, place);
        int j = Math.Min(found < 0 ? ~found : found + 1, _z.Length - 1);
        rng.NextMultivariateNormal(_z[j], _factors[j], z);
    }

    /// <summary>The log-densities at some points.</summary>
    public double[] LogDensities(IReadOnlyList<double[]> points)
    {
        double[] logs = new double[points.Count];
        Parallel.For(0, points.Count, i =>
        {
            double[] terms = new double[_z.Length];
            Span<double> solved = _d <= 64 ? stackalloc double[_d] : new double[_d];
            for (int j = 0; j < terms.Length; j++)
            {
                terms[j] = _logWeights[j] - (0.5 * CholeskyFactor.Solve(_factors[j], points[i], _z[j], solved));
            }

            logs[i] = SpecialFunctions.LogSumExp(terms);
        });
        return logs;
    }

    /// <summary>Weighted mean and covariance of some rows.</summary>
    public static (double[] Mean, double[] Covariance) Moments(double[][] z, double[] weights, IReadOnlyList<int> rows)
    {
        int d = z[0].Length;
        double[] mean = new double[d], covariance = new double[d * d];
        double total = rows.Sum(i => weights[i]);
        foreach (int i in rows)
        {
            for (int k = 0; k < d; k++)
            {
                mean[k] += weights[i] / total * z[i][k];
            }
        }

        foreach (int i in rows)
        {
            for (int k = 0; k < d * d; k++)
            {
                covariance[k] += weights[i] / total * (z[i][k / d] - mean[k / d]) * (z[i][k % d] - mean[k % d]);
            }
        }

        // A coordinate that does not vary has a variance that is the rounding of its mean, squared.
        for (int k = 0; k < d * d; k++)
        {
            bool flat = Flat(k / d) || Flat(k % d);
            covariance[k] = flat ? 0 : covariance[k];
        }

        return (mean, covariance);

        bool Flat(int k) => covariance[k * (d + 1)] <= LeastSpread * LeastSpread * mean[k] * mean[k];
    }

    // A pivot that is only rounding noise beside its variance makes a singular matrix look definite.
    private static double[]? Factor(double[] covariance, int d)
    {
        double[] factor = new double[d * d];
        return CholeskyFactor.Compute(covariance, d, factor, tolerance: 1e-12) is null ? factor : null;
    }

    private static double[] Solve(double[] factor, double[] row)
    {
        double[] solved = new double[row.Length];
        CholeskyFactor.Solve(factor, row, new double[row.Length], solved);
        return solved;
    }

    private static double SquaredDistance(double[] a, double[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }

        return sum;
    }
}
