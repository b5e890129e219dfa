using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Equivariance;

/// <summary>A likelihood of parameters that are followed by a blurred pose, on which it does not depend.</summary>
public sealed class PosedLikelihood : ILikelihood
{
    private readonly ILikelihood _likelihood;
    private readonly int _dimension;

    /// <param name="dimension">Number of parameters without the pose.</param>
    public PosedLikelihood(ILikelihood likelihood, int dimension)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        (_likelihood, _dimension) = (likelihood, dimension);
    }

    /// <inheritdoc/>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x) => _likelihood.LogLikelihood(theta[.._dimension], x);
}
