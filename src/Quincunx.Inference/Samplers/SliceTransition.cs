namespace Quincunx.Inference.Samplers;

internal sealed class SliceTransition : ITransition
{
    private readonly ChainState _state;
    private readonly SliceOptions _options;
    private readonly LineSlice _slice;
    private readonly double[] _directions, _widths, _lengthSums, _spreads;
    private readonly RunningMoments _moments;
    private long _saturations;
    private int _iteration, _learned;

    public SliceTransition(ChainState state, CountedTarget target, SliceOptions options)
    {
        (_state, _options) = (state, options);
        int d = state.Dimension;
        _slice = new LineSlice(state.Chains, d, (_, points, logDensities) => target.Evaluate(points, logDensities));
        (_directions, _lengthSums, _moments) = (new double[state.Chains * d], new double[d], new RunningMoments(d, isDense: false));
        (_widths, _spreads) = ([.. Enumerable.Repeat(options.Width, d)], [.. Enumerable.Repeat(1.0, d)]);
    }

    public SamplerStop? Step(bool isWarmup)
    {
        for (int j = 0; j < _state.Dimension; j++)
        {
            Direct(j);
            _slice.Move(_state.Points, _state.LogDensities, _directions, _widths[j], _options.MaxWidths, _state.Streams);
            _saturations += _slice.Saturations;
            _lengthSums[j] += isWarmup ? _slice.Lengths.Sum() / _state.Chains : 0;
        }

        if (isWarmup)
        {
            Learn();
        }

        return null;
    }

    public void EndWarmup() => _saturations = 0;

    public TransitionReport Report() => new([.. Enumerable.Repeat(1.0, _state.Chains)], Saturations: _saturations);

    private void Direct(int axis)
    {
        int d = _state.Dimension;
        if (_options.Moves == SliceMoves.Axes)
        {
            Array.Clear(_directions);
            for (int c = 0; c < _state.Chains; c++)
            {
                _directions[(c * d) + axis] = 1;
            }

            return;
        }

        for (int c = 0; c < _state.Chains; c++)
        {
            Span<double> direction = _directions.AsSpan(c * d, d);
            _state.Streams[c].FillNormal(direction);
            double norm = Math.Sqrt(Metric.Dot(direction, direction));
            for (int j = 0; j < d; j++)
            {
                direction[j] *= _spreads[j] / norm;
            }
        }
    }

    // What was learned is put to use, and forgotten, after 1, 2, 4, 8 and so on iterations, so that the way to the bulk does not count for long.
    private void Learn()
    {
        _iteration++;
        _learned++;
        int d = _state.Dimension;
        for (int c = 0; c < _state.Chains; c++)
        {
            _moments.Add(_state.Point(c));
        }

        if (!int.IsPow2(_iteration))
        {
            return;
        }

        bool isHitAndRun = _options.Moves == SliceMoves.HitAndRun;
        double mean = _lengthSums.Sum() / (d * _learned);
        for (int j = 0; j < d; j++)
        {
            double width = isHitAndRun ? mean : _lengthSums[j] / _learned;
            _widths[j] = width > 0 && double.IsFinite(width) ? width : _widths[j];
        }

        // With the spreads the unit of the widths changes too; the next stretch learns it.
        if (isHitAndRun && _moments.Count >= 10 * d)
        {
            double[] variances = _moments.Shrunk();
            double change = 0;
            for (int j = 0; j < d; j++)
            {
                double spread = Math.Sqrt(variances[j]);
                change += spread / _spreads[j] / d;
                _spreads[j] = spread;
            }

            Array.Fill(_widths, _widths[0] / change);
            _moments.Clear();
        }

        Array.Clear(_lengthSums);
        _learned = 0;
    }
}
