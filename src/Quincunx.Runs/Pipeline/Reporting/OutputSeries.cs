using System.Globalization;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>Outputs that belong together: <c>hare_1900</c>, <c>hare_1901</c>, … are the series <c>hare</c> at 1900, 1901, …</summary>
/// <param name="Indices">Of the outputs, in ascending order of their coordinates.</param>
/// <param name="Coordinates">Ascending.</param>
internal sealed record OutputSeries(string Name, IReadOnlyList<int> Indices, IReadOnlyList<double> Coordinates)
{
    /// <summary>The outputs by series, if every name has a number of its own after its last <c>_</c>; otherwise all as one series over 1, 2, 3, …</summary>
    public static IReadOnlyList<OutputSeries> Of(IReadOnlyList<string> outputs)
    {
        List<(string Series, double Coordinate, int Index)> parts = [];
        for (int i = 0; i < outputs.Count; i++)
        {
            int at = outputs[i].LastIndexOf('_');
            if (at <= 0 || !double.TryParse(outputs[i].AsSpan(at + 1), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double number))
            {
                return [All(outputs.Count)];
            }

            parts.Add((outputs[i][..at], number, i));
        }

        OutputSeries[] series =
        [
            .. parts.GroupBy(p => p.Series, StringComparer.Ordinal).Select(g => g.OrderBy(p => p.Coordinate).ToArray())
                .Select(g => new OutputSeries(g[0].Series, [.. g.Select(p => p.Index)], [.. g.Select(p => p.Coordinate)])),
        ];
        bool isUsable = series.All(s => s.Coordinates.Distinct().Count() == s.Coordinates.Count) && (series.Any(s => s.Coordinates.Count > 1) || series.Length == 1);
        return isUsable ? series : [All(outputs.Count)];
    }

    /// <summary>Their columns of a table.</summary>
    /// <param name="table">Shape <c>[rows, columns]</c>.</param>
    public double[] Columns(double[] table, int columns)
    {
        int rows = table.Length / columns, n = Indices.Count;
        double[] picked = new double[rows * n];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < n; i++)
            {
                picked[(row * n) + i] = table[(row * columns) + Indices[i]];
            }
        }

        return picked;
    }

    private static OutputSeries All(int count) => new("x", [.. Enumerable.Range(0, count)], [.. Enumerable.Range(1, count).Select(i => (double)i)]);
}
