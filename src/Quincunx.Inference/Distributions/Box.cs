using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>Uniform on a box of any dimension; the faces count as inside.</summary>
public sealed class Box : IDistribution
{
    private readonly Uniform[] _sides;
    private readonly Support[] _supports;

    /// <param name="lower">Shape <c>[d]</c>, d at least 1.</param>
    /// <param name="upper">Shape <c>[d]</c>.</param>
    /// <exception cref="ArgumentException">Shapes differ or are empty, or a side is not finite with a positive width.</exception>
    public Box(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        if (lower.Length != upper.Length || lower.IsEmpty)
        {
            throw new ArgumentException($"Expected two equal, non-empty shapes, got [{lower.Length}] and [{upper.Length}].");
        }

        _sides = new Uniform[lower.Length];
        for (int i = 0; i < _sides.Length; i++)
        {
            _sides[i] = new Uniform(lower[i], upper[i]);
        }

        _supports = [.. _sides.Select(side => side.Support)];
    }

    public int Dimension => _sides.Length;

    public IReadOnlyList<Support> Supports => _supports;

    public double LogProb(ReadOnlySpan<double> x)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += _sides[i].LogProb(x[i]);
        }

        return sum;
    }

    public void Sample(Span<double> x, Rng rng)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = _sides[i].Sample(rng);
        }
    }
}
