using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Prior and likelihood apart, in the unconstrained coordinates of the prior's support: what samplers along powers of the likelihood, or shells of it, need.</summary>
internal sealed class PriorTarget
{
    // Draws of the prior for each point wanted, before there is nowhere to begin.
    private const int StartRounds = 1_000;

    private readonly IDistribution _prior;
    private readonly CountedTarget _logLikelihood;
    private readonly SupportBijection _bijection;
    private double[] _thetas = [], _values = [];
    private int[] _rows = [];

    public PriorTarget(ITarget logLikelihood, IDistribution prior, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(logLikelihood);
        ArgumentNullException.ThrowIfNull(prior);
        Require.Density(prior, "Tempering, sequential Monte Carlo and nested sampling need", nameof(prior));
        if (prior.Dimension != logLikelihood.Dimension)
        {
            throw new ArgumentException($"Expected a prior of {logLikelihood.Dimension} coordinates, got {prior.Dimension}.", nameof(prior));
        }

        (_prior, _bijection, _logLikelihood) = (prior, new SupportBijection(prior), new CountedTarget(logLikelihood, cancel));
    }

    public int Dimension => _prior.Dimension;

    public SupportBijection Bijection => _bijection;

    public CountedTarget Counted => _logLikelihood;

    /// <summary>Log-density of the prior with respect to z, and of the likelihood; the latter is not looked at where the prior is 0.</summary>
    /// <param name="points">Shape <c>[n, d]</c>, unconstrained.</param>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> logPriors, Span<double> logLikelihoods)
    {
        int n = logPriors.Length, d = Dimension, count = 0;
        if (_rows.Length < n)
        {
            (_rows, _thetas, _values) = (new int[n], new double[n * d], new double[n]);
        }

        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> z = points.Slice(i * d, d);
            Span<double> theta = _thetas.AsSpan(count * d, d);
            _bijection.ToConstrained(z, theta);
            logPriors[i] = _prior.LogProb(theta) + _bijection.LogAbsDetToConstrained(z);
            logLikelihoods[i] = double.NegativeInfinity;
            if (double.IsFinite(logPriors[i]))
            {
                _rows[count++] = i;
            }
            else
            {
                logPriors[i] = double.NegativeInfinity;
            }
        }

        if (count == 0)
        {
            return;
        }

        _logLikelihood.Evaluate(_thetas.AsSpan(0, count * d), _values.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            logLikelihoods[_rows[i]] = _values[i];
        }
    }

    /// <summary>A draw of the prior, unconstrained.</summary>
    public void Draw(Span<double> point, Rng rng)
    {
        _prior.Sample(point, rng);
        _bijection.ToUnconstrained(point, point);
    }

    /// <summary>Draws of the prior, drawn again where the likelihood is 0.</summary>
    /// <param name="attempts">Draws of the prior that it took, those with likelihood 0 included.</param>
    /// <returns>False where some row found no positive likelihood.</returns>
    public bool DrawPositive(double[] points, double[] logPriors, double[] logLikelihoods, Rng[] streams, out long attempts)
    {
        int d = Dimension;
        int[] left = [.. Enumerable.Range(0, streams.Length)];
        double[] candidates = new double[points.Length], priors = new double[streams.Length], likelihoods = new double[streams.Length];
        attempts = 0;
        for (int round = 0; round < StartRounds && left.Length > 0; round++)
        {
            for (int i = 0; i < left.Length; i++)
            {
                Draw(candidates.AsSpan(i * d, d), streams[left[i]]);
            }

            Evaluate(candidates.AsSpan(0, left.Length * d), priors.AsSpan(0, left.Length), likelihoods.AsSpan(0, left.Length));
            attempts += left.Length;
            for (int i = 0; i < left.Length; i++)
            {
                candidates.AsSpan(i * d, d).CopyTo(points.AsSpan(left[i] * d));
                (logPriors[left[i]], logLikelihoods[left[i]]) = (priors[i], likelihoods[i]);
            }

            left = [.. left.Where((_, i) => !double.IsFinite(likelihoods[i]))];
        }

        return left.Length == 0;
    }
}
