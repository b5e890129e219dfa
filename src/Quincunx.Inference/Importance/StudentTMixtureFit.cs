using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Importance;

/// <summary>Fits a mixture of Student-t distributions of known degrees of freedom to weighted points, by expectation-maximisation.</summary>
/// <remarks>
/// Peel and McLachlan 2000, Stat. Comput. 10, 339, with the points' weights as in adaptive importance sampling (Cappé et al. 2008,
/// Stat. Comput. 18, 447): maximises Σ wᵢ log q(zᵢ), which lowers the divergence of the target from q. Scale matrices have an
/// inverse-Wishart prior worth d points of a hundredth of the points' own covariance, so that a component on a few points
/// stays regular; the objective with its prior rises at every step.
/// </remarks>
public sealed class StudentTMixtureFit
{
    private const int Steps = 100;
    private const double Settled = 1e-5, PriorScale = 0.01, SmallestShare = 1e-4;

    private readonly int _n, _d, _count;
    private readonly double _dof, _mass, _priorCount;
    private readonly double[] _z, _w, _responsibilities, _stretch, _prior, _scale;

    private StudentTMixtureFit(double[] points, double[] weights, int dimension, double dof, int components)
    {
        (_z, _w, _d, _n, _dof, _count) = (points, weights, dimension, weights.Length, dof, components);
        (_responsibilities, _stretch) = (new double[components * _n], new double[components * _n]);
        _scale = new double[_d * _d];

        // Weights are scaled to sum to their effective number, so that prior counts mean points.
        double sum = weights.Sum(), squares = weights.Sum(w => w * w);
        _mass = sum * sum / squares;
        for (int i = 0; i < _n; i++)
        {
            _w[i] *= _mass / sum;
        }

        _priorCount = _d;
        _prior = Covariance();
        for (int i = 0; i < _prior.Length; i++)
        {
            _prior[i] *= PriorScale;
        }
    }

    /// <param name="points">Shape <c>[n, dimension]</c>, finite.</param>
    /// <param name="weights">Shape <c>[n]</c>, finite and not negative; their scale does not matter. Points of weight zero are ignored.</param>
    /// <param name="components">How many components to begin with; those that keep less than a ten-thousandth of the weight are dropped.</param>
    /// <param name="degreesOfFreedom">ν of every component, positive.</param>
    /// <param name="rng">Chooses the initial centres.</param>
    /// <exception cref="ArgumentException">The points of positive weight do not span the space.</exception>
    public static MixtureFit Run(
        ReadOnlySpan<double> points, ReadOnlySpan<double> weights, int dimension, int components, double degreesOfFreedom, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degreesOfFreedom);
        ArgumentNullException.ThrowIfNull(rng);
        if (points.Length != weights.Length * dimension)
        {
            throw new ArgumentException($"Expected {weights.Length} rows of {dimension}, got {points.Length} values.", nameof(points));
        }

