namespace Quincunx.Runs.Reports.Figures;

/// <summary>Draws of several parameters, with their weights and the name they go by in a legend.</summary>
public sealed class WeightedDraws
{
    private readonly double[] _values, _weights;

    /// <param name="label">For the legend, such as <c>posterior</c>.</param>
    /// <param name="dimension">Parameters per draw, at least 1.</param>
    /// <param name="values">Shape <c>[draws, dimension]</c>, row by row. Not-finite values are allowed; figures leave them out and say so.</param>
    /// <param name="weights">One per draw, finite and not negative; empty for equal weights.</param>
    /// <exception cref="ArgumentException">The lengths do not agree, or a weight is negative or not finite.</exception>
    public WeightedDraws(string label, int dimension, ReadOnlySpan<double> values, ReadOnlySpan<double> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (values.Length % dimension != 0)
        {
            throw new ArgumentException($"Expected a multiple of {dimension} values, got {values.Length}.", nameof(values));
        }

        int count = values.Length / dimension;
        if (!weights.IsEmpty && weights.Length != count)
        {
            throw new ArgumentException($"Expected {count} weights, got {weights.Length}.", nameof(weights));
        }

        foreach (double weight in weights)
        {
            if (weight is not (>= 0 and < double.PositiveInfinity))
            {
                throw new ArgumentException($"Expected finite weights that are not negative, got {weight}.", nameof(weights));
            }
        }

        (Label, Dimension, Count) = (label, dimension, count);
        _values = values.ToArray();
        _weights = weights.IsEmpty ? [.. Enumerable.Repeat(1.0, count)] : weights.ToArray();
    }

    public string Label { get; }

    public int Dimension { get; }

    public int Count { get; }

    internal double[] Weights => _weights;

    internal double[] Column(int index)
    {
        double[] column = new double[Count];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = _values[(i * Dimension) + index];
        }

        return column;
    }

    /// <summary>The draws of positive weight that are finite in every parameter; the rest cannot be placed in a panel of two.</summary>
    internal WeightedDraws Usable()
    {
        int[] kept = [.. Enumerable.Range(0, Count).Where(IsUsable)];
        if (kept.Length == Count)
        {
            return this;
        }

        double[] values = new double[kept.Length * Dimension];
        for (int i = 0; i < kept.Length; i++)
        {
            _values.AsSpan(kept[i] * Dimension, Dimension).CopyTo(values.AsSpan(i * Dimension));
        }

        return new WeightedDraws(Label, Dimension, values, [.. kept.Select(i => _weights[i])]);
    }

    private bool IsUsable(int draw)
    {
        if (_weights[draw] == 0)
        {
            return false;
        }

        foreach (double value in _values.AsSpan(draw * Dimension, Dimension))
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
