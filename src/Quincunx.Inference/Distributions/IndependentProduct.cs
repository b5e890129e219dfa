using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>Independent named parts, one after the other: the usual prior over a simulator's parameters.</summary>
public sealed class IndependentProduct : IDistribution
{
    private readonly (string Name, IDistribution Distribution)[] _parts;
    private readonly string[] _names;
    private readonly Support[] _supports;

    /// <param name="parts">In the order of the coordinates; a part of dimension above 1 takes that many in a row.</param>
    /// <exception cref="ArgumentException">There are no parts, or a name is blank or occurs twice.</exception>
    public IndependentProduct(params IReadOnlyList<(string Name, IDistribution Distribution)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw new ArgumentException("Expected at least one part.", nameof(parts));
        }

        foreach ((string name, IDistribution distribution) in parts)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof(parts));
            ArgumentNullException.ThrowIfNull(distribution, nameof(parts));
        }

        _parts = [.. parts];
        _names = [.. parts.SelectMany(p => p.Distribution.Dimension == 1
            ? [p.Name]
            : Enumerable.Range(0, p.Distribution.Dimension).Select(i => $"{p.Name}[{i}]"))];
        _supports = [.. parts.SelectMany(p => p.Distribution.Supports)];
        if (_names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Expected distinct names, got '{twice.Key}' {twice.Count()} times.", nameof(parts));
        }
    }

    public int Dimension => _supports.Length;

    public IReadOnlyList<Support> Supports => _supports;

    /// <summary>Whether all parts have one.</summary>
    public bool HasDensity => Array.TrueForAll(_parts, p => p.Distribution.HasDensity);

    /// <summary>One name a coordinate; those of a part <c>a</c> of dimension 2 are <c>a[0]</c> and <c>a[1]</c>.</summary>
    public IReadOnlyList<string> Names => _names;

    public IReadOnlyList<(string Name, IDistribution Distribution)> Parts => _parts;

    public double LogProb(ReadOnlySpan<double> x)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        double sum = 0;
        foreach ((_, IDistribution part) in _parts)
        {
            sum += part.LogProb(x[..part.Dimension]);
            x = x[part.Dimension..];
        }

        return sum;
    }

    public void Sample(Span<double> x, Rng rng)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        foreach ((_, IDistribution part) in _parts)
        {
            part.Sample(x[..part.Dimension], rng);
            x = x[part.Dimension..];
        }
    }
}
