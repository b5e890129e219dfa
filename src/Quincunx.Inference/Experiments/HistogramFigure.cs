namespace Quincunx.Inference.Experiments;

/// <summary>Distributions over one axis, each as a density of unit area.</summary>
public sealed record HistogramFigure
{
    /// <summary>Name of its files: lower case, digits and '-'.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>What to see in it, in a sentence or two.</summary>
    public required string Caption { get; init; }

    /// <summary>The quantity, with its unit in brackets.</summary>
    public required string Label { get; init; }

    /// <summary>The sample that matters most first: it is filled.</summary>
    public required IReadOnlyList<HistogramSample> Samples { get; init; }

    public int Bins { get; init; } = 40;
}
