using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>A figure that is drawn once, for its file and for the report.</summary>
internal sealed class DrawnFigure(IFigure figure) : IFigure
{
    private readonly Lazy<string> _svg = new(figure.ToSvg);

    public string Title => figure.Title;

    public string ToSvg() => _svg.Value;

    public string ToCsv() => figure.ToCsv();
}
