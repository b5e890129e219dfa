namespace Quincunx.Runs.Reports.Figures;

/// <summary>How often credible regions held the truth.</summary>
/// <param name="Label">For the legend, such as <c>joint</c> or a parameter's name.</param>
/// <param name="Nominal">Credibility levels, ascending in [0, 1].</param>
/// <param name="Empirical">Share of simulations whose region of that level held the truth; as many.</param>
public sealed record CoverageCurve(string Label, IReadOnlyList<double> Nominal, IReadOnlyList<double> Empirical);
