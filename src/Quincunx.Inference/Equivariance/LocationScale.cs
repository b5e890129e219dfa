using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Equivariance;

/// <summary>x → s x + t of every number of an observation, where a parameter is their location and another their scale.</summary>
/// <remarks>Coordinates: log s and t. The symmetry is exact for priors that are flat in the location and a power of the scale, cut off or not: a factor that depends on the element alone cancels in the posterior.</remarks>
public sealed class LocationScale : IPoseGroup
{
    private readonly int _location, _scale;

    /// <param name="dimension">Number of parameters.</param>
    /// <param name="location">Which is the location.</param>
    /// <param name="scale">Which is the scale, positive.</param>
    /// <param name="features">Length of an observation.</param>
    /// <exception cref="ArgumentException">An index is out of range, or both are one.</exception>
    public LocationScale(int dimension, int location, int scale, int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (location < 0 || location >= dimension || scale < 0 || scale >= dimension || location == scale)
        {
            throw new ArgumentException($"Expected two parameters below {dimension}, got {location} and {scale}.", nameof(scale));
        }

        (Dimension, _location, _scale, Features) = (dimension, location, scale, features);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int PoseDimension => 2;

    /// <inheritdoc/>
    public int Features { get; }

    /// <summary>False.</summary>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public IReadOnlyList<Support> PoseSupports(IReadOnlyList<Support> prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        Support scale = prior[_scale];
        if (scale.Lower < 0)
        {
            throw new ArgumentException($"Expected a prior of positive scales, got one on [{scale.Lower}, {scale.Upper}].", nameof(prior));
        }

        return [new Support(Math.Log(scale.Lower), Math.Log(scale.Upper)), prior[_location]];
    }

    /// <inheritdoc/>
    /// <remarks>With ε = (a, b) the scale becomes e^(−a) and the location −b e^(−a).</remarks>
    public IReadOnlyList<Support> RelativeSupports(IReadOnlyList<Support> prior, IReadOnlyList<Support> kernel)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(kernel);
        Support[] relative = [.. prior];
        double least = Math.Exp(-kernel[0].Upper), most = Math.Exp(-kernel[0].Lower), lower = -kernel[1].Upper, upper = -kernel[1].Lower;
        relative[_scale] = new Support(least, most);

        // Not 0 × ∞: a kernel that is bounded in one coordinate alone.
        relative[_location] = double.IsFinite(most) && double.IsFinite(lower) && double.IsFinite(upper)
            ? new Support(lower * (lower < 0 ? most : least), upper * (upper > 0 ? most : least))
            : Support.Real;
        return relative;
    }

    /// <inheritdoc/>
    public void PoseOf(ReadOnlySpan<double> theta, Span<double> pose) => (pose[0], pose[1]) = (Math.Log(theta[_scale]), theta[_location]);

    /// <inheritdoc/>
    public double Compose(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> product)
    {
        (product[0], product[1]) = (first[0] + second[0], (Math.Exp(first[0]) * second[1]) + first[1]);
        return first[0];
    }

    /// <inheritdoc/>
    public void Invert(ReadOnlySpan<double> pose, Span<double> inverse) => (inverse[0], inverse[1]) = (-pose[0], -pose[1] * Math.Exp(-pose[0]));

    /// <inheritdoc/>
    public void Nearest(ReadOnlySpan<double> pose, Span<double> element) => pose.CopyTo(element);

    /// <inheritdoc/>
    public double MoveTheta(ReadOnlySpan<double> pose, ReadOnlySpan<double> theta, Span<double> moved)
    {
        theta.CopyTo(moved);
        double s = Math.Exp(pose[0]);
        (moved[_location], moved[_scale]) = ((s * theta[_location]) + pose[1], s * theta[_scale]);
        return 2 * pose[0];
    }

    /// <inheritdoc/>
    public void MoveX(ReadOnlySpan<double> pose, ReadOnlySpan<double> x, Span<double> moved)
    {
        double s = Math.Exp(pose[0]);
        for (int i = 0; i < x.Length; i++)
        {
            moved[i] = (s * x[i]) + pose[1];
        }
    }
}
