namespace Quincunx.Inference.Samplers;

/// <summary>How a tensor holds many points.</summary>
public enum PointLayout
{
    /// <summary>A point is a row: shape <c>[n, d]</c>.</summary>
    Rows,

    /// <summary>A point is a column: shape <c>[d, n]</c>, which the engine's networks and sums over coordinates like better.</summary>
    Columns,
}
