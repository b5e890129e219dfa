using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Sequential;

/// <summary>The posterior under a prior restricted to a region: that under the whole prior, restricted to it too.</summary>
/// <remarks>
/// What a posterior that was learned for one observation is checked by: where it is meant to be right, and nowhere else. Draws are those of the posterior that lie inside. Log-densities lack the log of the
/// posterior's mass inside, which depends on x alone.
/// </remarks>
public sealed class RestrictedPosterior : IPosteriorEstimator
{
    // A posterior with a hundredth of its mass inside gives 200 draws in a hundred rounds of them.
    private const int Rounds = 100;
    private readonly IPosteriorEstimator _posterior;
    private readonly RestrictedPrior _prior;

    /// <param name="posterior">Under the prior that <paramref name="prior"/> restricts.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public RestrictedPosterior(IPosteriorEstimator posterior, RestrictedPrior prior)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(prior);
        (_posterior, _prior) = posterior.Dimension == prior.Dimension
            ? (posterior, prior)
            : throw new ArgumentException($"Expected a prior of {posterior.Dimension} parameters, got {prior.Dimension}.", nameof(prior));
    }

    /// <inheritdoc/>
    public int Dimension => _posterior.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => false;

    /// <inheritdoc/>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => SampleMany(x, thetas.Length / Dimension, thetas, rng);

    /// <inheritdoc/>
    /// <remarks>Where a hundred times as many draws hold too few inside, the rest are NaN.</remarks>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        int d = Dimension, pairs = thetas.Length / (count * d), k = pairs == 0 ? 0 : xs.Length / pairs;
        if (thetas.Length != pairs * count * d || xs.Length != pairs * k)
        {
            throw new ArgumentException($"Expected [pairs, {count}, {d}] parameters and as many observations, got {thetas.Length} and {xs.Length} numbers.", nameof(thetas));
        }

        thetas.Fill(double.NaN);
        int[] found = new int[pairs], left = [.. Enumerable.Range(0, pairs)];
        for (int round = 0; round < Rounds && left.Length > 0; round++)
        {
            double[] observed = new double[left.Length * k], draws = new double[left.Length * count * d];
            for (int i = 0; i < left.Length; i++)
            {
                xs.Slice(left[i] * k, k).CopyTo(observed.AsSpan(i * k));
            }

            _posterior.SampleMany(observed, count, draws, rng.Split(round));
            for (int i = 0; i < left.Length; i++)
            {
                Keep(draws.AsSpan(i * count * d, count * d), thetas.Slice(left[i] * count * d, count * d), ref found[left[i]]);
            }

            left = [.. left.Where(pair => found[pair] < count)];
        }

        rng.NextUInt64();
    }

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        _posterior.LogProb(x, thetas, logProbs);
        Restrict(thetas, logProbs);
    }

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        _posterior.LogProbPairs(thetas, xs, logProbs);
        Restrict(thetas, logProbs);
    }

    private void Keep(ReadOnlySpan<double> draws, Span<double> thetas, ref int found)
    {
        int d = Dimension;
        for (int row = 0; row < draws.Length && found * d < thetas.Length; row += d)
        {
            if (_prior.Contains(draws.Slice(row, d)))
            {
                draws.Slice(row, d).CopyTo(thetas[(found++ * d)..]);
            }
        }
    }

    private void Restrict(ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        for (int i = 0; i < logProbs.Length; i++)
        {
            ReadOnlySpan<double> theta = thetas.Slice(i * Dimension, Dimension);
            if (!double.IsNaN(logProbs[i]) && !_prior.Contains(theta))
            {
                logProbs[i] = double.NegativeInfinity;
            }
        }
    }
}
