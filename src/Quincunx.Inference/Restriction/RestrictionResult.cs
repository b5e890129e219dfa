using Quincunx.Inference.Distributions;
using Quincunx.Inference.Training;

namespace Quincunx.Inference.Restriction;

/// <summary>What <see cref="PriorRestriction"/> found.</summary>
public sealed record RestrictionResult
{
    public required RestrictionStop StopReason { get; init; }

    /// <summary>What a reader must know, and what to try, in sentences.</summary>
    public required string Advice { get; init; }

    /// <summary>The prior to simulate from next: restricted, or, for any reason but <see cref="RestrictionStop.Restricted"/>, the one that was given.</summary>
    public required IDistribution Prior { get; init; }

    /// <summary>The same with its classifier and its mass; null where nothing was restricted.</summary>
    public SuccessPrior? Restricted { get; init; }

    /// <summary>Runs that were given, those that failed included.</summary>
    public required int Runs { get; init; }

    /// <summary>Of these, the ones that failed.</summary>
    public required int Failed { get; init; }

    /// <summary>Share of failures to expect under <see cref="Prior"/>, from the held-out runs; under the prior as given, that of all runs. NaN where there are none.</summary>
    public required double FailedShare { get; init; }

    /// <summary>Share of successful runs that the restriction throws away, on average over held-out runs: r / (n + 1) for a threshold at the r-th lowest of n. The bound is that of the options. 0 where nothing is restricted.</summary>
    public double ExpectedLostShare { get; init; }

    /// <summary>Successes that chose the threshold.</summary>
    public int HeldOutSuccesses { get; init; }

    /// <summary>Probability that as many failures fell below the threshold by chance, where failing does not depend on the parameters; NaN where there was no threshold.</summary>
    public double ChanceOfCut { get; init; } = double.NaN;

    /// <summary>Of the classifier; null where none was trained.</summary>
    public TrainingResult? Training { get; init; }
}
