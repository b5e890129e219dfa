using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>A figure of an experiment's report.</summary>
/// <param name="Name">Of its files.</param>
internal sealed record ExperimentExhibit(string Name, IFigure Figure, string Caption)
{
    public string CsvPath => $"figures/{Name}.csv";
}
