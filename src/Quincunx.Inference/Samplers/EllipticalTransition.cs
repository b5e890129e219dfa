using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Samplers;

internal sealed class EllipticalTransition : ITransition
{
    // The bracket shrinks towards the point itself, at which the likelihood is above its level: only a likelihood that is not a function gets here.
    private const int MaxShrinkages = 200;

    private readonly ChainState _state;
    private readonly CountedTarget _logLikelihood;
    private readonly MultivariateNormal _prior;
    private readonly double[] _mean, _factor, _likelihoods, _levels, _angles, _lower, _upper, _others, _candidates, _values;
    private readonly int[] _active;
    private long _saturations;

    public EllipticalTransition(ChainState state, CountedTarget logLikelihood, MultivariateNormal prior)
    {
        (_state, _logLikelihood, _prior) = (state, logLikelihood, prior);
        (_mean, _factor) = ([.. prior.Mean], [.. prior.Cholesky]);
        int n = state.Chains;
        (_likelihoods, _levels, _angles, _lower, _upper, _values) = (new double[n], new double[n], new double[n], new double[n], new double[n], new double[n]);
        (_others, _candidates, _active) = (new double[state.Points.Length], new double[state.Points.Length], new int[n]);
        logLikelihood.Evaluate(state.Points, _likelihoods);
        for (int c = 0; c < n; c++)
        {
            state.LogDensities[c] = _likelihoods[c] + prior.LogProb(state.Point(c));
        }
    }

    public SamplerStop? Step(bool isWarmup)
    {
        int d = _state.Dimension, count = _state.Chains;
        for (int c = 0; c < count; c++)
        {
            var rng = _state.Streams[c];
            rng.NextMultivariateNormal(_mean, _factor, _others.AsSpan(c * d, d));
            _levels[c] = _likelihoods[c] - rng.NextExponential();
            _angles[c] = 2 * Math.PI * rng.NextDouble();
            (_lower[c], _upper[c], _active[c]) = (_angles[c] - (2 * Math.PI), _angles[c], c);
        }

        for (int attempt = 0; count > 0 && attempt < MaxShrinkages; attempt++)
        {
            for (int i = 0; i < count; i++)
            {
                int c = _active[i];
                (double sin, double cos) = Math.SinCos(_angles[c]);
                for (int j = 0; j < d; j++)
                {
                    int at = (c * d) + j;
                    _candidates[(i * d) + j] = _mean[j] + ((_state.Points[at] - _mean[j]) * cos) + ((_others[at] - _mean[j]) * sin);
                }
            }

            _logLikelihood.Evaluate(_candidates.AsSpan(0, count * d), _values.AsSpan(0, count));
            count = Decide(count);
        }

        _saturations += count;
        return null;
    }

    public void EndWarmup() => _saturations = 0;

    public TransitionReport Report() => new([.. Enumerable.Repeat(1.0, _state.Chains)], Saturations: _saturations);

    private int Decide(int count)
    {
        int d = _state.Dimension, left = 0;
        for (int i = 0; i < count; i++)
        {
            int c = _active[i];
            if (_values[i] > _levels[c])
            {
                _candidates.AsSpan(i * d, d).CopyTo(_state.Point(c));
                _likelihoods[c] = _values[i];
                _state.LogDensities[c] = _values[i] + _prior.LogProb(_state.Point(c));
                continue;
            }

            if (_angles[c] < 0)
            {
                _lower[c] = _angles[c];
            }
            else
            {
                _upper[c] = _angles[c];
            }

            _angles[c] = _lower[c] + ((_upper[c] - _lower[c]) * _state.Streams[c].NextDouble());
            _active[left++] = c;
        }

        return left;
    }
}
