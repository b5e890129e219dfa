using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>Parameters of a prior followed by their blurred pose: p(theta) p(ĝ | theta), the prior beside which <see cref="EquivariantPosterior.Joint"/> is weighted.</summary>
public sealed class PosedPrior : IDistribution
{
    private readonly IDistribution _prior;
    private readonly PoseKernel _kernel;

    /// <param name="kernel">Law of the blur.</param>
    /// <exception cref="ArgumentException">Dimensions do not fit.</exception>
    public PosedPrior(IDistribution prior, IPoseGroup group, IDistribution kernel)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(kernel);
        Require.Length(prior.Dimension, group.Dimension, nameof(prior));
        Require.Length(kernel.Dimension, group.PoseDimension, nameof(kernel));
        (_prior, _kernel) = (prior, new PoseKernel(group, kernel));
        Supports = [.. prior.Supports, .. Enumerable.Repeat(Support.Real, group.PoseDimension)];
    }

    /// <inheritdoc/>
    public int Dimension => Supports.Count;

    /// <summary>Those of the prior, then the real line for each coordinate of the pose.</summary>
    public IReadOnlyList<Support> Supports { get; }

    /// <inheritdoc/>
    public bool HasDensity => _prior.HasDensity;

    /// <inheritdoc/>
    public double LogProb(ReadOnlySpan<double> x)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        ReadOnlySpan<double> theta = x[.._prior.Dimension];
        double log = _prior.LogProb(theta);

        // Parameters outside the prior may have no pose.
        return double.IsFinite(log) ? log + _kernel.LogProb(theta, x[_prior.Dimension..]) : log;
    }

    /// <inheritdoc/>
    public void Sample(Span<double> x, Rng rng)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        _prior.Sample(x[.._prior.Dimension], rng);
        _kernel.Blur(x[.._prior.Dimension], x[_prior.Dimension..], rng);
    }
}
