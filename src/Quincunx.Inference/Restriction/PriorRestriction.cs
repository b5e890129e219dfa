using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Restriction;

/// <summary>Learns from a first round of simulations where they fail, and restricts the prior to where they are likely to succeed.</summary>
/// <remarks>
/// <para>
/// A classifier of success against failure as a function of theta, and the prior where its probability of success exceeds a threshold (Lueckmann et al. 2017, arXiv:1711.01861, learned which simulations go bad;
/// the restricted prior is that of Deistler, Macke and Gonçalves 2022, PNAS 119, e2207632119). The threshold is a rank of held-out successes, chosen so that the share of successes below it is bounded with a stated confidence whatever the classifier is worth.
/// </para>
/// <para>
/// Leaving failed runs out is one thing, restricting another. Without the failures, parameters follow p(theta | success), and the posterior of an x that was observed is p(theta | x) all the same, where p(x | theta) integrates over successful x to the probability of success.
/// The restriction takes the posterior's mass outside the region away besides. Averaged over successful x that mass is the lost share; at one x that only rare parameters give it can be anything up to 1.
/// </para>
/// </remarks>
public static class PriorRestriction
{
    // Chance of restricting anything where failing does not depend on theta.
    private const double ChanceLevel = 1e-3;
    private const int FewestOfEach = 10;

    /// <summary>Learns from simulations; a run with an output that is not finite failed.</summary>
    /// <inheritdoc cref="Learn(IDistribution, ReadOnlySpan{double}, ReadOnlySpan{bool}, RestrictionOptions, Rng, IProgress{TrainingProgress}, ITrainingCheckpoints, CancellationToken)"/>
    public static RestrictionResult Learn(
        IDistribution prior,
        SimulationSet simulations,
        RestrictionOptions options,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(simulations);
        bool[] succeeded = [.. Enumerable.Repeat(true, simulations.Count)];
        foreach (int row in simulations.FailedRows)
        {
            succeeded[row] = false;
        }

        return Learn(prior, simulations.Theta, succeeded, options, rng, progress, checkpoints, cancel);
    }

