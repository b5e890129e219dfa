using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Fixed affine map that brings each feature of some data to mean 0 and standard deviation 1: <c>y = (x - mean) / scale</c>.</summary>
/// <remarks>
/// Mean and scale are float64 and part of the module's state. A feature that did not vary in the data has scale 1, so that it maps to
/// zero and a later change in it stays finite; <see cref="ConstantFeatures"/> lists them, for the caller to report.
/// </remarks>
public sealed class Standardise : IModule
{
    private readonly Parameter _mean, _scale, _constant;

    /// <summary>The identity, to import a state into.</summary>
    public Standardise(int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        _mean = Constant(new double[features]);
        _scale = Constant([.. Enumerable.Repeat(1.0, features)]);
        _constant = Constant(new double[features]);
    }

    private Standardise(double[] mean, double[] scale, double[] constant)
    {
        (_mean, _scale, _constant) = (Constant(mean), Constant(scale), Constant(constant));
    }

    public int Features => _mean.Count;

    public ReadOnlySpan<double> Mean => _mean.Value.AsSpan<double>();

    /// <summary>The standard deviation (dividing by the number of rows), or 1 where it vanishes.</summary>
    public ReadOnlySpan<double> Scale => _scale.Value.AsSpan<double>();

    /// <summary>Indices of the features that did not vary.</summary>
    public IReadOnlyList<int> ConstantFeatures
    {
        get
        {
            ReadOnlySpan<double> flags = _constant.Value.AsSpan<double>();
            List<int> features = [];
            for (int i = 0; i < flags.Length; i++)
            {
                if (flags[i] != 0)
                {
                    features.Add(i);
                }
            }

            return features;
        }
    }

    /// <summary>log |dy/dx|, the same everywhere: minus the sum of the log-scales.</summary>
    public double LogAbsDet
    {
        get
        {
            double sum = 0;
            foreach (double scale in Scale)
            {
                sum -= Math.Log(scale);
            }

            return sum;
        }
    }

    /// <summary>Means and standard deviations of the columns of some data, in two passes.</summary>
    /// <param name="rows">Row-major, shape <c>[n, features]</c>.</param>
    /// <exception cref="ArgumentException">No rows, a part of a row, or a value that is not finite.</exception>
    public static Standardise Fit(ReadOnlySpan<double> rows, int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (rows.IsEmpty || rows.Length % features != 0)
        {
            throw new ArgumentException($"Expected one or more rows of {features} values, got {rows.Length} values.", nameof(rows));
        }

        int count = rows.Length / features;
        double[] mean = new double[features], least = [.. rows[..features]], greatest = [.. rows[..features]];
        for (int i = 0; i < rows.Length; i++)
        {
            double value = rows[i];
            int j = i % features;
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Row {i / features}, feature {j} is {value:R}: only finite data can be standardised.", nameof(rows));
            }

            mean[j] += value / count;               // divided first, so that the sum of finite values cannot overflow
            (least[j], greatest[j]) = (Math.Min(least[j], value), Math.Max(greatest[j], value));
        }

        // Deviations in units of the half range, so that neither they nor their squares overflow; their own mean corrects the
        // rounding of the first pass (Chan, Golub and LeVeque 1983, Am. Stat. 37, 242).
        double[] half = new double[features], sum = new double[features], squares = new double[features];
        for (int j = 0; j < features; j++)
        {
            half[j] = (0.5 * greatest[j]) - (0.5 * least[j]);
        }

        for (int i = 0; i < rows.Length; i++)
        {
            int j = i % features;
            double deviation = half[j] == 0 ? 0 : ((0.5 * rows[i]) - (0.5 * mean[j])) / half[j];
            sum[j] += deviation;
            squares[j] += deviation * deviation;
        }

        double[] scale = new double[features], constant = new double[features];
        for (int j = 0; j < features; j++)
        {
            double shift = sum[j] / count;
            scale[j] = 2 * half[j] * Math.Sqrt(Math.Max(0, (squares[j] / count) - (shift * shift)));
            mean[j] = least[j] == greatest[j] ? least[j] : mean[j] + (2 * half[j] * shift);
            if (!double.IsNormal(scale[j]))
            {
                (scale[j], constant[j]) = (1, 1);
            }
        }

        return new Standardise(mean, scale, constant);
    }

    /// <summary>Means and standard deviations of columns that were summed block by block.</summary>
    /// <exception cref="ArgumentException">No rows.</exception>
    public static Standardise Fit(ColumnMoments moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        if (moments.Count == 0)
        {
            throw new ArgumentException($"Expected one or more rows of {moments.Features} values, got none.", nameof(moments));
        }

        double[] mean = new double[moments.Features], scale = new double[mean.Length], constant = new double[mean.Length];
        for (int j = 0; j < mean.Length; j++)
        {
            (mean[j], scale[j]) = (moments.Mean(j), moments.StandardDeviation(j));
            if (!double.IsNormal(scale[j]))
            {
                (scale[j], constant[j]) = (1, 1);
            }
        }

        return new Standardise(mean, scale, constant);
    }

    /// <summary>Standardises rows in float64.</summary>
    /// <param name="x">Row-major, shape <c>[n, features]</c>.</param>
    /// <param name="y">The same length; may be x.</param>
    public void Apply(ReadOnlySpan<double> x, Span<double> y)
    {
        Check(x.Length, y.Length);
        ReadOnlySpan<double> mean = Mean, scale = Scale;
        for (int i = 0, j = 0; i < x.Length; i++, j = j + 1 == mean.Length ? 0 : j + 1)
        {
            y[i] = (x[i] - mean[j]) / scale[j];
        }
    }

    /// <summary>Undoes <see cref="Apply"/>.</summary>
    /// <param name="y">Row-major, shape <c>[n, features]</c>.</param>
    /// <param name="x">The same length; may be y.</param>
    public void Invert(ReadOnlySpan<double> y, Span<double> x)
    {
        Check(y.Length, x.Length);
        ReadOnlySpan<double> mean = Mean, scale = Scale;
        for (int i = 0, j = 0; i < y.Length; i++, j = j + 1 == mean.Length ? 0 : j + 1)
        {
            x[i] = mean[j] + (y[i] * scale[j]);
        }
    }

    /// <summary>Standardises a tensor; in float32 a feature whose mean is far larger than its scale loses digits, so standardise data in float64.</summary>
    /// <param name="x">Shape <c>[batch, features]</c>.</param>
    public Tensor Forward(Tensor x)
    {
        ShapeException.ThrowUnless(x, -1, Features);
        return (x - As(_mean, x.DType)) / As(_scale, x.DType);
    }

    /// <summary>Undoes <see cref="Forward"/>.</summary>
    /// <param name="y">Shape <c>[batch, features]</c>.</param>
    public Tensor Inverse(Tensor y)
    {
        ShapeException.ThrowUnless(y, -1, Features);
        return (y * As(_scale, y.DType)) + As(_mean, y.DType);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("mean", _mean);
        tree.Add("scale", _scale);
        tree.Add("constant", _constant);
    }

    private static Parameter Constant(double[] values) => new(Tensor.From(values, new Shape(values.Length)), isTrained: false);

    private static Tensor As(Parameter constant, DType dtype) =>
        dtype == DType.Float64 ? constant.Value : Tensor.From(constant.Value.AsSpan<double>(), constant.Shape, dtype);

    private void Check(int from, int into)
    {
        if (from % Features != 0 || from != into)
        {
            throw new ArgumentException($"Expected rows of {Features} values and as many results, got {from} values and {into} results.");
        }
    }
}
