using System.Globalization;
using Quincunx.Inference.Diagnostics;
using Quincunx.Runs.Reports;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>What a network of single parameters learned by proper scores, beside the reported posterior.</summary>
internal static class MarginalTable
{
    public static ReportTable Create(RunResults results, MarginalFacts marginals)
    {
        int d = results.Model.Dimension;
        List<IReadOnlyList<ReportText>> rows = [];
        foreach ((MarginalParameterFacts parameter, int index) in marginals.Parameters.Select((p, i) => (p, i)))
        {
            double[] column = [.. Enumerable.Range(0, results.Theta.Length / d).Select(i => results.Theta[(i * d) + index])];
            var draws = WeightedSummary.Of(column, results.Weights);
            ReportText Show(double value) => ParameterTable.Format(value, parameter.Sd);
            rows.Add([parameter.Name, "scores", Show(parameter.Mean), Show(parameter.Sd), .. parameter.Quantiles.Select(Show)]);
            rows.Add(["", results.ReportedLabel, Show(draws.Mean), Show(draws.StandardDeviation), .. marginals.Levels.Select(level => Show(draws.Quantile(level)))]);
        }

        return new ReportTable
        {
            Caption = "Each parameter by a second network, which learned mean, variance and quantiles by proper scores from the same simulations, and by the draws. "
                + "Where the two differ by a good part of a standard deviation, one of the networks has not learned enough.",
            Header = ["parameter", "by", "mean", "sd", .. marginals.Levels.Select(level => string.Create(CultureInfo.InvariantCulture, $"{100 * level:0.##} %"))],
            TextColumns = 2,
            Rows = rows,
        };
    }
}
