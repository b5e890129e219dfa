namespace Quincunx.Inference.Experiments;

/// <summary>How a curve is drawn.</summary>
public enum CurveStyle
{
    Line,

    /// <summary>A dashed line: what the others are compared with.</summary>
    Reference,

    /// <summary>Dots that are not connected.</summary>
    Points,
}
