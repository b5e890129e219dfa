using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>A distribution that is known by its draws alone: a prior that is itself a simulation, or draws of an earlier inference. It has no density to ask for.</summary>
/// <remarks>Enough for methods that learn from simulations and never evaluate the prior; those that do refuse it by <see cref="IDistribution.HasDensity"/>.</remarks>
public sealed class ImplicitDistribution : IDistribution
{
    private readonly Support[] _supports;
    private readonly ParameterSampler _sampler;

    /// <param name="supports">At least one, one a coordinate: intervals that no draw leaves. Posteriors are learned inside them.</param>
    /// <param name="sampler">A function of its stream alone, called from many threads at once.</param>
    /// <exception cref="ArgumentException">There is no support.</exception>
    public ImplicitDistribution(IReadOnlyList<Support> supports, ParameterSampler sampler)
    {
        ArgumentNullException.ThrowIfNull(supports);
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentOutOfRangeException.ThrowIfZero(supports.Count, nameof(supports));
        (_supports, _sampler) = ([.. supports], sampler);
    }

    public int Dimension => _supports.Length;

    public IReadOnlyList<Support> Supports => _supports;

    /// <summary>False.</summary>
    public bool HasDensity => false;

    /// <summary>There is none.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public double LogProb(ReadOnlySpan<double> x) => throw new NotSupportedException("This distribution is known by its draws alone and has no density.");

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The sampler drew a number that is outside the support or not finite.</exception>
    public void Sample(Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Require.Length(x.Length, Dimension, nameof(x));
        _sampler(x, rng);
        for (int i = 0; i < x.Length; i++)
        {
            if (!_supports[i].Contains(x[i]))
            {
                throw new InvalidOperationException($"Expected a draw in [{_supports[i].Lower:R}, {_supports[i].Upper:R}] for coordinate {i}, got {x[i]:R}.");
            }
        }
    }
}
