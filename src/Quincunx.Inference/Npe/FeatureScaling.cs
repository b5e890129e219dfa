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

    private static Parameter Keep(double[] values) => new(Tensor.From(values, new Shape(values.Length)), isTrained: false);

    private static List<int> Flagged(Parameter flags) =>
        [.. flags.Value.ToArray().Select((flag, i) => (flag, i)).Where(f => f.flag != 0).Select(f => f.i)];
}
