using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Importance;

/// <summary>Importance sampling whose proposal is refitted to its own weighted draws.</summary>
/// <remarks>
/// Population Monte Carlo with Student-t mixtures (Cappé, Douc, Guillin, Marin, Robert 2008, Stat. Comput. 18, 447) and tempered weights
/// while the proposal is far off. The draws of the result come from a proposal that was fixed before: their weights, the evidence
/// and its error are those of plain importance sampling, with no bias from the adaptation.
/// </remarks>
public sealed class AdaptiveImportance
{
    private readonly LogDensity _target;
    private readonly int _d;
    private readonly AdaptiveImportanceOptions _options;
    private readonly CancellationToken _cancel;
    private readonly List<AdaptationRound> _history = [];
    private long _evaluations;

    private AdaptiveImportance(LogDensity target, int dimension, AdaptiveImportanceOptions options, CancellationToken cancel) =>
        (_target, _d, _options, _cancel) = (target, dimension, options, cancel);

    /// <param name="target">log target in unconstrained space, Jacobian included; thread-safe.</param>
    /// <param name="draws">Shape <c>[n, dimension]</c>, draws of an initial proposal, finite.</param>
    /// <param name="logProposal">Shape <c>[n]</c>, the initial proposal's log-density at its draws, finite.</param>
    /// <param name="rng">Draw i of round r has a stream of its own.</param>
    public static AdaptiveImportanceResult Run(
        LogDensity target, ReadOnlySpan<double> draws, ReadOnlySpan<double> logProposal, int dimension, Rng rng,
        AdaptiveImportanceOptions? options = null, IProgress<AdaptationRound>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (logProposal.IsEmpty || draws.Length != logProposal.Length * dimension)
        {
            throw new ArgumentException($"Expected {logProposal.Length} rows of {dimension} draws, at least one, got {draws.Length} values.", nameof(draws));
        }

        foreach (double value in logProposal)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Expected a finite density at every draw of the proposal, got {value}.", nameof(logProposal));
            }
        }

        var run = new AdaptiveImportance(target, dimension, (options ?? new AdaptiveImportanceOptions()).Checked(), cancel);
        return run.Adapt(draws.ToArray(), logProposal.ToArray(), rng, progress);
    }

    private AdaptiveImportanceResult Adapt(double[] draws, double[] logProposal, Rng rng, IProgress<AdaptationRound>? progress)
    {
        double[] logWeights = LogWeights(draws, logProposal);
        StudentTMixture? best = null;
        double bestEfficiency = 0;
        int stale = 0;
        for (int round = 0; ; round++)
        {
            var weights = ImportanceWeights.FromLog(logWeights);
            bool enough = logWeights.Count(double.IsFinite) > 2 * _d;
            bool last = round == _options.Rounds || stale == 2;
            double exponent = enough && !last ? Exponent(logWeights) : double.NaN;
            _history.Add(new AdaptationRound(weights.Efficiency, weights.LogEvidence, weights.ParetoK, exponent));
            progress?.Report(_history[^1]);
            if (!enough)
            {
                return new AdaptiveImportanceResult(AdaptationStop.NoOverlap, [], [], [], null, null, _history, _evaluations);
            }

            if (last)
            {
                return Final(best!, stale == 2 ? AdaptationStop.Settled : AdaptationStop.RoundsExhausted, rng.Split("final"));
            }

            ImportanceWeights tempered = ImportanceWeights.FromLog([.. logWeights.Select(w => double.IsFinite(w) ? exponent * w : double.NegativeInfinity)]);
            Rng own = rng.Split("round").Split(round);
            MixtureFit fit = StudentTMixtureFit.Run(
                draws, tempered.Weights, _d, _options.Components, _options.DegreesOfFreedom, own.Split("fit"));
            StudentTMixture proposal = fit.Mixture.WithDefence(_options.DefensiveShare, _options.DefensiveWidening, _options.DegreesOfFreedom / 2);
            (draws, logProposal) = Sample(proposal, _options.RoundDraws, own.Split("draws"));
            logWeights = LogWeights(draws, logProposal);

            // Progress is judged at full weights only: while they are tempered the efficiency may stay low for rounds.
            double efficiency = ImportanceWeights.FromLog(logWeights).Efficiency;
            stale = exponent < 1 || efficiency > bestEfficiency * (1 + _options.Progress) ? 0 : stale + 1;
            if (efficiency > bestEfficiency || best is null)
            {
                (best, bestEfficiency) = (proposal, efficiency);
            }
        }
    }

    private AdaptiveImportanceResult Final(StudentTMixture proposal, AdaptationStop stop, Rng rng)
    {
        (double[] draws, double[] logProposal) = Sample(proposal, _options.FinalDraws, rng);
        double[] logWeights = LogWeights(draws, logProposal);
        return new AdaptiveImportanceResult(
            stop, draws, logWeights, logProposal, ImportanceWeights.FromLog(logWeights), proposal, _history, _evaluations);
    }

    // The largest power in (0, 1] at which the weights keep an effective share of FitShare, or of nine tenths of the positive ones if those
    // are few. The effective number falls as the power grows, from the number of positive weights on.
    private double Exponent(double[] logWeights)
    {
        double[] finite = [.. logWeights.Where(double.IsFinite)];
        double wanted = Math.Min(_options.FitShare * logWeights.Length, 0.9 * finite.Length), high = finite.Max();
        if (Effective(1) >= wanted)
        {
            return 1;
        }

        double low = 0, above = 1;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + above) / 2;
            (low, above) = Effective(middle) >= wanted ? (middle, above) : (low, middle);
        }

        return low;

        double Effective(double power)
        {
            double sum = 0, squares = 0;
            foreach (double log in finite)
            {
                double w = Math.Exp(power * (log - high));
                sum += w;
                squares += w * w;
            }

            return sum * sum / squares;
        }
    }

    private (double[] Draws, double[] LogProposal) Sample(StudentTMixture proposal, int count, Rng rng)
    {
        double[] draws = new double[count * _d], logProposal = new double[count];
        Parallel.For(0, count, Parallelism(), i =>
        {
            Span<double> z = draws.AsSpan(i * _d, _d);
            proposal.Sample(z, rng.Split(i));
            logProposal[i] = proposal.LogProb(z);
        });
        return (draws, logProposal);
    }

    private double[] LogWeights(double[] draws, double[] logProposal)
    {
        double[] logWeights = new double[logProposal.Length];
        Parallel.For(0, logWeights.Length, Parallelism(), i => logWeights[i] = _target(draws.AsSpan(i * _d, _d)) - logProposal[i]);
        _evaluations += logWeights.Length;
        return logWeights;
    }

    private ParallelOptions Parallelism() =>
        new() { MaxDegreeOfParallelism = _options.Threads == 0 ? -1 : _options.Threads, CancellationToken = _cancel };
}
