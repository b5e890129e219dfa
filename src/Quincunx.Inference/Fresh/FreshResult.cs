using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;

namespace Quincunx.Inference.Fresh;

/// <summary>A posterior learned from an endless stream of simulations, and what it cost.</summary>
public sealed record FreshResult
{
    public required FreshStop Stop { get; init; }

    /// <summary>With the best weights of the run; null where there was nothing to learn from.</summary>
    public NeuralPosterior? Posterior { get; init; }

    /// <summary>How training went; null where there was none.</summary>
    public TrainingResult? Training { get; init; }

    /// <summary>The budget: successful events that training or its held-out rows were made of, those of epochs before a resumption and those that were there before training included. A function of options and seed.</summary>
    public long Simulations { get; init; }

    /// <summary>Events that failed, those of epochs before a resumption included, those that were there before training not. Where there are any, parameters follow the prior given success.</summary>
    public long Failed { get; init; }

    /// <summary>Events made ahead for an epoch that did not begin, which depends on when training ended.</summary>
    public long Unused { get; init; }

    /// <summary>A few of the failures.</summary>
    public IReadOnlyList<SimulationFailure> Failures { get; init; } = [];

    /// <summary>What to do about it, or null where there is nothing to do.</summary>
    public string? Advice { get; init; }
}
