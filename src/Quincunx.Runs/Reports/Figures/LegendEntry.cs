namespace Quincunx.Runs.Reports.Figures;

/// <summary>A line of the legend: a sample of the mark and what it stands for.</summary>
/// <param name="Line">Class of a line sample; null for none.</param>
/// <param name="Fill">Class of an area sample; null for none.</param>
/// <param name="Dot">Class of a point sample; null for none.</param>
internal sealed record LegendEntry(string Text, string? Line = null, string? Fill = null, string? Dot = null);
