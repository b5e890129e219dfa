namespace Quincunx.Inference.Samplers;

internal sealed class MetropolisTransition : ITransition
{
    private readonly ChainState _state;
    private readonly CountedTarget _target;
    private readonly MetropolisAdaptation _adaptation;
    private readonly RandomWalk _walk;
    private readonly RunningMoments _moments;
    private readonly double[] _proposals, _logDensities;
    private readonly long[] _accepted;
    private long _steps;
    private int _iteration;

    public MetropolisTransition(ChainState state, CountedTarget target, MetropolisOptions options)
    {
        (_state, _target, _adaptation) = (state, target, options.Adaptation);
        int d = state.Dimension;
        _walk = new RandomWalk(options.Scales.Count > 0 ? options.Scales : [.. Enumerable.Repeat(2.38 / Math.Sqrt(d), d)]);
        _moments = new RunningMoments(d, isDense: true);
        (_proposals, _logDensities, _accepted) = (new double[state.Points.Length], new double[state.Chains], new long[state.Chains]);
    }

    public SamplerStop? Step(bool isWarmup)
    {
        int d = _state.Dimension, n = _state.Chains;
        for (int c = 0; c < n; c++)
        {
            _walk.Propose(_state.Point(c), _proposals.AsSpan(c * d, d), _state.Streams[c]);
        }

        _target.Evaluate(_proposals, _logDensities);
        double acceptance = 0;
        for (int c = 0; c < n; c++)
        {
            double change = _logDensities[c] - _state.LogDensities[c];
            acceptance += Math.Min(1, Math.Exp(change)) / n;
            if (-_state.Streams[c].NextExponential() < change)
            {
                _proposals.AsSpan(c * d, d).CopyTo(_state.Point(c));
                _state.LogDensities[c] = _logDensities[c];
                _accepted[c]++;
            }
        }

        _steps++;
        if (isWarmup && _adaptation != MetropolisAdaptation.None)
        {
            Learn(acceptance);
        }

        return null;
    }

    public void EndWarmup()
    {
        _steps = 0;
        Array.Clear(_accepted);
    }

    public TransitionReport Report() => new([.. _accepted.Select(a => (double)a / Math.Max(1, _steps))]);

    // The shape is renewed after 64, 128, 256 and so on iterations, each time from the latest half of the past alone.
    private void Learn(double acceptance)
    {
        _walk.TakeAcceptance(acceptance);
        if (_adaptation != MetropolisAdaptation.Covariance)
        {
            return;
        }

        for (int c = 0; c < _state.Chains; c++)
        {
            _moments.Add(_state.Point(c));
        }

        _iteration++;
        if (_iteration >= 64 && int.IsPow2(_iteration) && _moments.Count > 2 * _state.Dimension && _walk.TakeShape(_moments.Shrunk()))
        {
            _moments.Clear();
        }
    }
}
