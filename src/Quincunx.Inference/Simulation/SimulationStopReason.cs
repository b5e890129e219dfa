namespace Quincunx.Inference.Simulation;

/// <summary>Why a run of simulations ended.</summary>
public enum SimulationStopReason
{
    /// <summary>All events asked for were simulated; some may have failed.</summary>
    Completed,

    /// <summary>Not one of the first events succeeded, so the run ended after them: the simulator or the prior is wrong.</summary>
    AllFailed,
}
