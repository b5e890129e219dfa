using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Importance;

/// <summary>Draws of an approximate posterior, weighted to prior × likelihood (neural importance sampling: Dax et al. 2023, arXiv:2210.05686).</summary>
/// <remarks>
/// w = p(theta) p(x | theta) / q(theta | x). Exact in the limit where q is positive wherever the posterior is; a q that is too narrow shows in the tail index of the weights, and a mode that q lacks shows in nothing.
/// <para>Draw i is a function of the stream and of i: blocks of 4,096 draws come each from a stream of its own, so that a longer run extends a shorter one. Neither threads nor how the draws were asked for in pieces change them.</para>
/// </remarks>
public sealed class PosteriorReweighting
{
    private const int BlockDraws = 4096, FewestDraws = 100, FewestForTail = 1000, MostWithoutWeight = 10_000;
    private readonly IPosterior _proposal;
    private readonly IDistribution _prior;
    private readonly Likelihoods _likelihoods;
    private readonly EvidenceMeaning _meaning;

    private PosteriorReweighting(IPosterior proposal, IDistribution prior, int likelihoodDimension, EvidenceMeaning meaning, Likelihoods likelihoods)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentNullException.ThrowIfNull(prior);
        Require.Density(prior, "Weights of posterior draws need", nameof(prior));
        if (proposal.Dimension != prior.Dimension || prior.Dimension != likelihoodDimension)
        {
            throw new ArgumentException($"Expected proposal, prior and likelihood of one dimension, got {proposal.Dimension}, {prior.Dimension} and {likelihoodDimension}.", nameof(proposal));
        }

        // The missing constant would go into the evidence, and draws by chains would carry their dependence into its error.
        if (!proposal.IsNormalised)
        {
            throw new ArgumentException(
                "Expected a proposal whose density integrates to one and whose draws are independent (npe, mdn, fmpe, npse), got one that is known up to a constant, such as a posterior drawn by chains. Its draws are already weighted by the likelihood that it has learned.",
                nameof(proposal));
        }

