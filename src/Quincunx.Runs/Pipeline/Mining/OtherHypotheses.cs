using Quincunx.Numerics.Random;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline.Methods;

namespace Quincunx.Runs.Pipeline.Mining;

/// <summary>The parameters that each event of a round is weighed against.</summary>
/// <remarks>Own and other parameters of an event have the same joint law when they change places, which the losses of Carl and Alice ask for: both are draws of the round's law, or one of them is the reference.</remarks>
internal sealed class OtherHypotheses
{
    private readonly EventLaw _law;
    private readonly double[]? _reference;
    private readonly int[] _others = [];                // rows of the law that are not the reference
    private readonly int _dimension;

    /// <param name="law">Of the round; with a reference, half of its draws are that.</param>
    /// <param name="reference">Null for the two-parameter form.</param>
    public OtherHypotheses(EventLaw law, int dimension, double[]? reference)
    {
        (_law, _dimension, _reference) = (law, dimension, reference);
        if (law.Rows is { } rows)
        {
            int[] all = [.. Enumerable.Range(0, rows.Length / dimension)];
            int[] elsewhere = [.. all.Where(i => !IsReference(rows.AsSpan(i * dimension, dimension)))];
            _others = elsewhere.Length > 0 ? elsewhere : all;
        }
    }

    /// <param name="theta">What the event is drawn at.</param>
    /// <param name="other">Overwritten.</param>
    /// <param name="rng">Of this alone.</param>
    public void Draw(ReadOnlySpan<double> theta, Span<double> other, Rng rng)
    {
        if (_reference is not null && !IsReference(theta))
        {
            _reference.CopyTo(other);
        }
        else if (_law.Rows is { } rows)
        {
            int row = _others[(int)(rng.NextDouble() * _others.Length)];
            rows.AsSpan(row * _dimension, _dimension).CopyTo(other);
        }
        else
        {
            (_law.Prior is ReferenceLaw halves ? halves.Others : _law.Prior!).Sample(other, rng);
        }
    }

    private bool IsReference(ReadOnlySpan<double> theta) => _reference is not null && theta.SequenceEqual(_reference);
}
