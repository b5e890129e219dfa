using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Abc;

/// <summary>What approximate Bayesian computation found, what it cost, and why it ended.</summary>
public sealed record AbcResult
{
    public required AbcStopReason StopReason { get; init; }

    /// <summary>What a reader must know, in sentences: why it ended early, what was left out, what to try. Empty where there is nothing to say.</summary>
    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>The weighted draws; none where nothing was accepted.</summary>
    public required AbcDraws Draws { get; init; }

    /// <summary>Largest distance that a draw may have; NaN where there are no draws.</summary>
    public required double Tolerance { get; init; }

    /// <summary>All simulations that were made, failed ones and a pilot's included.</summary>
    public required long Simulations { get; init; }

    /// <summary>Of these, the ones that failed: draws are from the posterior given success.</summary>
    public required long Failed { get; init; }

    /// <summary>The first few failures with their reasons.</summary>
    public required IReadOnlyList<SimulationFailure> Failures { get; init; }

    /// <summary>One for rejection, one a population for a sequential sampler.</summary>
    public required IReadOnlyList<AbcPopulation> Populations { get; init; }

    /// <summary>The distance with its scales; null where no simulation succeeded.</summary>
    public AbcDistance? Distance { get; init; }

    /// <summary>
    /// Share of simulations from the prior that lie at least as far from their nearest other one as the observation does; near 0, the observation is unlike anything that was simulated. NaN where unknown.
    /// </summary>
    public double Typicality { get; init; } = double.NaN;

    /// <summary>How the draws were adjusted; null where no adjustment was asked for.</summary>
    public RegressionReport? Regression { get; init; }

    /// <summary>Where a sequential sampler stands, to be continued (<see cref="SmcAbc.Continue"/>); null for rejection, and where nothing was simulated.</summary>
    public SmcAbcState? State { get; init; }
}