    /// <summary>Learns from runs and what became of them.</summary>
    /// <param name="prior">Of continuous coordinates. That the bound is about its successes rests on the parameters being its draws; a prior that is restricted already may be restricted further, and the lost shares add up.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, draws of the prior.</param>
    /// <param name="succeeded">Shape <c>[n]</c>.</param>
    /// <param name="rng">Decides the held-out runs, the initial weights and the order of batches; not advanced.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, a theta lies outside the support, a coordinate is discrete, or an option is out of its range.</exception>
    public static RestrictionResult Learn(
        IDistribution prior,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<bool> succeeded,
        RestrictionOptions options,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        RestrictionOptions settings = options.Checked();
        int d = prior.Dimension, n = succeeded.Length, failed = succeeded.Count(false);
        if (thetas.Length != n * d)
        {
            throw new ArgumentException($"Expected {n} rows of {d} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        var bijection = new SupportBijection(prior);
        double[] z = new double[thetas.Length];
        bijection.ToUnconstrained(thetas, z);

        RestrictionResult whole = Whole(prior, n, failed);
        if (failed == 0 || failed == n)
        {
            RestrictionStop reason = failed == n && n > 0 ? RestrictionStop.AllFailed : RestrictionStop.NoFailures;
            return whole with { StopReason = reason, Advice = RestrictionAdvice.Of(reason, whole, settings) };
        }

        (int[] training, int[] held) = Split(n, settings.HeldOutShare, rng.Split("held out"));
        int[] heldSuccesses = [.. WithOutcome(held, succeeded, true)], heldFailures = [.. WithOutcome(held, succeeded, false)];
        int rank = SuccessThreshold.Rank(heldSuccesses.Length, settings.LostShare, settings.Confidence);
        whole = whole with { HeldOutSuccesses = heldSuccesses.Length };
        if (rank == 0 || training.Length < FewestOfEach)
        {
            return whole with { StopReason = RestrictionStop.TooFewSuccesses, Advice = RestrictionAdvice.Of(RestrictionStop.TooFewSuccesses, whole, settings) };
        }

        double[] chosen = Rows(thetas, training, d), signs = [.. Signs(training, succeeded)];
        var classifier = new SuccessClassifier(bijection, Standardise.Fit(Rows(z, training, d), d), settings, rng.Split("weights"));
        var runs = ScaledPairs.InMemory(chosen, d, signs, 1, classifier.ScaleTheta, (rows, scaled) => rows.CopyTo(scaled));
        TrainingResult trained = Trainer.Run(new SuccessTask(classifier, runs), settings.Training, rng.Split("training"), progress, checkpoints, cancel);
        whole = whole with { Training = trained };
        if (trained.StopReason is StopReason.Diverged or StopReason.Cancelled)
        {
            RestrictionStop reason = trained.StopReason == StopReason.Diverged ? RestrictionStop.Diverged : RestrictionStop.Cancelled;
            return whole with { StopReason = reason, Advice = RestrictionAdvice.Of(reason, whole, settings) };
        }

        double[] ofSuccesses = LogOdds(classifier, Rows(thetas, heldSuccesses, d)), ofFailures = LogOdds(classifier, Rows(thetas, heldFailures, d));
        Array.Sort(ofSuccesses);
        classifier.Threshold = ofSuccesses[rank - 1];
        int below = ofFailures.Count(odds => odds < classifier.Threshold), lost = ofSuccesses.Count(odds => odds < classifier.Threshold);
        whole = whole with { ChanceOfCut = SuccessThreshold.ChanceOf(below, heldFailures.Length, heldSuccesses.Length, rank) };
        if (!(whole.ChanceOfCut < ChanceLevel))
        {
            return whole with { StopReason = RestrictionStop.Independent, Advice = RestrictionAdvice.Of(RestrictionStop.Independent, whole, settings) };
        }

        double share = SuccessPrior.ShareInside(prior, classifier);
        if (share < settings.SmallestAcceptance)
        {
            return whole with { StopReason = RestrictionStop.AcceptanceCollapsed, Advice = RestrictionAdvice.Of(RestrictionStop.AcceptanceCollapsed, whole, settings, share) };
        }

        var restricted = new SuccessPrior(prior, classifier, share);
        double failedInside = heldFailures.Length - below, inside = failedInside + heldSuccesses.Length - lost;
        RestrictionResult result = whole with
        {
            StopReason = RestrictionStop.Restricted,
            Prior = restricted,
            Restricted = restricted,
            FailedShare = failedInside / inside,
            ExpectedLostShare = rank / (heldSuccesses.Length + 1.0),
        };
        return result with { Advice = RestrictionAdvice.Of(RestrictionStop.Restricted, result, settings, share) };
    }

    /// <summary>A classifier of the same shape, to import stored weights into.</summary>
    public static SuccessClassifier Untrained(SupportBijection bijection, RestrictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        return new SuccessClassifier(bijection, new Standardise(bijection.Dimension), options, new Rng(0));
    }

    private static RestrictionResult Whole(IDistribution prior, int runs, int failed) => new()
    {
        StopReason = RestrictionStop.NoFailures,
        Advice = "",
        Prior = prior,
        Runs = runs,
        Failed = failed,
        FailedShare = failed / (double)runs,
    };

    private static (int[] Training, int[] Held) Split(int count, double heldShare, Rng rng)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        rng.Shuffle<int>(order);
        int held = (int)Math.Round(heldShare * count);
        return (order[held..], order[..held]);
    }

    private static List<int> WithOutcome(int[] rows, ReadOnlySpan<bool> succeeded, bool wanted)
    {
        List<int> found = [];
        foreach (int row in rows)
        {
            if (succeeded[row] == wanted)
            {
                found.Add(row);
            }
        }

        return found;
    }

    private static double[] Signs(int[] rows, ReadOnlySpan<bool> succeeded)
    {
        double[] signs = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            signs[i] = succeeded[rows[i]] ? 1 : -1;
        }

        return signs;
    }

    private static double[] Rows(ReadOnlySpan<double> all, int[] rows, int d)
    {
        double[] chosen = new double[rows.Length * d];
        for (int i = 0; i < rows.Length; i++)
        {
            all.Slice(rows[i] * d, d).CopyTo(chosen.AsSpan(i * d));
        }

        return chosen;
    }

    private static double[] LogOdds(SuccessClassifier classifier, double[] thetas)
    {
        double[] odds = new double[thetas.Length / classifier.Dimension];
        classifier.LogOdds(thetas, odds);
        return odds;
    }
}
