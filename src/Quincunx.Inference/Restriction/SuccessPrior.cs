using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Restriction;

/// <summary>A prior restricted to where simulations are likely to succeed: draws of the prior that a classifier lets pass.</summary>
/// <remarks>
/// p(theta) / m where the classifier's odds of success reach its threshold, 0 elsewhere; m is the prior's mass there. Inside, the density is the prior's own up to that constant, so methods that learn from its draws need no correction (the restricted prior of
/// Deistler, Macke and Gonçalves 2022, PNAS 119, e2207632119). What it costs is on the page of <see cref="PriorRestriction"/>.
/// </remarks>
public sealed class SuccessPrior : IDistribution
{
    // At this many times the candidates that a draw takes on average, chance has had e^-1000.
    private const double Patience = 1000;
    private readonly IDistribution _prior;
    private readonly int _tries;

    /// <param name="prior">That the classifier was learned under, or another with the same supports.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or none of 20,000 draws of the prior lies inside.</exception>
    public SuccessPrior(IDistribution prior, SuccessClassifier classifier)
        : this(prior, classifier, ShareInside(prior, classifier))
    {
    }

    internal SuccessPrior(IDistribution prior, SuccessClassifier classifier, double share)
    {
        (_prior, Classifier, Acceptance) = (prior, classifier, share);
        if (!(share > 0))
        {
            throw new ArgumentException($"None of {PriorRejection.PilotDraws} draws of the prior lies where simulations are likely to succeed.", nameof(prior));
        }

        _tries = (int)Math.Min(PriorRejection.LargestTries, Math.Ceiling(Patience / share));
        LogMassError = PriorRejection.LogError(share);
    }

    public int Dimension => _prior.Dimension;

    /// <summary>The prior's: the region is smaller, and no box.</summary>
    public IReadOnlyList<Support> Supports => _prior.Supports;

    /// <summary>Whether the prior has one: a prior that is known by its draws alone can be restricted all the same.</summary>
    public bool HasDensity => _prior.HasDensity;

    public SuccessClassifier Classifier { get; }

    /// <summary>Share of the prior's draws that lie inside, estimated once with 20,000 of a fixed stream.</summary>
    public double Acceptance { get; }

    /// <summary>log of the prior's mass inside; <see cref="LogProb"/> has its error.</summary>
    public double LogMass => Math.Log(Acceptance);

    /// <summary>Standard error of <see cref="LogMass"/>: sqrt((1 - m) / (20,000 m)), 0.7 % where half of the prior lies inside.</summary>
    public double LogMassError { get; }

    /// <summary>Whether a parameter vector lies inside; false outside the prior's support and for NaN.</summary>
    public bool Contains(ReadOnlySpan<double> theta) => Classifier.Contains(theta);

    /// <inheritdoc/>
    public double LogProb(ReadOnlySpan<double> x)
    {
        double log = _prior.LogProb(x);
        return double.IsFinite(log) ? (Contains(x) ? log - LogMass : double.NegativeInfinity) : log;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A thousand times the usual number of candidates was refused.</exception>
    public void Sample(Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (!PriorRejection.TrySample(_prior, Contains, x, rng, _tries))
        {
            throw new InvalidOperationException($"No draw of the restricted prior in {_tries} candidates, where the pilot had {Acceptance} of them inside.");
        }
    }

    internal static double ShareInside(IDistribution prior, SuccessClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(classifier);
        if (prior.Dimension != classifier.Dimension)
        {
            throw new ArgumentException($"Expected a prior of {classifier.Dimension} parameters, got {prior.Dimension}.", nameof(prior));
        }

        // The stream is fixed: a restricted prior is a function of prior and classifier alone.
        return PriorRejection.ShareInside(prior, new Rng(0).Split("success"), thetas =>
        {
            double[] odds = new double[thetas.Length / prior.Dimension];
            classifier.LogOdds(thetas, odds);
            return odds.Count(o => o >= classifier.Threshold);
        });
    }
}
