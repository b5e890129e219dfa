namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.abc</c>.</summary>
/// <param name="Quantile">Share of the simulations that is accepted; null: as the number of simulations and summaries suggests.</param>
/// <param name="Tolerance">Largest distance that is accepted; null: the quantile decides.</param>
/// <param name="Metric">A word of <see cref="Metrics"/>.</param>
/// <param name="Regression">A word of <see cref="Regressions"/>.</param>
/// <param name="Summary">Learned summaries; null: outputs are compared themselves.</param>
public sealed record AbcSettings(double? Quantile, double? Tolerance, string Metric, string Regression, AbcSummarySettings? Summary)
{
    /// <summary>The first is the default.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["median-deviation", "euclidean", "mahalanobis"];

    /// <summary>The first is the default.</summary>
    public static IReadOnlyList<string> Regressions { get; } = ["best", "linear", "neural", "none"];

    /// <summary>Where a study says nothing.</summary>
    public static AbcSettings Usual { get; } = new(Quantile: null, Tolerance: null, Metrics[0], Regressions[0], Summary: null);
}
