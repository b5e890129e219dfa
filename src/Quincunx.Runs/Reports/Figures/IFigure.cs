namespace Quincunx.Runs.Reports.Figures;

/// <summary>A drawing and the numbers it was drawn from. Rendering is pure: the same inputs give the same bytes.</summary>
public interface IFigure
{
    /// <summary>A short plain-text name, read aloud by screen readers.</summary>
    string Title { get; }

    /// <summary>A stand-alone SVG document that may also be placed inside an HTML page as it is.</summary>
    string ToSvg();

    /// <summary>What is drawn, as RFC 4180 text with a header row and <c>\n</c> line ends; doubles round-trip, a value that is missing is empty.</summary>
    string ToCsv();
}
