using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Posteriors;

/// <summary>Prior and likelihood of many observations in the unconstrained coordinates of the prior's support: each row belongs to an observation.</summary>
internal sealed class PosteriorTarget
{
    private readonly IDistribution _prior;
    private readonly SupportBijection _bijection;
    private readonly ILikelihoodEstimator _likelihood;
    private readonly CancellationToken _cancel;
    private readonly double[] _observations;
    private double[] _thetas = [], _xs = [], _logs = [];
    private int[] _places = [];

    /// <param name="observations">Shape <c>[count, k]</c>.</param>
    public PosteriorTarget(IDistribution prior, SupportBijection bijection, ILikelihoodEstimator likelihood, double[] observations, CancellationToken cancel)
    {
        (_prior, _bijection, _likelihood, _observations, _cancel) = (prior, bijection, likelihood, observations, cancel);
        Observations = observations.Length / likelihood.Features;
    }

    public int Dimension => _likelihood.Dimension;

    public int Observations { get; }

    /// <summary>Evaluations of the likelihood so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Those that were NaN or +∞, and counted as -∞.</summary>
    public long Invalid { get; private set; }

    /// <summary>Log-density of the prior with respect to z; -∞ where it is not finite.</summary>
    public double LogPrior(ReadOnlySpan<double> z, Span<double> theta)
    {
        _bijection.ToConstrained(z, theta);
        double log = _prior.LogProb(theta) + _bijection.LogAbsDetToConstrained(z);
        return double.IsFinite(log) ? log : double.NegativeInfinity;
    }

    /// <summary>Draws of the prior in unconstrained coordinates, with the log-likelihood of one observation.</summary>
    public void Draw(int observation, Span<double> points, Span<double> logLikelihoods, Rng rng)
    {
        int d = Dimension;
        Reserve(logLikelihoods.Length);
        for (int i = 0; i < logLikelihoods.Length; i++)
        {
            Span<double> theta = _thetas.AsSpan(i * d, d);
            _prior.Sample(theta, rng);
            _bijection.ToUnconstrained(theta, points.Slice(i * d, d));

            // The inside of the support, as every later point.
            _bijection.ToConstrained(points.Slice(i * d, d), theta);
        }

        _cancel.ThrowIfCancellationRequested();
        _likelihood.LogLikelihood(Observation(observation), _thetas.AsSpan(0, points.Length), logLikelihoods);
        Count(logLikelihoods);
    }

    /// <summary>Log-densities log prior + power × log-likelihood, with respect to z.</summary>
    /// <param name="owners">The observation of each row.</param>
    /// <param name="points">Shape <c>[n, d]</c>.</param>
    /// <param name="powers">Of each observation; at 0 the likelihood is not looked at.</param>
    public void Evaluate(ReadOnlySpan<int> owners, ReadOnlySpan<double> points, double[] powers, Span<double> logDensities)
    {
        int d = Dimension, k = _likelihood.Features, count = 0;
        Reserve(owners.Length);
        bool isOne = Observations == 1;
        for (int i = 0; i < owners.Length; i++)
        {
            logDensities[i] = LogPrior(points.Slice(i * d, d), _thetas.AsSpan(count * d, d));
            if (powers[owners[i]] > 0 && !double.IsNegativeInfinity(logDensities[i]))
            {
                if (!isOne)
                {
                    Observation(owners[i]).CopyTo(_xs.AsSpan(count * k));
                }

                _places[count++] = i;
            }
        }

        if (count == 0)
        {
            return;
        }

        _cancel.ThrowIfCancellationRequested();
        Span<double> logs = _logs.AsSpan(0, count);
        if (isOne)
        {
            _likelihood.LogLikelihood(_observations, _thetas.AsSpan(0, count * d), logs);
        }
        else
        {
            _likelihood.LogLikelihoodPairs(_thetas.AsSpan(0, count * d), _xs.AsSpan(0, count * k), logs);
        }

        Count(logs);
        for (int i = 0; i < count; i++)
        {
            logDensities[_places[i]] += powers[owners[_places[i]]] * logs[i];
        }
    }

    private ReadOnlySpan<double> Observation(int index) => _observations.AsSpan(index * _likelihood.Features, _likelihood.Features);

    private void Count(Span<double> logs)
    {
        Evaluations += logs.Length;
        foreach (ref double log in logs)
        {
            if (double.IsNaN(log) || double.IsPositiveInfinity(log))
            {
                Invalid++;
                log = double.NegativeInfinity;
            }
        }
    }

    private void Reserve(int rows)
    {
        if (_places.Length < rows)
        {
            (_places, _logs, _thetas) = (new int[rows], new double[rows], new double[rows * Dimension]);
            _xs = Observations == 1 ? [] : new double[rows * _likelihood.Features];
        }
    }
}
