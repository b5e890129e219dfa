using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Checks;

/// <summary>What a few simulations from the prior say about a study.</summary>
public sealed record SimulatorCheck
{
    /// <summary>Simulations made; fewer than asked for if every one of the first failed.</summary>
    public required int Simulations { get; init; }

    /// <summary>Of these, those that threw or gave a number that is not finite.</summary>
    public required int Failed { get; init; }

    /// <summary>The first failure, or null.</summary>
    public required SimulationFailure? FirstFailure { get; init; }

    /// <summary>Mean time of a simulation on one core.</summary>
    public required double SecondsEach { get; init; }

    /// <summary>The same seed gives the same bytes, on one thread and on many.</summary>
    public required bool IsReproducible { get; init; }

    /// <summary>Another seed gives other outputs at the same parameters.</summary>
    public required bool IsRandom { get; init; }

    /// <summary>Null if the simulator has no likelihood.</summary>
    public required LikelihoodCheck? Likelihood { get; init; }

    /// <summary>Null if nothing can be mined from the simulator because it is a black box.</summary>
    public required MinedCheckResult? Mined { get; init; }

    /// <summary>Null if the simulator is no program.</summary>
    public ProgramCheck? Program { get; init; }

    /// <summary>In the order of the simulator's outputs.</summary>
    public required IReadOnlyList<OutputRange> Outputs { get; init; }

    /// <summary>Why no result of this study could be right; each a sentence.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What the user should look at; each a sentence.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
