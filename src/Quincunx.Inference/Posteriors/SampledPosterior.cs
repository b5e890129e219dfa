using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Posteriors;

/// <summary>The posterior of a prior and a learned (or exact) likelihood or ratio, drawn by Markov chains; the evidence is not part of its density.</summary>
/// <remarks>
/// Chains live in the unconstrained coordinates of the prior's support. They start from many draws of the prior, brought to the posterior through powers of the likelihood (<see cref="SamplingReport.Stages"/>), so that separate modes get
/// their shares; then they move and give draws. All chains of all observations are one batch to the likelihood, which is what makes hundreds of observations cheap.
/// <para>
/// <see cref="Run"/> returns how it went. <see cref="Sample"/> and <see cref="SampleMany"/> leave that in <see cref="Reports"/>; where there are no draws they write NaN.
/// </para>
/// </remarks>
public sealed class SampledPosterior : IPosteriorEstimator
{
    private const int FewestChains = 96, MostRows = 65_536;
    private readonly IDistribution _prior;
    private readonly ILikelihoodEstimator _likelihood;
    private readonly SupportBijection _bijection;
    private readonly SampledPosteriorOptions _options;

    /// <param name="prior">Continuous, with a density.</param>
    /// <exception cref="ArgumentException">The dimensions differ, the prior has no density, a coordinate of it is discrete, or an option is out of its range.</exception>
    public SampledPosterior(IDistribution prior, ILikelihoodEstimator likelihood, SampledPosteriorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(likelihood);
        Require.Density(prior, "Posteriors of likelihoods and ratios (nle, nre) by Markov chains need", nameof(prior));
        if (prior.Dimension != likelihood.Dimension)
        {
            throw new ArgumentException($"Expected a prior of {likelihood.Dimension} parameters, got {prior.Dimension}.", nameof(prior));
        }

        (_prior, _likelihood, _bijection, _options) = (prior, likelihood, new SupportBijection(prior), (options ?? new SampledPosteriorOptions()).Checked());
    }

    /// <inheritdoc/>
    public int Dimension => _prior.Dimension;

    /// <summary>Length of an observation.</summary>
    public int Features => _likelihood.Features;

    /// <summary>False: the evidence is missing.</summary>
    public bool IsNormalised => false;

    /// <summary>How the last draws were made, one report an observation; empty before the first.</summary>
    public IReadOnlyList<SamplingReport> Reports { get; private set; } = [];

    /// <summary>Draws for many observations, and how each went.</summary>
    /// <param name="xs">Shape <c>[n, k]</c>, finite.</param>
    /// <param name="count">Draws for each observation.</param>
    /// <param name="thetas">Shape <c>[n, count, d]</c>, overwritten; NaN where there are no draws.</param>
    /// <param name="rng">Split, not advanced: the draws are a function of the observations, the count and the stream.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or an observation is not finite.</exception>
    /// <exception cref="OperationCanceledException">Looked for before each evaluation.</exception>
    public IReadOnlyList<SamplingReport> Run(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int observations = CheckObservations(xs), d = Dimension;
        if (thetas.Length != observations * count * d)
        {
            throw new ArgumentException($"Expected [{observations}, {count}, {d}] parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        if (count == 0 || observations == 0)
        {
            return [];
        }

        // Whole multiples, and never more than are wanted: a chain without a draw is wasted.
        int wanted = Math.Min(_options.Chains, Math.Max(count, FewestChains)), chains = (wanted + ChainPool.Unit - 1) / ChainPool.Unit * ChainPool.Unit;
        int together = Math.Max(1, MostRows / chains);
        List<SamplingReport> reports = [];
        for (int from = 0; from < observations; from += together)
        {
            int n = Math.Min(together, observations - from);
            var run = new PosteriorRun(_prior, _bijection, _likelihood, _options, xs.Slice(from * Features, n * Features).ToArray(), chains, count, cancel);
            reports.AddRange(run.Draw(thetas.Slice(from * count * d, n * count * d), rng.Split(from)));
        }

        return Reports = reports;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Lengths do not fit, or the observation is not finite.</exception>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (x.Length != Features || thetas.Length % Dimension != 0)
        {
            throw new ArgumentException($"Expected one observation of {Features} numbers and whole rows of {Dimension} parameters, got {x.Length} and {thetas.Length} numbers.", nameof(x));
        }

        Run(x, thetas.Length / Dimension, thetas, new Rng(rng.NextUInt64()));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Lengths do not fit, or an observation is not finite.</exception>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Run(xs, count, thetas, new Rng(rng.NextUInt64()));
    }

    /// <summary>log prior + log-likelihood, without the evidence.</summary>
    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        if (CheckObservations(x) != 1)
        {
            throw new ArgumentException($"Expected one observation of {Features} numbers, got {x.Length}.", nameof(x));
        }

        double[] observation = x.ToArray();
        LogProbs(thetas, logProbs, (inside, _, logs) => _likelihood.LogLikelihood(observation, inside, logs));
    }

    /// <summary>log prior + log-likelihood of each pair, without the evidence.</summary>
    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        if (CheckObservations(xs) != logProbs.Length)
        {
            throw new ArgumentException($"Expected {logProbs.Length} observations of {Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }

        double[] observations = xs.ToArray();
        LogProbs(thetas, logProbs, (inside, rows, logs) =>
        {
            double[] own = new double[rows.Count * Features];
            for (int i = 0; i < rows.Count; i++)
            {
                observations.AsSpan(rows[i] * Features, Features).CopyTo(own.AsSpan(i * Features));
            }

            _likelihood.LogLikelihoodPairs(inside, own, logs);
        });
    }

    private delegate void Likelihoods(ReadOnlySpan<double> inside, List<int> rows, Span<double> logs);

    // The likelihood is asked only where the prior is positive.
    private void LogProbs(ReadOnlySpan<double> thetas, Span<double> logProbs, Likelihoods likelihoods)
    {
        int d = Dimension;
        if (thetas.Length != logProbs.Length * d)
        {
            throw new ArgumentException($"Expected {logProbs.Length} rows of {d} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        List<int> rows = [];
        double[] inside = new double[thetas.Length];
        for (int i = 0; i < logProbs.Length; i++)
        {
            ReadOnlySpan<double> theta = thetas.Slice(i * d, d);
            logProbs[i] = _prior.LogProb(theta);
            if (double.IsFinite(logProbs[i]))
            {
                theta.CopyTo(inside.AsSpan(rows.Count * d));
                rows.Add(i);
            }
        }

        double[] logs = new double[rows.Count];
        if (logs.Length > 0)
        {
            likelihoods(inside.AsSpan(0, rows.Count * d), rows, logs);
        }

        for (int i = 0; i < logs.Length; i++)
        {
            logProbs[rows[i]] += logs[i];
        }
    }

    private int CheckObservations(ReadOnlySpan<double> xs)
    {
        if (xs.Length % Features != 0)
        {
            throw new ArgumentException($"Expected observations of {Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }

        for (int i = 0; i < xs.Length; i++)
        {
            if (!double.IsFinite(xs[i]))
            {
                throw new ArgumentException($"Expected finite observations, got {xs[i]:R} as number {i % Features} of observation {i / Features}.", nameof(xs));
            }
        }

        return xs.Length / Features;
    }
}
