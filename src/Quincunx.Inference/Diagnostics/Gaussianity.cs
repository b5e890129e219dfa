using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Diagnostics;

/// <summary>Tests of whether data are multivariate Gaussian: what a Gaussian likelihood assumes, and a flow does not.</summary>
/// <remarks>
/// The data are whitened by their own mean and covariance. Then each feature of Gaussian data is standard normal, and so is (yᵢ + yⱼ) / √2 of each pair; the latter sees dependence that leaves covariance and marginals as they are
/// (Sellentin and Heavens 2018, arXiv:1707.04488, who compare by squares; here by the Kullback-Leibler divergence). The suite is in the manner of Diaz Rivero and Dvorkin 2020 (arXiv:2007.05535): skewness, kurtosis, marginals and pairs.
/// <para>
/// p-values are by simulation from the fitted Gaussian, whitened by its own moments in turn. Whitening by the Cholesky factor makes the law of the statistics the same for every mean and covariance, so p-values are exact for any number of rows.
/// </para>
/// </remarks>
public static class Gaussianity
{
    /// <param name="rows">Shape <c>[n, d]</c>, finite, with n above d + 1.</param>
    /// <param name="rng">Split, not advanced.</param>
    /// <exception cref="ArgumentException">Too few rows, a value that is not finite, or features that depend on each other linearly.</exception>
    public static GaussianityResult Test(ReadOnlySpan<double> rows, int dimension, Rng rng, GaussianityOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(rng);
        GaussianityOptions o = (options ?? new GaussianityOptions()).Checked();
        int n = rows.Length / dimension;
        if (rows.Length != n * dimension || n <= dimension + 1)
        {
            throw new ArgumentException($"Expected more than {dimension + 1} rows of {dimension} values, got {rows.Length} values.", nameof(rows));
        }

        foreach (double value in rows)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Expected finite values, got {value:R}.", nameof(rows));
            }
        }

        int bins = o.Bins > 0 ? o.Bins : Math.Max(3, (int)Math.Round(2 * Math.Pow(n, 0.4)));
        double[] white = Whitened(rows.ToArray(), dimension) ?? throw new ArgumentException("Features depend on each other linearly, or one is constant: leave some out.", nameof(rows));
        var observed = new Departures(white, dimension, bins);
        var simulated = new double[o.Simulations][];
        Parallel.For(0, o.Simulations, new ParallelOptions { CancellationToken = cancel }, s =>
        {
            double[] noise = new double[n * dimension];
            rng.Split(s).FillNormal(noise);
            simulated[s] = new Departures(Whitened(noise, dimension)!, dimension, bins).Values;
        });

        double[] values = observed.Values, p = [.. values.Select((value, q) => (1.0 + simulated.Count(s => s[q] >= value)) / (1 + o.Simulations))];
        double[] adjusted = SimulationBasedCalibration.Holm(p);
        return new GaussianityResult(
            [.. values.Select((value, q) => new GaussianityStatistic(Departures.Names[q], value, p[q], adjusted[q]))], observed.Skewness, observed.Kurtosis, observed.Marginals, observed.Pairs);
    }

    // L⁻¹ (x - mean) with the sample covariance L Lᵀ; null where that is singular.
    private static double[]? Whitened(double[] rows, int d)
    {
        int n = rows.Length / d;
        double[] mean = new double[d], covariance = new double[d * d], factor = new double[d * d], white = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            mean[i % d] += rows[i] / n;
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
            {
                for (int k = 0; k <= j; k++)
                {
                    covariance[(j * d) + k] += (rows[(i * d) + j] - mean[j]) * (rows[(i * d) + k] - mean[k]) / n;
                }
            }
        }

        if (CholeskyFactor.Compute(covariance, d, factor, tolerance: 1e-12) is not null)
        {
            return null;
        }

        for (int i = 0; i < n; i++)
        {
            CholeskyFactor.Solve(factor, rows.AsSpan(i * d, d), mean, white.AsSpan(i * d, d));
        }

        return white;
    }

    // How far whitened data are from standard normal ones, by feature and by pair.
    private sealed class Departures
    {
        public static readonly string[] Names = ["skewness", "kurtosis", "marginal divergence", "pairwise divergence"];

        public Departures(double[] white, int d, int bins)
        {
            int n = white.Length / d;
            (Skewness, Kurtosis, Marginals, Pairs) = (new double[d], new double[d], new double[d], new double[d * d]);
            double[] uniform = new double[n];
            for (int j = 0; j < d; j++)
            {
                double third = 0, fourth = 0;
                for (int i = 0; i < n; i++)
                {
                    double y = white[(i * d) + j];
                    third += y * y * y / n;
                    fourth += y * y * y * y / n;
                    uniform[i] = SpecialFunctions.NormalCdf(y);
                }

                (Skewness[j], Kurtosis[j], Marginals[j]) = (third / Math.Sqrt(6.0 / n), (fourth - 3) / Math.Sqrt(24.0 / n), Divergence(uniform, bins));
                for (int k = 0; k < j; k++)
                {
                    for (int i = 0; i < n; i++)
                    {
                        uniform[i] = SpecialFunctions.NormalCdf((white[(i * d) + j] + white[(i * d) + k]) / Math.Sqrt(2));
                    }

                    Pairs[(j * d) + k] = Pairs[(k * d) + j] = Divergence(uniform, bins);
                }
            }
        }

        public double[] Skewness { get; }

        public double[] Kurtosis { get; }

        public double[] Marginals { get; }

        public double[] Pairs { get; }

        // Sums over features: of squares where a sign has no say.
        public double[] Values => [Skewness.Sum(t => t * t), Kurtosis.Sum(t => t * t), Marginals.Sum(), Pairs.Sum() / 2];

        // Σ p log (p B) over B bins of equal probability.
        private static double Divergence(double[] uniform, int bins)
        {
            int[] counts = new int[bins];
            foreach (double u in uniform)
            {
                counts[Math.Min(bins - 1, (int)(u * bins))]++;
            }

            return counts.Where(c => c > 0).Sum(c => (double)c / uniform.Length * Math.Log((double)c * bins / uniform.Length));
        }
    }
}
