using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Abc;

/// <summary>Where a run of <see cref="SmcAbc"/> stands, the population in progress included, so that it can be continued as if it had not ended.</summary>
public sealed class SmcAbcState
{
    internal SmcAbcState(int particles, double[] observed, ulong fingerprint, long first) =>
        (Particles, Observed, Fingerprint, Next, PopulationStart, ChunkEnd) = (particles, observed, fingerprint, first, first, first);

    /// <summary>Draws of a population.</summary>
    public int Particles { get; }

    /// <summary>Simulations made, a pilot's included.</summary>
    public long Simulations => Next;

    internal double[] Observed { get; }

    /// <summary>One number of the root stream, which tells it from others.</summary>
    internal ulong Fingerprint { get; }

    internal long Next { get; set; }

    internal long Failed { get; set; }

    internal IReadOnlyList<SimulationFailure> Failures { get; set; } = [];

    internal AbcDistance? Distance { get; set; }

    internal double Typicality { get; set; } = double.NaN;

    internal List<AbcPopulation> Populations { get; init; } = [];

    /// <summary>The last whole population, with weights of sum 1.</summary>
    internal SmcParticle[] Last { get; set; } = [];

    internal double[] LastWeights { get; set; } = [];

    /// <summary>Tolerance of the population in progress.</summary>
    internal double Tolerance { get; set; } = double.PositiveInfinity;

    internal long PopulationStart { get; set; }

    /// <summary>Event at which it is next decided how to go on. It does not depend on the budget, so that a continued run decides at the same events.</summary>
    internal long ChunkEnd { get; set; }

    /// <summary>Whether a population has been begun and is not full.</summary>
    internal bool InProgress { get; set; } = true;

    /// <summary>Accepted by the population in progress, in the order of events.</summary>
    internal List<SmcParticle> Accepted { get; init; } = [];

    /// <summary>Of all populations, those within the tolerance.</summary>
    internal List<SmcParticle> Pool { get; set; } = [];

    /// <summary>One a population after the first, with the draws that were made from it: simulations, and those that fell outside the prior.</summary>
    internal List<(SmcProposal Proposal, long Draws)> Proposals { get; init; } = [];

    /// <summary>Simulations from the prior.</summary>
    internal long PriorDraws { get; set; }

    internal SmcAbcState Copy() => new(Particles, Observed, Fingerprint, 0)
    {
        Next = Next,
        Failed = Failed,
        Failures = Failures,
        Distance = Distance,
        Typicality = Typicality,
        Populations = [.. Populations],
        Last = Last,
        LastWeights = LastWeights,
        Tolerance = Tolerance,
        PopulationStart = PopulationStart,
        ChunkEnd = ChunkEnd,
        InProgress = InProgress,
        Accepted = [.. Accepted],
        Pool = [.. Pool],
        Proposals = [.. Proposals],
        PriorDraws = PriorDraws,
    };
}
