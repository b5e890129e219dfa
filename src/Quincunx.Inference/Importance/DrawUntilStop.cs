namespace Quincunx.Inference.Importance;

/// <summary>Why drawing until an effective number ended.</summary>
public enum DrawUntilStop
{
    /// <summary>The effective number was reached, with a tail that lets it be believed.</summary>
    Reached,

    /// <summary>The formula gives the effective number, but the weights' tail is too heavy for it to mean much.</summary>
    ReachedUnreliably,

    /// <summary>The draws allowed ran out first.</summary>
    DrawsExhausted,

    /// <summary>The tail index is above 0.7 by more than its error: further draws bring larger weights rather than more effective draws.</summary>
    TailTooHeavy,

    /// <summary>Not one draw has a positive weight.</summary>
    NoOverlap,

    Cancelled,
}