        List<double> z = [], w = [];
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] is not (>= 0 and < double.PositiveInfinity))
            {
                throw new ArgumentException($"Expected finite weights that are not negative, got {weights[i]}.", nameof(weights));
            }

            if (weights[i] > 0)
            {
                w.Add(weights[i]);
                z.AddRange(points.Slice(i * dimension, dimension));
            }
        }

        if (w.Count <= dimension)
        {
            throw new ArgumentException($"Expected more than {dimension} points of positive weight, got {w.Count}.", nameof(weights));
        }

        return new StudentTMixtureFit([.. z], [.. w], dimension, degreesOfFreedom, components).Maximise(rng);
    }

    private MixtureFit Maximise(Rng rng)
    {
        StudentTComponent[] mixture = Start(rng);
        List<double> objective = [];
        for (int step = 0; step < Steps; step++)
        {
            objective.Add(Expect(mixture));
            if (step > 0 && objective[^1] - objective[^2] < Settled)
            {
                return new MixtureFit(StudentTMixture.Of(mixture), objective, Converged: true);
            }

            mixture = Refit(mixture.Length);
        }

        return new MixtureFit(StudentTMixture.Of(mixture), objective, Converged: false);
    }

    // Responsibilities and stretch factors of all points, and the objective of the mixture they are from.
    private double Expect(StudentTComponent[] mixture)
    {
        Span<double> terms = stackalloc double[mixture.Length];
        double sum = 0;
        for (int i = 0; i < _n; i++)
        {
            ReadOnlySpan<double> z = _z.AsSpan(i * _d, _d);
            for (int c = 0; c < mixture.Length; c++)
            {
                double distance = mixture[c].SquaredDistance(z);
                _stretch[(c * _n) + i] = (_dof + _d) / (_dof + distance);
                terms[c] = Math.Log(mixture[c].Weight) + mixture[c].LogProb(distance);
            }

            double log = SpecialFunctions.LogSumExp(terms);
            sum += _w[i] * log;
            for (int c = 0; c < mixture.Length; c++)
            {
                _responsibilities[(c * _n) + i] = _w[i] * Math.Exp(terms[c] - log);
            }
        }

        return (sum + mixture.Sum(LogPrior)) / _mass;
    }

    // −κ/2 (log |Σ| + tr Ψ Σ⁻¹): its maximum shares the stationary point of the scale update in Refit.
    private double LogPrior(StudentTComponent c)
    {
        ReadOnlySpan<double> factor = c.Factor;
        double logDeterminant = 0, trace = 0;
        double[] column = new double[_d];
        for (int j = 0; j < _d; j++)
        {
            logDeterminant += 2 * Math.Log(factor[(j * _d) + j]);
        }

        // tr Ψ Σ⁻¹ = Σⱼ eⱼᵀ Σ⁻¹ Ψ eⱼ: solve L Lᵀ x = Ψ eⱼ and take x's entry j.
        for (int j = 0; j < _d; j++)
        {
            for (int i = 0; i < _d; i++)
            {
                double sum = _prior[(i * _d) + j];
                for (int l = 0; l < i; l++)
                {
                    sum -= factor[(i * _d) + l] * column[l];
                }

                column[i] = sum / factor[(i * _d) + i];
            }

            for (int i = _d - 1; i >= j; i--)
            {
                double sum = column[i];
                for (int l = i + 1; l < _d; l++)
                {
                    sum -= factor[(l * _d) + i] * column[l];
                }

                column[i] = sum / factor[(i * _d) + i];
            }

            trace += column[j];
        }

        return -0.5 * _priorCount * (logDeterminant + trace);
    }

    private StudentTComponent[] Refit(int count)
    {
        List<StudentTComponent> next = [];
        double[] mean = new double[_d];
        for (int c = 0; c < count; c++)
        {
            ReadOnlySpan<double> share = _responsibilities.AsSpan(c * _n, _n), stretch = _stretch.AsSpan(c * _n, _n);
            double mass = 0, pull = 0;
            Array.Clear(mean);
            for (int i = 0; i < _n; i++)
            {
                double weight = share[i] * stretch[i];
                mass += share[i];
                pull += weight;
                for (int j = 0; j < _d; j++)
                {
                    mean[j] += weight * _z[(i * _d) + j];
                }
            }

            if (mass < SmallestShare * _mass)
            {
                continue;
            }

            for (int j = 0; j < _d; j++)
            {
                mean[j] /= pull;
            }

            Scatter(mean, share, stretch);
            for (int j = 0; j < _scale.Length; j++)
            {
                _scale[j] = (_scale[j] + (_priorCount * _prior[j])) / (mass + _priorCount);
            }

            next.Add(StudentTComponent.FromScale(mass / _mass, mean, _scale, _dof));
        }

        double total = next.Sum(c => c.Weight);
        return [.. next.Select(c => c.WithWeight(c.Weight / total))];
    }

    private void Scatter(double[] mean, ReadOnlySpan<double> share, ReadOnlySpan<double> stretch)
    {
        Array.Clear(_scale);
        Span<double> r = stackalloc double[_d];
        for (int i = 0; i < _n; i++)
        {
            double weight = share[i] * (stretch.IsEmpty ? 1 : stretch[i]);
            for (int j = 0; j < _d; j++)
            {
                r[j] = _z[(i * _d) + j] - mean[j];
                double scaled = weight * r[j];
                for (int l = 0; l <= j; l++)
                {
                    _scale[(j * _d) + l] += scaled * r[l];
                }
            }
        }

        for (int j = 0; j < _d; j++)
        {
            for (int l = 0; l < j; l++)
            {
                _scale[(l * _d) + j] = _scale[(j * _d) + l];
            }
        }
    }

    private double[] Covariance()
    {
        double[] mean = new double[_d];
        for (int i = 0; i < _z.Length; i++)
        {
            mean[i % _d] += _w[i / _d] * _z[i] / _mass;
        }

        Scatter(mean, _w, []);
        return [.. _scale.Select(s => s / _mass)];
    }

    // Centres by k-means++ (Arthur and Vassilvitskii 2007) in the metric of the points' covariance, then each point to its nearest centre.
    private StudentTComponent[] Start(Rng rng)
    {
        double[] whole = [.. _prior.Select(p => p / PriorScale)];
        double[] nearest = new double[_n], chance = [.. _w];
        int[] owner = new int[_n];
        Array.Fill(nearest, double.PositiveInfinity);
        for (int c = 0; c < _count; c++)
        {
            int centre = rng.NextCategorical(chance);
            var metric = StudentTComponent.FromScale(1, _z.AsSpan(centre * _d, _d), whole, _dof);
            double total = 0;
            for (int i = 0; i < _n; i++)
            {
                double distance = metric.SquaredDistance(_z.AsSpan(i * _d, _d));
                if (distance < nearest[i])
                {
                    (nearest[i], owner[i]) = (distance, c);
                }

                chance[i] = _w[i] * nearest[i];
                total += chance[i];
            }

            if (!(total > 0))
            {
                break;          // every point is a centre already
            }
        }

        Array.Fill(_stretch, 1);
        for (int i = 0; i < _n; i++)
        {
            _responsibilities[(owner[i] * _n) + i] = _w[i];
        }

        return Refit(_count);
    }
}
