namespace Quincunx.Inference.Experiments;

/// <summary>Panels of curves and points.</summary>
public sealed record SeriesFigure
{
    /// <summary>Name of its files: lower case, digits and '-'.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>What to see in it, in a sentence or two.</summary>
    public required string Caption { get; init; }

    public required IReadOnlyList<SeriesPanel> Panels { get; init; }
}
