namespace Quincunx.Inference.Samplers;

/// <summary>Along which lines slice sampling moves.</summary>
public enum SliceMoves
{
    /// <summary>Each coordinate in turn.</summary>
    Axes,

    /// <summary>As many random directions, in coordinates of unit spread: mixes where coordinates are correlated, as far as the directions allow.</summary>
    HitAndRun,
}
