namespace Quincunx.Inference.Simulation;

/// <summary>How simulations are run. Nothing here changes the numbers that come out.</summary>
public sealed record SimulationOptions
{
    /// <summary>Threads used; 0 for one a processor, or as many as an <see cref="IBatchSimulator"/> asks for.</summary>
    public int Threads { get; init; }

    /// <summary>A run from event 0 ends with <see cref="SimulationStopReason.AllFailed"/> if this many first events all fail.</summary>
    public int TrialEvents { get; init; } = 100;

    /// <summary>Failures kept with parameters and message, those of lowest index.</summary>
    public int KeptFailures { get; init; } = 5;

    /// <summary>Tells how long events take, so that a worker takes no more at once than are finished in a moment: what is not finished at a cancellation is lost. Null: 64 at most.</summary>
    public TimeProvider? Clock { get; init; }

    internal SimulationOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(TrialEvents, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(KeptFailures);
        return this;
    }
}
