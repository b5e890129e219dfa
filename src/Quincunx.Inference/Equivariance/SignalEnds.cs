namespace Quincunx.Inference.Equivariance;

/// <summary>What comes in at one end of a signal that is moved.</summary>
public enum SignalEnds
{
    /// <summary>What went out at the other end: nothing is lost.</summary>
    Periodic,

    /// <summary>Zeros: for signals that are cut into a window anyway. How many zeros there are tells by how much the signal was moved.</summary>
    Zero,
}
