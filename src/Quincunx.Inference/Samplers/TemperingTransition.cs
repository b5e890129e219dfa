using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>All replicas of all ladders; those of a level are next to each other.</summary>
internal sealed class TemperingTransition : ITransition
{
    private readonly ChainState _state;
    private readonly PriorTarget _target;
    private readonly TemperingOptions _options;
    private readonly Rng[] _streams;
    private readonly RandomWalk[] _walks;
    private readonly RunningMoments[] _moments;
    private readonly double[] _points, _logPriors, _logLikelihoods, _proposals, _proposedPriors, _proposedLikelihoods, _rejections;
    private readonly bool[] _hasTouchedPosterior;
    private readonly List<double>[] _history;
    private readonly long[] _accepted, _attempts;
    private readonly int _n, _d, _levels;
    private long _steps, _iterations;

    public TemperingTransition(ChainState state, PriorTarget target, TemperingOptions options, Rng rng)
    {
        (_state, _target, _options) = (state, target, options);
        (_n, _d, _levels) = (state.Chains, state.Dimension, options.Levels);
        int rows = _n * _levels;
        _streams = [.. Enumerable.Range(0, rows).Select(r => rng.Split("replica").Split(r))];
        _walks = [.. Enumerable.Range(0, _levels).Select(_ => new RandomWalk([.. Enumerable.Repeat(2.38 / Math.Sqrt(_d), _d)]))];
        _moments = [.. Enumerable.Range(0, _levels).Select(_ => new RunningMoments(_d, isDense: true))];
        (_points, _logPriors, _logLikelihoods) = (new double[rows * _d], new double[rows], new double[rows]);
        (_proposals, _proposedPriors, _proposedLikelihoods) = (new double[rows * _d], new double[rows], new double[rows]);
        (_rejections, _attempts, _hasTouchedPosterior, _accepted) = (new double[_levels - 1], new long[_levels - 1], new bool[rows], new long[_n]);
        _history = [.. Enumerable.Range(0, rows).Select(_ => new List<double>())];

        // To begin with a geometric ladder over three decades, and the prior.
        Powers = [.. Enumerable.Range(0, _levels).Select(k => k == 0 ? 0 : Math.Pow(10, -3.0 * (_levels - 1 - k) / Math.Max(1, _levels - 2)))];
        Powers[^1] = 1;
        Array.Fill(state.LogDensities, double.NegativeInfinity);
        if (target.DrawPositive(_points, _logPriors, _logLikelihoods, _streams, out _))
        {
            Publish();
        }
    }

    public double[] Powers { get; private set; }

    public long RoundTrips { get; private set; }

    /// <summary>Since the warm-up ended; NaN where none was tried.</summary>
    public IReadOnlyList<double> SwapAcceptance => [.. _rejections.Select((r, k) => 1 - (r / _attempts[k]))];

    /// <summary>Along each ladder, since the warm-up ended.</summary>
    public double[][] LogLikelihoods(int level) => [.. Enumerable.Range(0, _n).Select(c => _history[(level * _n) + c].ToArray())];

    public SamplerStop? Step(bool isWarmup)
    {
        for (int m = 0; m < _options.Moves; m++)
        {
            Move(isWarmup);
        }

        Refresh();
        Swap((int)(_iterations % 2));
        _iterations++;
        if (isWarmup)
        {
            Learn();
        }
        else
        {
            for (int r = 0; r < _history.Length; r++)
            {
                _history[r].Add(_logLikelihoods[r]);
            }
        }

        Publish();
        return null;
    }

    public void EndWarmup()
    {
        (_steps, RoundTrips) = (0, 0);
        Array.Clear(_attempts);
        Array.Clear(_accepted);
        Array.Clear(_rejections);
        Array.Clear(_hasTouchedPosterior);
    }

    public TransitionReport Report() => new([.. _accepted.Select(a => (double)a / Math.Max(1, _steps))]);

    // The prior's own replicas are drawn afresh, so they are not moved.
    private void Move(bool isWarmup)
    {
        int first = _n, count = (_levels - 1) * _n;
        for (int r = first; r < first + count; r++)
        {
            _walks[r / _n].Propose(_points.AsSpan(r * _d, _d), _proposals.AsSpan((r - first) * _d, _d), _streams[r]);
        }

        _target.Evaluate(_proposals.AsSpan(0, count * _d), _proposedPriors.AsSpan(0, count), _proposedLikelihoods.AsSpan(0, count));
        double[] acceptance = new double[_levels];
        for (int r = first; r < first + count; r++)
        {
            int i = r - first, level = r / _n;
            double change = _proposedPriors[i] - _logPriors[r] + (Powers[level] * (_proposedLikelihoods[i] - _logLikelihoods[r]));
            acceptance[level] += Math.Min(1, Math.Exp(change)) / _n;
            if (-_streams[r].NextExponential() < change)
            {
                _proposals.AsSpan(i * _d, _d).CopyTo(_points.AsSpan(r * _d));
                (_logPriors[r], _logLikelihoods[r]) = (_proposedPriors[i], _proposedLikelihoods[i]);
                if (level == _levels - 1)
                {
                    _accepted[r % _n]++;
                }
            }
        }

        _steps++;
        for (int k = 1; isWarmup && k < _levels; k++)
        {
            _walks[k].TakeAcceptance(acceptance[k]);
        }
    }

