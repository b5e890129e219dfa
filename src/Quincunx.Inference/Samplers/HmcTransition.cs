using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

internal sealed class HmcTransition : ITransition
{
    // An energy error beyond this cannot be noise (as in Stan).
    public const double DivergentError = 1_000;

    private readonly ChainState _state;
    private readonly CountedTarget _target;
    private readonly HmcOptions _options;
    private readonly Rng _lengths;
    private readonly HamiltonianAdaptation _adaptation;
    private readonly double[] _gradients, _points, _pointGradients, _momenta, _velocity, _logDensities, _energies, _acceptance;
    private bool _started;
    private long _divergences, _saturations, _steps;

    public HmcTransition(ChainState state, CountedTarget target, HmcOptions options, Rng lengths)
    {
        (_state, _target, _options, _lengths) = (state, target, options, lengths);
        int n = state.Chains, d = state.Dimension;
        (_gradients, _points, _pointGradients, _momenta, _velocity) = (new double[n * d], new double[n * d], new double[n * d], new double[n * d], new double[d]);
        (_logDensities, _energies, _acceptance) = (new double[n], new double[n], new double[n]);
        target.EvaluateWithGradient(state.Points, state.LogDensities, _gradients);
        _adaptation = new HamiltonianAdaptation(state, target, _gradients, options);
    }

    public SamplerStop? Step(bool isWarmup)
    {
        if (isWarmup && !_started)
        {
            _started = true;
            if (_adaptation.Start() is { } stop)
            {
                return stop;
            }
        }

        int n = _state.Chains, d = _state.Dimension, steps = Steps(out bool isSaturated);
        double step = _adaptation.StepSize;
        Begin();
        for (int s = 0; s < steps; s++)
        {
            Kick(step / 2);
            Drift(step);
            _target.EvaluateWithGradient(_points, _logDensities, _pointGradients);
            Kick(step / 2);
        }

        double sum = 0;
        int divergences = 0;
        for (int c = 0; c < n; c++)
        {
            double change = _energies[c] - Energy(c, _logDensities[c]), accept = double.IsNaN(change) ? 0 : Math.Min(1, Math.Exp(change));
            divergences += change > -DivergentError ? 0 : 1;
            sum += accept;
            _acceptance[c] += accept;
            if (_state.Streams[c].NextDouble() < accept)
            {
                _points.AsSpan(c * d, d).CopyTo(_state.Point(c));
                _pointGradients.AsSpan(c * d, d).CopyTo(_gradients.AsSpan(c * d));
                _state.LogDensities[c] = _logDensities[c];
            }
        }

        _divergences += divergences;
        _saturations += isSaturated ? n : 0;
        _steps++;
        return isWarmup ? _adaptation.Learn(sum / n) : null;
    }

    public void EndWarmup()
    {
        _adaptation.End();
        (_divergences, _saturations, _steps) = (0, 0, 0);
        Array.Clear(_acceptance);
    }

    public TransitionReport Report() => new([.. _acceptance.Select(a => a / Math.Max(1, _steps))], _divergences, _saturations, _adaptation.StepSize);

    private int Steps(out bool isSaturated)
    {
        double length = _options.TrajectoryLength * (1 + (_options.Jitter * ((2 * _lengths.NextDouble()) - 1)));
        double steps = Math.Max(1, Math.Ceiling(length / _adaptation.StepSize));
        isSaturated = steps > _options.MaxSteps;
        return (int)Math.Min(steps, _options.MaxSteps);
    }

    private void Begin()
    {
        int d = _state.Dimension;
        _state.Points.CopyTo(_points, 0);
        _gradients.CopyTo(_pointGradients, 0);
        for (int c = 0; c < _state.Chains; c++)
        {
            _adaptation.Metric.Draw(_momenta.AsSpan(c * d, d), _state.Streams[c]);
            _energies[c] = Energy(c, _state.LogDensities[c]);
        }
    }

    private double Energy(int chain, double logDensity)
    {
        Span<double> p = _momenta.AsSpan(chain * _state.Dimension, _state.Dimension);
        _adaptation.Metric.Velocity(p, _velocity);
        return (0.5 * Metric.Dot(p, _velocity)) - logDensity;
    }

    private void Kick(double step) => System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<double>(_pointGradients, step, _momenta, _momenta);

    private void Drift(double step)
    {
        int d = _state.Dimension;
        for (int c = 0; c < _state.Chains; c++)
        {
            _adaptation.Metric.Velocity(_momenta.AsSpan(c * d, d), _velocity);
            for (int j = 0; j < d; j++)
            {
                _points[(c * d) + j] += step * _velocity[j];
            }
        }
    }
}
