using System.Globalization;
using Quincunx.Inference.Diagnostics;
using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Runs.Reports;

/// <summary>Builds the table of parameters: mean, standard deviation, quantiles and effective sample size.</summary>
public static class ParameterTable
{
    private static readonly double[] Probabilities = [0.025, 0.16, 0.5, 0.84, 0.975];

    /// <summary>One row for each parameter, or, with an alternative beside the reported draws, two rows that follow each other.</summary>
    /// <param name="names">In the order of the draws' columns.</param>
    /// <param name="reported">The draws whose numbers are the result; named as such in the caption and set in bold where there are two.</param>
    /// <param name="alternative">Draws to compare with, such as the network's before reweighting.</param>
    /// <exception cref="ArgumentException">Names and draws differ in dimension.</exception>
    public static ReportTable Create(IReadOnlyList<string> names, WeightedDraws reported, WeightedDraws? alternative = null)
    {
        WeightedDraws[] all = alternative is null ? [reported] : [reported, alternative];
        foreach (WeightedDraws draws in all)
        {
            if (draws.Dimension != names.Count)
            {
                throw new ArgumentException($"Expected {names.Count} parameters in the draws '{draws.Label}', got {draws.Dimension}.", nameof(names));
            }
        }

        List<IReadOnlyList<ReportText>> rows = [];
        List<int> emphasised = [];
        for (int i = 0; i < names.Count; i++)
        {
            double spread = Spread(reported, i);         // one precision for both rows, so that they compare at a glance
            for (int s = 0; s < all.Length; s++)
            {
                if (all.Length > 1 && s == 0)
                {
                    emphasised.Add(rows.Count);
                }

                ReportText[] numbers = Numbers(all[s], i, spread);
                rows.Add(all.Length > 1 ? [s == 0 ? names[i] : string.Empty, all[s].Label, .. numbers] : [names[i], .. numbers]);
            }
        }

        string which = alternative is null
            ? $"Draws: {reported.Label}."
            : $"Reported: {reported.Label} (bold). For comparison: {alternative.Label}.";
        string[] header = ["mean", "sd", "2.5 %", "16 %", "50 %", "84 %", "97.5 %", "ESS"];
        return new ReportTable
        {
            Caption = which + " ESS is the effective sample size of the weights.",
            Header = all.Length > 1 ? ["parameter", "draws", .. header] : ["parameter", .. header],
            Rows = rows,
            TextColumns = all.Length,
            Emphasised = emphasised,
        };
    }

    /// <summary>A number as precise as an uncertainty deserves: three significant digits of the latter.</summary>
    /// <param name="spread">Its standard deviation; where it is zero or not finite, four significant digits of the value.</param>
    internal static string Format(double value, double spread)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }

        double size = Math.Max(Math.Abs(value), double.IsFinite(spread) ? spread : 0);
        int order = size > 0 ? (int)Math.Floor(Math.Log10(size)) : 0;
        int last = spread is > 0 and < double.PositiveInfinity ? (int)Math.Floor(Math.Log10(spread)) - 2 : order - 3;   // power of ten of the last digit
        string text;
        if (order is >= -4 and < 7 && last >= -9)
        {
            text = Math.Abs(value).ToString("F" + Math.Max(0, -last).ToString(culture), culture);
        }
        else
        {
            // In two factors: ten to the order may itself be out of range.
            double mantissa = Math.Abs(value) * Math.Pow(10, -(order / 2)) * Math.Pow(10, -(order - (order / 2)));
            text = mantissa.ToString("F" + Math.Clamp(order - last, 0, 15).ToString(culture), culture) + (order < 0 ? "e−" : "e") + Math.Abs(order).ToString(culture);
        }

        return value < 0 && text.AsSpan(0, text.Contains('e') ? text.IndexOf('e') : text.Length).ContainsAnyInRange('1', '9') ? "−" + text : text;
    }

    private static bool IsEmpty(WeightedDraws draws) => draws.Count == 0 || draws.Weights.All(w => w == 0);

    private static double Spread(WeightedDraws draws, int parameter) =>
        IsEmpty(draws) ? double.NaN : WeightedSummary.Of(draws.Column(parameter), draws.Weights).StandardDeviation;

    private static ReportText[] Numbers(WeightedDraws draws, int parameter, double spread)
    {
        if (IsEmpty(draws))
        {
            return [.. Enumerable.Repeat(new ReportText("–"), 3 + Probabilities.Length)];
        }

        var summary = WeightedSummary.Of(draws.Column(parameter), draws.Weights);
        double precision = spread > 0 ? spread : summary.StandardDeviation;
        return [
            Format(summary.Mean, precision), Format(summary.StandardDeviation, precision),
            .. Probabilities.Select(p => new ReportText(Format(summary.Quantile(p), precision))),
            summary.EffectiveSampleSize.ToString("F0", CultureInfo.InvariantCulture)];
    }
}