        (_proposal, _prior, _meaning, _likelihoods) = (proposal, prior, meaning, likelihoods);
    }

    // Writes log-likelihoods of the rows of inside, which lie in the prior's support.
    private delegate void Likelihoods(double[] inside, double[] logs);

    /// <summary>Number of parameters d.</summary>
    public int Dimension => _prior.Dimension;

    /// <summary>By a likelihood that can be evaluated; it is called from many threads at once.</summary>
    /// <param name="proposal">An approximate posterior at <paramref name="x"/> (of an amortised one: <see cref="ConditionedPosterior"/>), or any other proposal.</param>
    /// <param name="x">The observation.</param>
    /// <exception cref="ArgumentException">The proposal is not normalised, the prior has no density, or dimensions differ.</exception>
    public static PosteriorReweighting ByLikelihood(IPosterior proposal, IDistribution prior, ILikelihood likelihood, ReadOnlySpan<double> x)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        double[] observed = x.ToArray();
        int d = prior?.Dimension ?? 0;
        return new PosteriorReweighting(proposal, prior!, d, EvidenceMeaning.OfTheModel, (inside, logs) =>
            Parallel.For(0, logs.Length, i => logs[i] = likelihood.LogLikelihood(inside.AsSpan(i * d, d), observed)));
    }

    /// <summary>By a learned likelihood or ratio: exact for what was learned, no better.</summary>
    /// <param name="proposal">An approximate posterior at <paramref name="x"/> (of an amortised one: <see cref="ConditionedPosterior"/>), or any other proposal.</param>
    /// <param name="x">The observation, finite.</param>
    /// <exception cref="ArgumentException">The proposal is not normalised, the prior has no density, dimensions differ, or the observation is of another length.</exception>
    public static PosteriorReweighting ByLearned(IPosterior proposal, IDistribution prior, ILikelihoodEstimator likelihood, ReadOnlySpan<double> x)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        Require.Length(x.Length, likelihood.Features, nameof(x));
        double[] observed = x.ToArray();
        EvidenceMeaning meaning = likelihood.IsNormalised ? EvidenceMeaning.OfALearnedLikelihood : EvidenceMeaning.None;
        return new PosteriorReweighting(proposal, prior, likelihood.Dimension, meaning, (inside, logs) => likelihood.LogLikelihood(observed, inside, logs));
    }

    /// <summary>A fixed number of weighted draws: the evidence has no bias from stopping.</summary>
    /// <param name="count">At least one.</param>
    /// <param name="rng">Split, not advanced.</param>
    /// <exception cref="OperationCanceledException">Looked for before each block.</exception>
    public ReweightedDraws Draw(int count, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var drawn = new Growing();
        while (drawn.Count < count)
        {
            cancel.ThrowIfCancellationRequested();
            Extend(drawn, count, rng);
        }

        return drawn.Result(Dimension, _meaning);
    }

    /// <summary>Draws until their effective number is reached, looking at growing numbers of draws.</summary>
    /// <remarks>
    /// To stop when the effective number is high is to stop when large weights have not come yet: it biases evidence downwards, the more the heavier the tail (<see cref="StoppingRule"/> has the cure and its price, the method's page our measurement).
    /// </remarks>
    /// <param name="effective">Effective draws wanted, at least one.</param>
    /// <param name="rng">Split, not advanced.</param>
    /// <param name="start">Draws that were made with the same stream by an earlier call, to go on from; the result is that of one call, at the same looks.</param>
    /// <param name="progress">Told at each look.</param>
    /// <returns>With the draws made so far whatever ended it, cancellation included.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or the start has another dimension or more draws than allowed.</exception>
    public DrawUntilResult DrawUntil(
        int effective, Rng rng, DrawUntilOptions? options = null, ReweightedDraws? start = null, IProgress<DrawUntilLook>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(effective);
        DrawUntilOptions settings = (options ?? new DrawUntilOptions()).Checked();
        if (start is not null && (start.Dimension != Dimension || start.Count > settings.MaxDraws))
        {
            throw new ArgumentException($"Expected a start of at most {settings.MaxDraws} draws of dimension {Dimension}, got {start.Count} of {start.Dimension}.", nameof(start));
        }

        Growing drawn = start is null ? new Growing() : new Growing(start);
        List<DrawUntilLook> looks = [];
        long look = Math.Max(effective, FewestDraws);       // the effective number never exceeds the number
        for (; ; look = Math.Max(look + 1, (long)Math.Ceiling(look * settings.Growth)))
        {
            int count = (int)Math.Min(look, settings.MaxDraws);
            if (count < drawn.Count && count < settings.MaxDraws)
            {
                continue;       // looked at before the start was handed over
            }

            while (drawn.Count < count)
            {
                if (cancel.IsCancellationRequested)
                {
                    return DrawUntilResult.Of(DrawUntilStop.Cancelled, effective, drawn.ResultOrNull(Dimension, _meaning), looks);
                }

                Extend(drawn, count, rng);
            }

            ReweightedDraws draws = drawn.Result(Dimension, _meaning);
            looks.Add(new DrawUntilLook(count, draws.Weights.EffectiveSampleSize, draws.Weights.ParetoK));
            progress?.Report(looks[^1]);
            if (Judge(draws.Weights, effective, count == settings.MaxDraws) is not { } stop)
            {
                continue;
            }

            if (settings.Rule == StoppingRule.FreshDraws && stop is DrawUntilStop.Reached or DrawUntilStop.ReachedUnreliably)
            {
                var fresh = new Growing();
                while (fresh.Count < count)
                {
                    if (cancel.IsCancellationRequested)
                    {
                        return DrawUntilResult.Of(DrawUntilStop.Cancelled, effective, draws, looks);
                    }

                    Extend(fresh, count, rng.Split("fresh"));
                }

                draws = fresh.Result(Dimension, _meaning);
                stop = draws.Weights.ParetoK <= draws.Weights.ParetoKLimit ? DrawUntilStop.Reached : DrawUntilStop.ReachedUnreliably;
            }

            return DrawUntilResult.Of(stop, effective, draws, looks);
        }
    }

    // Null to go on.
    private static DrawUntilStop? Judge(ImportanceWeights weights, int effective, bool last)
    {
        if (weights.IsEmpty)
        {
            return last || weights.Count >= MostWithoutWeight ? DrawUntilStop.NoOverlap : null;
        }

        // The maximum-likelihood estimate of the shape has variance (1 + k)² / M for M excesses (Smith 1987, Ann. Stat. 15, 1174).
        double k = weights.ParetoK, error = (1 + k) / Math.Sqrt(weights.Tail.Count);
        if (weights.Count >= FewestForTail && k - error > 0.7)
        {
            return DrawUntilStop.TailTooHeavy;
        }

        return weights.EffectiveSampleSize >= effective
            ? k <= weights.ParetoKLimit ? DrawUntilStop.Reached : DrawUntilStop.ReachedUnreliably
            : last ? DrawUntilStop.DrawsExhausted : null;
    }

    // To the end of the block or to count draws. Proposals are drawn for the whole block, so that each is the same however many are wanted; likelihoods are evaluated for the new ones alone.
    private void Extend(Growing drawn, int count, Rng rng)
    {
        int d = Dimension, block = drawn.Count / BlockDraws, first = drawn.Count - (block * BlockDraws), end = Math.Min(BlockDraws, count - (block * BlockDraws));
        double[] thetas = new double[BlockDraws * d], logProposal = new double[BlockDraws], logWeights = new double[BlockDraws], inside = new double[(end - first) * d];
        _proposal.Sample(thetas, rng.Split(block));
        _proposal.LogProb(thetas, logProposal);
        List<int> rows = [];
        int outside = 0;
        for (int i = first; i < end; i++)
        {
            ReadOnlySpan<double> theta = thetas.AsSpan(i * d, d);
            logWeights[i] = _prior.LogProb(theta);
            if (double.IsFinite(logWeights[i]))
            {
                theta.CopyTo(inside.AsSpan(rows.Count * d));
                rows.Add(i);
            }

            outside += double.IsNegativeInfinity(logWeights[i]) ? 1 : 0;
        }

        double[] logs = new double[rows.Count];
        if (logs.Length > 0)
        {
            _likelihoods(inside[..(logs.Length * d)], logs);
        }

        for (int j = 0; j < logs.Length; j++)
        {
            logWeights[rows[j]] += logs[j] - logProposal[rows[j]];
        }

        drawn.Add(thetas.AsSpan(first * d, (end - first) * d), logWeights.AsSpan(first, end - first), outside);
    }

    private sealed class Growing
    {
        private readonly List<double> _thetas = [], _logWeights = [];
        private int _outside;

        public Growing()
        {
        }

        public Growing(ReweightedDraws start) => Add(start.Thetas, start.LogWeights, start.Outside);

        public int Count => _logWeights.Count;

        public void Add(ReadOnlySpan<double> thetas, ReadOnlySpan<double> logWeights, int outside)
        {
            _thetas.AddRange(thetas);
            _logWeights.AddRange(logWeights);
            _outside += outside;
        }

        public ReweightedDraws Result(int d, EvidenceMeaning meaning) => new([.. _thetas], [.. _logWeights], d, _outside, meaning);

        public ReweightedDraws? ResultOrNull(int d, EvidenceMeaning meaning) => Count == 0 ? null : Result(d, meaning);
    }
}
