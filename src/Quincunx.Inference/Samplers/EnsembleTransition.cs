using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

internal sealed class EnsembleTransition : ITransition
{
    private const double WholeDifferenceShare = 0.1, DifferenceNoise = 0.1;

    private readonly ChainState _state;
    private readonly CountedTarget _target;
    private readonly EnsembleOptions _options;
    private readonly double[] _proposals, _logDensities, _logFactors;
    private readonly long[] _accepted;
    private long _steps;

    public EnsembleTransition(ChainState state, CountedTarget target, EnsembleOptions options)
    {
        (_state, _target, _options) = (state, target, options);
        int half = state.Chains / 2;
        (_proposals, _logDensities, _logFactors, _accepted) = (new double[half * state.Dimension], new double[half], new double[half], new long[state.Chains]);
    }

    public SamplerStop? Step(bool isWarmup)
    {
        int half = _state.Chains / 2;
        Move(0, half, half);
        Move(half, 0, half);
        _steps++;
        return null;
    }

    public void EndWarmup()
    {
        _steps = 0;
        Array.Clear(_accepted);
    }

    public TransitionReport Report() => new([.. _accepted.Select(a => (double)a / Math.Max(1, _steps))]);

    // The walkers from `first` on move; those from `others` on stand still.
    private void Move(int first, int others, int count)
    {
        int d = _state.Dimension;
        for (int i = 0; i < count; i++)
        {
            Rng rng = _state.Streams[first + i];
            Span<double> proposal = _proposals.AsSpan(i * d, d);
            _logFactors[i] = rng.NextDouble() < _options.DifferentialShare
                ? ProposeDifference(_state.Point(first + i), proposal, others, count, rng)
                : ProposeStretch(_state.Point(first + i), proposal, others + rng.NextInt32(count), rng);
        }

        _target.Evaluate(_proposals, _logDensities);
        for (int i = 0; i < count; i++)
        {
            int c = first + i;
            if (-_state.Streams[c].NextExponential() < _logDensities[i] - _state.LogDensities[c] + _logFactors[i])
            {
                _proposals.AsSpan(i * d, d).CopyTo(_state.Point(c));
                _state.LogDensities[c] = _logDensities[i];
                _accepted[c]++;
            }
        }
    }

    // z has density ∝ 1 / √z on [1/a, a]; the volume along the line gives the factor z^(d - 1).
    private double ProposeStretch(ReadOnlySpan<double> point, Span<double> proposal, int other, Rng rng)
    {
        double a = _options.Stretch, root = 1 + ((a - 1) * rng.NextDouble()), z = root * root / a;
        ReadOnlySpan<double> anchor = _state.Point(other);
        for (int j = 0; j < proposal.Length; j++)
        {
            proposal[j] = anchor[j] + (z * (point[j] - anchor[j]));
        }

        return (proposal.Length - 1) * Math.Log(z);
    }

    // Symmetric: the two could as well have been drawn in the other order. The noise keeps walkers from moving on a lattice.
    private double ProposeDifference(ReadOnlySpan<double> point, Span<double> proposal, int others, int count, Rng rng)
    {
        int one = rng.NextInt32(count), two = rng.NextInt32(count - 1);
        two += two >= one ? 1 : 0;
        double size = rng.NextDouble() < WholeDifferenceShare ? 1 : 2.38 / Math.Sqrt(2 * proposal.Length);
        size *= 1 + (DifferenceNoise * rng.NextNormal());
        ReadOnlySpan<double> a = _state.Point(others + one), b = _state.Point(others + two);
        for (int j = 0; j < proposal.Length; j++)
        {
            proposal[j] = point[j] + (size * (a[j] - b[j]));
        }

        return 0;
    }
}
