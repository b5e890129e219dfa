namespace Quincunx.Inference.Experiments;

/// <summary>A curve, or points.</summary>
/// <param name="X">As long as <paramref name="Y"/>.</param>
/// <param name="Y">A value that is not finite breaks the curve.</param>
/// <param name="Error">Half-length of the bar at each point; null for no bars.</param>
public sealed record SeriesCurve(string Label, IReadOnlyList<double> X, IReadOnlyList<double> Y, CurveStyle Style = CurveStyle.Line, IReadOnlyList<double>? Error = null);
