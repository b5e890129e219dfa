namespace Quincunx.Inference.Mechanisms.Interventions;

/// <summary>What an intervention does.</summary>
public enum InterventionKind
{
    /// <summary>Sets a value.</summary>
    Set,

    /// <summary>Adds to the natural value.</summary>
    Shift,

    /// <summary>Draws from a policy.</summary>
    Draw,
}
