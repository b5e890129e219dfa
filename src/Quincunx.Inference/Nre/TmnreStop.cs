namespace Quincunx.Inference.Nre;

/// <summary>Why the rounds of <see cref="Tmnre"/> ended.</summary>
public enum TmnreStop
{
    /// <summary>The box no longer shrinks.</summary>
    Settled,

    /// <summary>The last round that was allowed; the box may still shrink. Allow more rounds.</summary>
    MaxRounds,

    /// <summary>Fewer than 10 simulations of a round did not fail. Look at the simulator, or narrow the prior.</summary>
    SimulationsFailed,

    /// <summary>Training of a round diverged. Lower the learning rate.</summary>
    Diverged,

    Cancelled,
}
