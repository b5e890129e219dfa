using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>A weighted mixture of distributions of equal dimension.</summary>
/// <remarks>
/// The support is, a coordinate at a time, the smallest interval that holds those of all components with positive weight; between components
/// the density may be zero.
/// </remarks>
public sealed class Mixture : IDistribution
{
    private readonly IDistribution[] _components;
    private readonly double[] _weights, _logWeights;
    private readonly Support[] _supports;

    /// <param name="weights">Shape <c>[components.Count]</c>; at least 0, divided by their sum.</param>
    /// <param name="components">At least one, all of one dimension; a coordinate is discrete in all or in none.</param>
    /// <exception cref="ArgumentException">Counts, dimensions or kinds differ, or the weights have no positive, finite sum.</exception>
    public Mixture(ReadOnlySpan<double> weights, params IReadOnlyList<IDistribution> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        if (weights.Length != components.Count || components.Count == 0)
        {
            throw new ArgumentException($"Expected one weight for each of at least one component, got {weights.Length} for {components.Count}.");
        }

        _components = [.. components];
        _weights = MixtureWeights.Normalised(weights);
        _logWeights = [.. _weights.Select(w => Math.Log(w))];
        int dimension = components[0].Dimension;
        if (components.FirstOrDefault(c => c.Dimension != dimension) is { } other)
        {
            throw new ArgumentException($"Expected components of one dimension, got {dimension} and {other.Dimension}.", nameof(components));
        }

        _supports = [.. Enumerable.Range(0, dimension).Select(Hull)];
    }

    public int Dimension => _supports.Length;

    public IReadOnlyList<Support> Supports => _supports;

    /// <summary>Whether all components have one.</summary>
    public bool HasDensity => Array.TrueForAll(_components, c => c.HasDensity);

    public IReadOnlyList<IDistribution> Components => _components;

    /// <summary>Shape <c>[Components.Count]</c>; sums to 1.</summary>
    public IReadOnlyList<double> Weights => _weights;

    public double LogProb(ReadOnlySpan<double> x)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        Span<double> terms = _components.Length <= 64 ? stackalloc double[_components.Length] : new double[_components.Length];
        for (int i = 0; i < terms.Length; i++)
        {
            terms[i] = _logWeights[i] + _components[i].LogProb(x);
        }

        return SpecialFunctions.LogSumExp(terms);
    }

    public void Sample(Span<double> x, Rng rng)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        ArgumentNullException.ThrowIfNull(rng);
        _components[rng.NextCategorical(_weights)].Sample(x, rng);
    }

    private Support Hull(int coordinate)
    {
        Support[] parts = [.. _components.Where((_, i) => _weights[i] > 0).Select(c => c.Supports[coordinate])];
        if (parts.Any(s => s.Discrete != parts[0].Discrete))
        {
            throw new ArgumentException($"Coordinate {coordinate} is discrete in some components and continuous in others.");
        }

        return new Support(parts.Min(s => s.Lower), parts.Max(s => s.Upper), parts[0].Discrete);
    }
}