    private void Refresh()
    {
        for (int c = 0; c < _n; c++)
        {
            _target.Draw(_proposals.AsSpan(c * _d, _d), _streams[c]);
            RoundTrips += _hasTouchedPosterior[c] ? 1 : 0;
            _hasTouchedPosterior[c] = false;
        }

        _proposals.AsSpan(0, _n * _d).CopyTo(_points);
        _target.Evaluate(_points.AsSpan(0, _n * _d), _logPriors.AsSpan(0, _n), _logLikelihoods.AsSpan(0, _n));
    }

    private void Swap(int parity)
    {
        for (int k = parity; k + 1 < _levels; k += 2)
        {
            _attempts[k] += _n;
            for (int c = 0; c < _n; c++)
            {
                int low = (k * _n) + c, high = low + _n;

                // A prior draw of likelihood 0 cannot go up.
                double change = (Powers[k + 1] - Powers[k]) * (_logLikelihoods[low] - _logLikelihoods[high]);
                _rejections[k] += 1 - Math.Min(1, Math.Exp(change));
                if (-_streams[high].NextExponential() < change)
                {
                    SwapRows(low, high);
                }
            }
        }

        for (int r = (_levels - 1) * _n; r < _levels * _n; r++)
        {
            _hasTouchedPosterior[r] = true;
        }
    }

    private void SwapRows(int a, int b)
    {
        for (int j = 0; j < _d; j++)
        {
            (_points[(a * _d) + j], _points[(b * _d) + j]) = (_points[(b * _d) + j], _points[(a * _d) + j]);
        }

        (_logPriors[a], _logPriors[b]) = (_logPriors[b], _logPriors[a]);
        (_logLikelihoods[a], _logLikelihoods[b]) = (_logLikelihoods[b], _logLikelihoods[a]);
        (_hasTouchedPosterior[a], _hasTouchedPosterior[b]) = (_hasTouchedPosterior[b], _hasTouchedPosterior[a]);
    }

    // Shapes and ladder are renewed after 32, 64, 128 and so on iterations, from the latest half of the past.
    private void Learn()
    {
        for (int r = _n; r < _streams.Length; r++)
        {
            _moments[r / _n].Add(_points.AsSpan(r * _d, _d));
        }

        if (_iterations < 32 || !long.IsPow2(_iterations))
        {
            return;
        }

        for (int k = 1; k < _levels; k++)
        {
            if (_moments[k].Count > 2 * _d)
            {
                _walks[k].TakeShape(_moments[k].Shrunk());
                _moments[k].Clear();
            }
        }

        Powers = Spread(Powers, [.. _rejections.Select((r, k) => r / _attempts[k])]);
        Array.Clear(_rejections);
        Array.Clear(_attempts);
    }

    // Levels at equal parts of the cumulated rejection, linear in the power in between.
    private static double[] Spread(double[] powers, double[] rejections)
    {
        int levels = powers.Length;
        double[] barrier = new double[levels], spread = [.. powers];
        for (int k = 1; k < levels; k++)
        {
            // A little for each gap, so that no two levels meet.
            barrier[k] = barrier[k - 1] + Math.Clamp(rejections[k - 1], 1e-3, 1);
        }

        int at = 0;
        for (int k = 1; k < levels - 1; k++)
        {
            double wanted = barrier[^1] * k / (levels - 1);
            while (barrier[at + 1] < wanted)
            {
                at++;
            }

            double share = (wanted - barrier[at]) / (barrier[at + 1] - barrier[at]);
            spread[k] = powers[at] + (share * (powers[at + 1] - powers[at]));
        }

        return spread;
    }

    private void Publish()
    {
        int first = (_levels - 1) * _n;
        _points.AsSpan(first * _d).CopyTo(_state.Points);
        for (int c = 0; c < _n; c++)
        {
            _state.LogDensities[c] = _logPriors[first + c] + _logLikelihoods[first + c];
        }
    }
}
