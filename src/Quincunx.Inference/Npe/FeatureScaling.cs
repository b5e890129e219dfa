using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <summary>Brings observations to a scale that networks learn from: a logarithm where it helps, then centre and spread, then soft tails.</summary>
/// <remarks>
/// For each feature of the training data: (1) the logarithm, if all values are positive and either span more than three powers of ten between the 1 and
/// 99 % quantiles (the extremes would grow with the number of rows) or become much less skewed (by the 10, 50 and 90 % quantiles); (2) minus the median, divided by the interquartile range over 1.349 (the standard
/// deviation, if the feature is normal); (3) <c>10 asinh(x / 10)</c>, nearly the identity up to ten spreads and logarithmic beyond, so that a
/// wild simulation cannot dominate a training step. Each is invertible, so no information is lost; only what is zero or negative in a later
/// observation, where all training values were positive and the logarithm was chosen, becomes one and the same far value. A feature whose quartiles agree uses its standard deviation, and a
/// constant one the scale 1; <see cref="ConstantFeatures"/> lists those.
/// </remarks>
public sealed partial class FeatureScaling : IModule
{
    private const double SoftTail = 10, SpreadOfQuartiles = 1.3489795003921634;
    private readonly Parameter _log, _centre, _scale, _constant;

    /// <summary>The identity (but for the soft tails), to import a state into.</summary>
    public FeatureScaling(int features)
        : this(new double[features], new double[features], [.. Enumerable.Repeat(1.0, features)], new double[features])
    {
    }

    private FeatureScaling(double[] log, double[] centre, double[] scale, double[] constant)
    {
        (_log, _centre, _scale, _constant) = (Keep(log), Keep(centre), Keep(scale), Keep(constant));
    }

    public int Features => _centre.Count;

    /// <summary>Which features pass through a logarithm.</summary>
    public IReadOnlyList<int> LogFeatures => Flagged(_log);

    /// <summary>Which features did not vary in the training data.</summary>
    public IReadOnlyList<int> ConstantFeatures => Flagged(_constant);

    /// <param name="rows">Finite, row-major, shape <c>[n, features]</c>.</param>
    /// <exception cref="ArgumentException">No rows, a part of a row, or a value that is not finite.</exception>
    public static FeatureScaling Fit(ReadOnlySpan<double> rows, int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (rows.IsEmpty || rows.Length % features != 0)
        {
            throw new ArgumentException($"Expected one or more rows of {features} values, got {rows.Length} values.", nameof(rows));
        }

        return Fit(rows, features, all: null);
    }

    /// <summary>The same, of rows that may have gaps.</summary>
    /// <param name="rows">Row-major, shape <c>[n, features]</c>; where missing values are not refused, NaN is left out, and a feature that is nowhere present is as a constant one.</param>
    /// <exception cref="ArgumentException">No rows, a part of a row, or a value that is not finite.</exception>
    public static FeatureScaling Fit(ReadOnlySpan<double> rows, int features, MissingValues missing)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        return rows.IsEmpty || rows.Length % features != 0 ? Fit(rows, features) : Fit(rows, features, all: null, missing);
    }

    /// <summary>Scales by a sample of more rows than memory holds.</summary>
    /// <param name="sample">Rows drawn at random without replacement, shape <c>[n, features]</c>: quantiles are theirs.</param>
    /// <param name="all">Of all rows: they decide whether all values are positive and, where the quartiles agree, the spread.</param>
    /// <remarks>A sample that is all rows, in whatever order, gives what <see cref="Fit(ReadOnlySpan{double}, int)"/> gives.</remarks>
    /// <exception cref="ArgumentException">No rows, a part of a row, or a value that is not finite.</exception>
    public static FeatureScaling Fit(ReadOnlySpan<double> sample, ColumnMoments all)
    {
        ArgumentNullException.ThrowIfNull(all);
        if (sample.IsEmpty || sample.Length % all.Features != 0 || sample.Length / all.Features > all.Count)
        {
            throw new ArgumentException($"Expected up to {all.Count} rows of {all.Features} values, got {sample.Length} values.", nameof(sample));
        }

        return Fit(sample, all.Features, all.Count == sample.Length / all.Features ? null : all);
    }

    /// <summary>Scales rows.</summary>
    /// <param name="x">Row-major, shape <c>[n, features]</c>.</param>
    /// <param name="scaled">The same length; may be x.</param>
    public void Apply(ReadOnlySpan<double> x, Span<double> scaled)
    {
        if (x.Length % Features != 0 || scaled.Length != x.Length)
        {
            throw new ArgumentException($"Expected rows of {Features} values and as many results, got {x.Length} values and {scaled.Length} results.");
        }

        ReadOnlySpan<double> log = _log.Value.AsSpan<double>(), centre = _centre.Value.AsSpan<double>(), scale = _scale.Value.AsSpan<double>();
        for (int i = 0, j = 0; i < x.Length; i++, j = j + 1 == log.Length ? 0 : j + 1)
        {
            // A value that the training data never had, zero or below, is as far in the tail as a float64 can say.
            double value = log[j] == 0 ? x[i] : Math.Log(Math.Max(x[i], double.Epsilon));
            scaled[i] = SoftTail * Math.Asinh((value - centre[j]) / scale[j] / SoftTail);
        }
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("log", _log);
        tree.Add("centre", _centre);
        tree.Add("scale", _scale);
        tree.Add("constant", _constant);
    }

    private static FeatureScaling Fit(ReadOnlySpan<double> rows, int features, ColumnMoments? all, MissingValues missing = MissingValues.Refused)
    {
        double[] log = new double[features], centre = new double[features], scale = new double[features], constant = new double[features];
        double[] values = new double[rows.Length / features];
        for (int j = 0; j < features; j++)
        {
            int present = 0;
            for (int i = 0; i < values.Length; i++)
            {
                double value = rows[(i * features) + j];
                if (double.IsNaN(value) && missing == MissingValues.Embedded)
                {
                    continue;
                }

                values[present++] = double.IsFinite(value)
                    ? value
                    : throw new ArgumentException($"Row {i}, feature {j} is {value:R}: only finite data can be scaled{MissingValuesText.Hint(value)}.", nameof(rows));
            }

            if (present == 0)
            {
                (scale[j], constant[j]) = (1, 1);
                continue;
            }

            double[] column = values[..present];
            Array.Sort(column);
            if ((all is null ? column[0] : all.Least[j]) > 0 && column[^1] > column[0] && WantsLog(column))
            {
                log[j] = 1;
                for (int i = 0; i < column.Length; i++)
                {
                    column[i] = Math.Log(column[i]);
                }
            }

            centre[j] = Quantile(column, 0.5);
            scale[j] = (Quantile(column, 0.75) - Quantile(column, 0.25)) / SpreadOfQuartiles;
            if (!(scale[j] > 1e-12 * Math.Abs(centre[j])))
            {
                scale[j] = all is null || log[j] != 0 ? Deviation(column) : all.StandardDeviation(j);
            }

            if (!(scale[j] > 1e-12 * Math.Abs(centre[j])) || !double.IsNormal(scale[j]))
            {
                (scale[j], constant[j]) = (1, 1);
            }
        }

        return new FeatureScaling(log, centre, scale, constant);
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

    private static Parameter Keep(double[] values) => new(Tensor.From(values, new Shape(values.Length)), isTrained: false);

    private static List<int> Flagged(Parameter flags) =>
        [.. flags.Value.ToArray().Select((flag, i) => (flag, i)).Where(f => f.flag != 0).Select(f => f.i)];
}
