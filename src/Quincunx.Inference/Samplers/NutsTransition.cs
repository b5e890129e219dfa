namespace Quincunx.Inference.Samplers;

internal sealed class NutsTransition : ITransition
{
    private readonly ChainState _state;
    private readonly CountedTarget _target;
    private readonly HamiltonianAdaptation _adaptation;
    private readonly NutsTree[] _trees;
    private readonly double[] _gradients, _points, _pointGradients, _logDensities, _acceptance;
    private readonly int[] _active;
    private bool _started;
    private long _divergences, _saturations, _steps;

    public NutsTransition(ChainState state, CountedTarget target, NutsOptions options)
    {
        (_state, _target) = (state, target);
        int n = state.Chains, d = state.Dimension;
        (_gradients, _points, _pointGradients) = (new double[n * d], new double[n * d], new double[n * d]);
        (_logDensities, _acceptance, _active) = (new double[n], new double[n], new int[n]);
        _trees = [.. Enumerable.Range(0, n).Select(_ => new NutsTree(d, options.MaxDepth, options.TurnThreshold))];
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

        int n = _state.Chains, d = _state.Dimension, count = n;
        for (int c = 0; c < n; c++)
        {
            _active[c] = c;
            _trees[c].Begin(_state.Point(c), _gradients.AsSpan(c * d, d), _state.LogDensities[c], _adaptation.Metric, _state.Streams[c]);
        }

        while (count > 0)
        {
            for (int i = 0; i < count; i++)
            {
                _trees[_active[i]].Drift(_adaptation.StepSize, _adaptation.Metric, _points.AsSpan(i * d, d));
            }

            _target.EvaluateWithGradient(_points.AsSpan(0, count * d), _logDensities.AsSpan(0, count), _pointGradients.AsSpan(0, count * d));
            int left = 0;
            for (int i = 0; i < count; i++)
            {
                int c = _active[i];
                if (_trees[c].Arrive(_logDensities[i], _pointGradients.AsSpan(i * d, d), _adaptation.StepSize, _adaptation.Metric, _state.Streams[c]))
                {
                    _active[left++] = c;
                }
            }

            count = left;
        }

        double sum = 0;
        for (int c = 0; c < n; c++)
        {
            NutsTree tree = _trees[c];
            tree.Proposal.CopyTo(_state.Point(c));
            tree.ProposalGradient.CopyTo(_gradients.AsSpan(c * d));
            _state.LogDensities[c] = tree.ProposalLogDensity;
            sum += tree.MeanAcceptance;
            _acceptance[c] += tree.MeanAcceptance;
            _divergences += tree.IsDivergent ? 1 : 0;
            _saturations += tree.IsSaturated ? 1 : 0;
        }

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
}
