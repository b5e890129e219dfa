using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Log-densities of candidates, each for the row it might take the place of.</summary>
internal delegate void RowDensity(ReadOnlySpan<int> rows, ReadOnlySpan<double> points, Span<double> logDensities);

/// <summary>One slice-sampling move of every row along a line of its own, in lockstep: stepping out and shrinkage (Neal 2003, Ann. Statist. 31, 705, figures 3 and 5).</summary>
internal sealed class LineSlice
{
    // An interval that began with 2^50 widths has shrunk to nothing about its point long before.
    private const int MaxShrinkages = 200;

    private readonly int _d;
    private readonly RowDensity _density;
    private readonly double[] _level, _left, _right, _candidates, _values, _position;
    private readonly int[] _leftSteps, _rightSteps, _rows, _active;

    public LineSlice(int rows, int dimension, RowDensity density)
    {
        (_d, _density) = (dimension, density);
        (_level, _left, _right, _position) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        (_leftSteps, _rightSteps, _active) = (new int[rows], new int[rows], new int[rows]);
        (_candidates, _values, _rows) = (new double[2 * rows * dimension], new double[2 * rows], new int[2 * rows]);
        Lengths = new double[rows];
    }

    /// <summary>Length of the interval that the last accepted candidate was drawn from, in units of the directions.</summary>
    public double[] Lengths { get; }

    /// <summary>Rows of the last move whose interval reached the limit of its width, or which found no candidate and stayed.</summary>
    public int Saturations { get; private set; }

    /// <param name="points">Shape <c>[rows, d]</c>, moved.</param>
    /// <param name="logDensities">At the points; moved with them.</param>
    /// <param name="directions">Shape <c>[rows, d]</c>.</param>
    /// <param name="width">First length of the intervals, in units of the directions.</param>
    /// <param name="maxWidths">Widths at most in an interval.</param>
    public void Move(double[] points, double[] logDensities, double[] directions, double width, int maxWidths, Rng[] streams)
    {
        Saturations = 0;
        for (int r = 0; r < streams.Length; r++)
        {
            _level[r] = logDensities[r] - streams[r].NextExponential();
            _left[r] = -width * streams[r].NextDouble();
            _right[r] = _left[r] + width;
            _leftSteps[r] = streams[r].NextInt32(maxWidths);
            _rightSteps[r] = maxWidths - 1 - _leftSteps[r];
        }

        StepOut(points, directions, width, maxWidths);
        Shrink(points, logDensities, directions, streams);
    }

    // Both ends of all rows that still grow are one evaluation. An end that is outside has no steps left.
    private void StepOut(double[] points, double[] directions, double width, int maxWidths)
    {
        while (true)
        {
            int count = 0;
            for (int r = 0; r < _level.Length; r++)
            {
                if (_leftSteps[r] > 0)
                {
                    Place(count++, r, _left[r], points, directions);
                }

                if (_rightSteps[r] > 0)
                {
                    Place(count++, r, _right[r], points, directions);
                }
            }

            if (count == 0)
            {
                break;
            }

            Evaluate(count);
            int at = 0;
            for (int r = 0; r < _level.Length; r++)
            {
                if (_leftSteps[r] > 0)
                {
                    bool grows = _values[at++] > _level[r];
                    _left[r] -= grows ? width : 0;
                    _leftSteps[r] = grows ? _leftSteps[r] - 1 : 0;
                }

                if (_rightSteps[r] > 0)
                {
                    bool grows = _values[at++] > _level[r];
                    _right[r] += grows ? width : 0;
                    _rightSteps[r] = grows ? _rightSteps[r] - 1 : 0;
                }
            }
        }

        for (int r = 0; r < _level.Length; r++)
        {
            Saturations += maxWidths > 1 && _right[r] - _left[r] > (maxWidths - 0.5) * width ? 1 : 0;
        }
    }

    private void Shrink(double[] points, double[] logDensities, double[] directions, Rng[] streams)
    {
        int count = streams.Length;
        for (int r = 0; r < count; r++)
        {
            _active[r] = r;
        }

        for (int attempt = 0; count > 0 && attempt < MaxShrinkages; attempt++)
        {
            for (int i = 0; i < count; i++)
            {
                int r = _active[i];
                _position[r] = _left[r] + ((_right[r] - _left[r]) * streams[r].NextDouble());
                Place(i, r, _position[r], points, directions);
            }

            Evaluate(count);
            int left = 0;
            for (int i = 0; i < count; i++)
            {
                int r = _active[i];
                Lengths[r] = _right[r] - _left[r];
                if (_values[i] > _level[r])
                {
                    _candidates.AsSpan(i * _d, _d).CopyTo(points.AsSpan(r * _d));
                    logDensities[r] = _values[i];
                    continue;
                }

                if (_position[r] < 0)
                {
                    _left[r] = _position[r];
                }
                else
                {
                    _right[r] = _position[r];
                }

                _active[left++] = r;
            }

            count = left;
        }

        Saturations += count;
    }

    private void Place(int slot, int row, double position, double[] points, double[] directions)
    {
        _rows[slot] = row;
        for (int j = 0; j < _d; j++)
        {
            _candidates[(slot * _d) + j] = points[(row * _d) + j] + (position * directions[(row * _d) + j]);
        }
    }

    private void Evaluate(int count) => _density(_rows.AsSpan(0, count), _candidates.AsSpan(0, count * _d), _values.AsSpan(0, count));
}
