namespace Quincunx.Inference.Networks;

/// <summary>Mean, standard deviation and extremes of the columns of rows that are seen once, a block at a time.</summary>
/// <remarks>
/// Each block is summed in two passes, and blocks are joined by the formula of Chan, Golub and LeVeque 1983 (Am. Stat. 37, 242), so that an offset far larger than the spread costs no digits.
/// Deviations are taken from the first row and in units of a power of two above the largest of them, so that neither they nor their squares overflow or vanish.
/// </remarks>
public sealed class ColumnMoments
{
    private readonly double[] _origin, _unit, _mean, _squares, _blockMean, _blockSquares, _least, _greatest;

    /// <param name="features">Numbers in a row.</param>
    public ColumnMoments(int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        (_origin, _unit, _mean, _squares) = (new double[features], new double[features], new double[features], new double[features]);
        (_blockMean, _blockSquares, _least, _greatest) = (new double[features], new double[features], new double[features], new double[features]);
    }

    public int Features => _origin.Length;

    /// <summary>Rows seen.</summary>
    public long Count { get; private set; }

    /// <summary>The smallest value of each column.</summary>
    public ReadOnlySpan<double> Least => _least;

    /// <summary>The greatest value of each column.</summary>
    public ReadOnlySpan<double> Greatest => _greatest;

    /// <summary>The mean of a column.</summary>
    public double Mean(int feature) => _least[feature] == _greatest[feature] ? _least[feature] : _origin[feature] + (2 * _unit[feature] * _mean[feature]);

    /// <summary>The standard deviation of a column, dividing by the number of rows; 0 where it does not vary.</summary>
    public double StandardDeviation(int feature) => 2 * _unit[feature] * Math.Sqrt(_squares[feature] / Math.Max(1, Count));

    /// <summary>Adds rows.</summary>
    /// <param name="rows">Row-major, shape <c>[n, features]</c>.</param>
    /// <exception cref="ArgumentException">A part of a row, or a value that is not finite; nothing has been added then.</exception>
    public void Add(ReadOnlySpan<double> rows)
    {
        if (rows.Length % Features != 0)
        {
            throw new ArgumentException($"Expected rows of {Features} values, got {rows.Length} values.", nameof(rows));
        }

        for (int i = 0; i < rows.Length; i++)
        {
            if (!double.IsFinite(rows[i]))
            {
                throw new ArgumentException($"Row {Count + (i / Features)}, feature {i % Features} is {rows[i]:R}: only finite data can be summed.", nameof(rows));
            }
        }

        if (rows.IsEmpty)
        {
            return;
        }

        int count = rows.Length / Features;
        Extend(rows);
        _blockMean.AsSpan().Clear();
        _blockSquares.AsSpan().Clear();
        for (int i = 0, j = 0; i < rows.Length; i++, j = j + 1 == Features ? 0 : j + 1)
        {
            _blockMean[j] += Deviation(rows[i], j) / count;
        }

        for (int i = 0, j = 0; i < rows.Length; i++, j = j + 1 == Features ? 0 : j + 1)
        {
            double deviation = Deviation(rows[i], j) - _blockMean[j];
            _blockSquares[j] += deviation * deviation;
        }

        double share = count / (double)(Count + count);
        for (int j = 0; j < Features; j++)
        {
            double shift = _blockMean[j] - _mean[j];
            _squares[j] += _blockSquares[j] + (shift * shift * share * Count);
            _mean[j] += shift * share;
        }

        Count += count;
    }

    // Halved, so that no difference overflows.
    private double Deviation(double value, int feature) => _unit[feature] == 0 ? 0 : ((0.5 * value) - (0.5 * _origin[feature])) / _unit[feature];

    // Takes rows into the extremes, and makes units that hold all their deviations.
    private void Extend(ReadOnlySpan<double> rows)
    {
        if (Count == 0)
        {
            rows[..Features].CopyTo(_origin);
            rows[..Features].CopyTo(_least);
            rows[..Features].CopyTo(_greatest);
        }

        for (int i = 0, j = 0; i < rows.Length; i++, j = j + 1 == Features ? 0 : j + 1)
        {
            _least[j] = Math.Min(_least[j], rows[i]);
            _greatest[j] = Math.Max(_greatest[j], rows[i]);
        }

        for (int j = 0; j < Features; j++)
        {
            double largest = Math.Max((0.5 * _greatest[j]) - (0.5 * _origin[j]), (0.5 * _origin[j]) - (0.5 * _least[j]));
            if (largest > _unit[j])
            {
                // Changing between powers of two costs no digits.
                double unit = Math.ScaleB(1, Math.Min(1023, Math.ILogB(largest) + 1));
                double ratio = _unit[j] / unit;
                _mean[j] *= ratio;
                _squares[j] *= ratio * ratio;
                _unit[j] = unit;
            }
        }
    }
}
