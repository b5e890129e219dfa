using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Fresh;

/// <summary>How simulations are made while a network learns from them.</summary>
public sealed record EndlessOptions
{
    /// <summary>Events in memory, twice for a moment, of which the training options hold a share out. All others are replaced after each epoch, so that this is the length of one and no limit on what is learned from.</summary>
    public int Rows { get; init; } = 20_000;

    /// <summary>Events that are there already, in place of the first <see cref="Rows"/>; null to make those too.</summary>
    public StoredEvents? Stored { get; init; }

    public SimulationOptions Simulation { get; init; } = new();

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    internal EndlessOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Rows);
        ArgumentNullException.ThrowIfNull(Simulation);
        return Stored is null or { Pairs.Count: > 0 } && !(Stored?.Events < Stored?.Pairs.Count) ? this
            : throw new ArgumentOutOfRangeException(nameof(Stored), Stored.Pairs.Count, $"Expected one or more pairs of at most {Stored.Events} events.");
    }
}
