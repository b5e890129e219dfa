using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Equivariance;

/// <summary>x → s x of every number of an observation, where a parameter is their scale.</summary>
/// <remarks>One coordinate: log s. The symmetry is exact for priors that are a power of the scale, cut off or not: a factor that depends on the element alone cancels in the posterior.</remarks>
public sealed class Scaling : IPoseGroup
{
    private readonly int _scale;

    /// <param name="dimension">Number of parameters.</param>
    /// <param name="scale">Which of them is the scale, positive.</param>
    /// <param name="features">Length of an observation.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public Scaling(int dimension, int scale, int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(scale, dimension);
        (Dimension, _scale, Features) = (dimension, scale, features);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int PoseDimension => 1;

    /// <inheritdoc/>
    public int Features { get; }

    /// <summary>False.</summary>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public IReadOnlyList<Support> PoseSupports(IReadOnlyList<Support> prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        Support scale = prior[_scale];
        return scale.Lower < 0
            ? throw new ArgumentException($"Expected a prior of positive scales, got one on [{scale.Lower}, {scale.Upper}].", nameof(prior))
            : [new Support(Math.Log(scale.Lower), Math.Log(scale.Upper))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Support> RelativeSupports(IReadOnlyList<Support> prior, IReadOnlyList<Support> kernel)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(kernel);
        Support[] relative = [.. prior];
        relative[_scale] = new Support(Math.Exp(-kernel[0].Upper), Math.Exp(-kernel[0].Lower));
        return relative;
    }

    /// <inheritdoc/>
    public void PoseOf(ReadOnlySpan<double> theta, Span<double> pose) => pose[0] = Math.Log(theta[_scale]);

    /// <inheritdoc/>
    public double Compose(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> product)
    {
        product[0] = first[0] + second[0];
        return 0;
    }

    /// <inheritdoc/>
    public void Invert(ReadOnlySpan<double> pose, Span<double> inverse) => inverse[0] = -pose[0];

    /// <inheritdoc/>
    public void Nearest(ReadOnlySpan<double> pose, Span<double> element) => element[0] = pose[0];

    /// <inheritdoc/>
    public double MoveTheta(ReadOnlySpan<double> pose, ReadOnlySpan<double> theta, Span<double> moved)
    {
        theta.CopyTo(moved);
        moved[_scale] *= Math.Exp(pose[0]);
        return pose[0];
    }

    /// <inheritdoc/>
    public void MoveX(ReadOnlySpan<double> pose, ReadOnlySpan<double> x, Span<double> moved)
    {
        double s = Math.Exp(pose[0]);
        for (int i = 0; i < x.Length; i++)
        {
            moved[i] = s * x[i];
        }
    }
}
