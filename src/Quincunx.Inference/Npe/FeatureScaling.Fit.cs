using Quincunx.Inference.Networks;

namespace Quincunx.Inference.Npe;

/// <content>Finding the scales.</content>
public sealed partial class FeatureScaling
{
    // Quartiles of so many values are known to 0.1 % of the spread.
    private const int MostValues = 4_000_000;

    /// <param name="rows">Row-major, shape <c>[n, features]</c>; finite, or, where missing values are not refused, with NaN, which is left out: a feature that is nowhere present is as a constant one.</param>
    /// <param name="groups">For each feature the group that it is scaled with, by the values of all its features; null for each by itself. Of a large group every so many rows are taken.</param>
    /// <exception cref="ArgumentException">No rows, a part of a row, a value that is not finite, or not one group for each feature.</exception>
    public static FeatureScaling Fit(ReadOnlySpan<double> rows, int features, MissingValues missing = MissingValues.Refused, IReadOnlyList<int>? groups = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (rows.IsEmpty || rows.Length % features != 0)
        {
            throw new ArgumentException($"Expected one or more rows of {features} values, got {rows.Length} values.", nameof(rows));
        }

        return Fit(rows, Groups(features, groups), all: null, missing);
    }

    /// <summary>Scales by a sample of more rows than memory holds.</summary>
    /// <param name="sample">Rows drawn at random without replacement, shape <c>[n, features]</c>: quantiles are theirs.</param>
    /// <param name="all">Of all rows: they decide whether all values are positive and, where the quartiles agree, the spread.</param>
    /// <param name="groups">As for rows in memory.</param>
    /// <remarks>A sample that is all rows, in whatever order, gives what <see cref="Fit(ReadOnlySpan{double}, int, MissingValues, IReadOnlyList{int})"/> gives.</remarks>
    /// <exception cref="ArgumentException">No rows, a part of a row, a value that is not finite, or not one group for each feature.</exception>
    public static FeatureScaling Fit(ReadOnlySpan<double> sample, ColumnMoments all, IReadOnlyList<int>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(all);
        if (sample.IsEmpty || sample.Length % all.Features != 0 || sample.Length / all.Features > all.Count)
        {
            throw new ArgumentException($"Expected up to {all.Count} rows of {all.Features} values, got {sample.Length} values.", nameof(sample));
        }

        return Fit(sample, Groups(all.Features, groups), all.Count == sample.Length / all.Features ? null : all, MissingValues.Refused);
    }

    private static int[][] Groups(int features, IReadOnlyList<int>? groups) => groups is null
        ? [.. Enumerable.Range(0, features).Select(j => new[] { j })]
        : groups.Count == features ? [.. Enumerable.Range(0, features).GroupBy(j => groups[j], (_, members) => members.ToArray())]
        : throw new ArgumentException($"Expected a group for each of {features} features, got {groups.Count}.", nameof(groups));

    private static FeatureScaling Fit(ReadOnlySpan<double> rows, int[][] groups, ColumnMoments? all, MissingValues missing)
    {
        int features = groups.Sum(g => g.Length), n = rows.Length / features;
        double[] log = new double[features], centre = new double[features], scale = new double[features], constant = new double[features];
        foreach (int[] group in groups)
        {
            int every = group.Length == 1 ? 1 : (int)(((long)n * group.Length / MostValues) + 1), present = 0;
            double[] values = new double[(n + every - 1) / every * group.Length];
            double least = double.PositiveInfinity;
            foreach (int j in group)
            {
                double smallest = double.PositiveInfinity, greatest = double.NegativeInfinity;
                for (int i = 0; i < n; i++)
                {
                    double value = rows[(i * features) + j];
                    if (double.IsNaN(value) && missing == MissingValues.Embedded)
                    {
                        continue;
                    }

                    if (!double.IsFinite(value))
                    {
                        throw new ArgumentException($"Row {i}, feature {j} is {value:R}: only finite data can be scaled{MissingValuesText.Hint(value)}.", nameof(rows));
                    }

                    (smallest, greatest) = (Math.Min(smallest, value), Math.Max(greatest, value));
                    if (i % every == 0)
                    {
                        values[present++] = value;
                    }
                }

                least = Math.Min(least, all is null ? smallest : all.Least[j]);
                constant[j] = greatest > smallest ? 0 : 1;
            }

            (double groupLog, double groupCentre, double groupScale) = ScaleOf(values[..present], least, all, group);
            foreach (int j in group)
            {
                (log[j], centre[j], scale[j]) = (groupLog, groupCentre, groupScale > 0 ? groupScale : 1);
                constant[j] = groupScale > 0 && group.Length > 1 ? constant[j] : groupScale > 0 ? 0 : 1;
            }
        }

        return new FeatureScaling(log, centre, scale, constant);
    }

    // Scale 0 where nothing varies, or nothing is there.
    private static (double Log, double Centre, double Scale) ScaleOf(double[] column, double least, ColumnMoments? all, int[] group)
    {
        if (column.Length == 0)
        {
            return (0, 0, 0);
        }

        Array.Sort(column);
        bool logged = least > 0 && column[^1] > column[0] && WantsLog(column);
        if (logged)
        {
            for (int i = 0; i < column.Length; i++)
            {
                column[i] = Math.Log(column[i]);
            }
        }

        double centre = Quantile(column, 0.5), scale = (Quantile(column, 0.75) - Quantile(column, 0.25)) / SpreadOfQuartiles, floor = 1e-12 * Math.Abs(centre);
        if (!(scale > floor))
        {
            scale = all is null || logged ? Deviation(column) : Deviation(all, group);
        }

        return (logged ? 1 : 0, centre, scale > floor && double.IsNormal(scale) ? scale : 0);
    }

    private static double Deviation(ColumnMoments all, int[] group)
    {
        double mean = group.Average(all.Mean);
        return group.Length == 1 ? all.StandardDeviation(group[0]) : Math.Sqrt(group.Average(j => Math.Pow(all.StandardDeviation(j), 2) + Math.Pow(all.Mean(j) - mean, 2)));
    }

    // In units of the largest deviation, so that no square overflows.
    private static double Deviation(double[] sorted)
    {
        double mean = sorted.Average(), largest = Math.Max(sorted[^1] - mean, mean - sorted[0]);
        return largest > 0 ? largest * Math.Sqrt(sorted.Average(v => (v - mean) / largest * ((v - mean) / largest))) : 0;
    }

    private static bool WantsLog(double[] sorted)
    {
        if (Quantile(sorted, 0.99) / Quantile(sorted, 0.01) > 1e3)
        {
            return true;
        }

        double low = Quantile(sorted, 0.1), middle = Quantile(sorted, 0.5), high = Quantile(sorted, 0.9);
        double plain = Math.Abs(high + low - (2 * middle)) / (high - low);
        double logged = Math.Abs(Math.Log(high) + Math.Log(low) - (2 * Math.Log(middle))) / (Math.Log(high) - Math.Log(low));
        return plain > 0.1 && logged < 0.5 * plain;
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
