using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Posteriors;

/// <summary>The maximum a posteriori of any posterior: where its density of theta is highest.</summary>
/// <remarks>
/// As <see cref="NeuralPosterior.Map"/>, which climbs along the network's own gradient. Here the log-densities alone are known: the search starts at the best of some draws, in unconstrained coordinates that the draws' covariance has made round, climbs by L-BFGS with gradients from central
/// differences (a batch of 2 d points each) and ends with a compass search. It finds one maximum near the best draw: a narrow mode that no draw touches is missed. The density is that in theta; a posterior that is not normalised has the same maximum.
/// </remarks>
public static class PosteriorMaximum
{
    // Noise of float32 over twice the step is 1e-4; what is beyond the square of the step is as small in coordinates of unit spread.
    private const double DifferenceStep = 0.01, GradientTolerance = 1e-3, LeastPivot = 1e-12;
    private const int Iterations = 100;

    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="rng">Advanced by the draws.</param>
    /// <param name="draws">Candidates for the start, more than the parameters.</param>
    /// <returns>Not converged, and not a number, where no draw has a finite density.</returns>
    /// <exception cref="ArgumentException">Posterior and bijection have other dimensions.</exception>
    public static MapResult Of(IPosterior posterior, SupportBijection bijection, Rng rng, int draws = 1000)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(draws, posterior.Dimension);
        int d = posterior.Dimension;
        if (bijection.Dimension != d)
        {
            throw new ArgumentException($"Expected a support of {d} parameters, got {bijection.Dimension}.", nameof(bijection));
        }

        double[] thetas = new double[draws * d], logs = new double[draws];
        posterior.Sample(thetas, rng);
        posterior.LogProb(thetas, logs);
        int[] finite = [.. Enumerable.Range(0, draws).Where(i => double.IsFinite(logs[i]))];
        if (finite.Length == 0)
        {
            double[] none = new double[d];
            Array.Fill(none, double.NaN);
            return new MapResult(none, double.NaN, Converged: false);
        }

        int best = finite.MaxBy(i => logs[i]);
        double[] z = new double[thetas.Length], centre = new double[d];
        bijection.ToUnconstrained(thetas, z);
        z.AsSpan(best * d, d).CopyTo(centre);
        double[] factor = Shape(z, d, finite);

        double[] start = new double[d];
        LbfgsResult climbed = new Lbfgs(new LbfgsOptions { GradientTolerance = GradientTolerance, MaxIterations = Iterations }).Minimise(Descent, start);
        (double[] top, bool converged) = new CompassSearch(LogProbs).Climb(-climbed.Value >= logs[best] ? climbed.X : start);
        double[] theta = Theta(top), log = new double[1];
        posterior.LogProb(theta, log);
        return new MapResult(theta, log[0], converged && double.IsFinite(log[0]));

        void LogProbs(double[] points, double[] into) => posterior.LogProb(Theta(points), into);

        // theta at points u of the round coordinates: z = centre + L u.
        double[] Theta(double[] points)
        {
            double[] at = new double[points.Length];
            for (int i = 0; i < at.Length; i++)
            {
                (int row, int k) = Math.DivRem(i, d);
                at[i] = centre[k];
                for (int j = 0; j <= k; j++)
                {
                    at[i] += factor[(k * d) + j] * points[(row * d) + j];
                }
            }

            bijection.ToConstrained(at, at);
            return at;
        }

        (double Value, double[] Gradient) Descent(double[] u)
        {
            double[] points = new double[((2 * d) + 1) * d], values = new double[(2 * d) + 1], gradient = new double[d];
            for (int row = 0; row < values.Length; row++)
            {
                u.CopyTo(points, row * d);
                if (row > 0)
                {
                    points[(row * d) + ((row - 1) / 2)] += row % 2 == 1 ? DifferenceStep : -DifferenceStep;
                }
            }

            LogProbs(points, values);
            for (int k = 0; k < d; k++)
            {
                gradient[k] = (values[(2 * k) + 2] - values[(2 * k) + 1]) / (2 * DifferenceStep);
            }

            return (-values[0], gradient);
        }
    }

    // Lower factor of the draws' covariance; of its diagonal where it is singular, of 1 where a parameter does not vary.
    private static double[] Shape(double[] z, int d, int[] rows)
    {
        double[] mean = new double[d], covariance = new double[d * d], factor = new double[d * d];
        foreach (int row in rows)
        {
            for (int k = 0; k < d; k++)
            {
                mean[k] += z[(row * d) + k] / rows.Length;
            }
        }

        foreach (int row in rows)
        {
            for (int k = 0; k < d * d; k++)
            {
                covariance[k] += (z[(row * d) + (k / d)] - mean[k / d]) * (z[(row * d) + (k % d)] - mean[k % d]) / rows.Length;
            }
        }

        if (CholeskyFactor.Compute(covariance, d, factor, LeastPivot) is not null)
        {
            Array.Clear(factor);
            for (int k = 0; k < d; k++)
            {
                double variance = covariance[k * (d + 1)];
                factor[k * (d + 1)] = double.IsNormal(variance) ? Math.Sqrt(variance) : 1;
            }
        }

        return factor;
    }
}
