using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Fresh;

/// <summary>How simulations are made while a network learns from them.</summary>
public sealed record EndlessOptions
{
    /// <summary>Events in memory, twice for a moment, of which the training options hold a share out. All others are replaced after each epoch, so that this is the length of one and no limit on what is learned from.</summary>
    public int Rows { get; init; } = 20_000;

    public SimulationOptions Simulation { get; init; } = new();

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    internal EndlessOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Rows);
        ArgumentNullException.ThrowIfNull(Simulation);
        return this;
    }
}
