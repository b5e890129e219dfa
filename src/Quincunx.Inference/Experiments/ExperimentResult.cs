namespace Quincunx.Inference.Experiments;

/// <summary>What an experiment found, in numbers, figures and tables that need no knowledge of it to be drawn.</summary>
public sealed record ExperimentResult
{
    /// <summary>One sentence: what was learned from what.</summary>
    public required string Summary { get; init; }

    /// <summary>The loss that was minimised, with its unit, as the label of an axis.</summary>
    public required string LossLabel { get; init; }

    /// <summary>The result in numbers, the most important first; names differ.</summary>
    public required IReadOnlyList<ExperimentMetric> Metrics { get; init; }

    /// <summary>What must hold for the numbers to be relied on.</summary>
    public required IReadOnlyList<ExperimentCheck> Checks { get; init; }

    /// <summary>Figures of curves and points.</summary>
    public IReadOnlyList<SeriesFigure> Series { get; init; } = [];

    /// <summary>Figures of distributions.</summary>
    public IReadOnlyList<HistogramFigure> Histograms { get; init; } = [];

    /// <summary>Tables beside that of the metrics.</summary>
    public IReadOnlyList<ExperimentTable> Tables { get; init; } = [];
}
