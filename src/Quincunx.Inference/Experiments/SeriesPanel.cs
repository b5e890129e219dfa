namespace Quincunx.Inference.Experiments;

/// <summary>One pair of axes. Curves of one label look the same in all panels of a figure.</summary>
public sealed record SeriesPanel
{
    public string Heading { get; init; } = "";

    /// <summary>The quantity, with its unit in brackets.</summary>
    public required string XLabel { get; init; }

    /// <summary>The quantity, with its unit in brackets.</summary>
    public required string YLabel { get; init; }

    /// <summary>Whether the vertical axis is logarithmic; values that are not positive are then left out, and counted.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether a unit is as long across as along, as in a plane.</summary>
    public bool IsPlane { get; init; }

    /// <summary>The curve that matters most first: it is drawn on top.</summary>
    public required IReadOnlyList<SeriesCurve> Curves { get; init; }
}
