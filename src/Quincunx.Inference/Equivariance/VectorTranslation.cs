using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Equivariance;

/// <summary>x → x + A g where some parameters are moved by g: models x = A theta_pose + what the other parameters and noise make.</summary>
public sealed class VectorTranslation : IPoseGroup
{
    private readonly int[] _pose;
    private readonly double[] _design;

    /// <param name="dimension">Number of parameters.</param>
    /// <param name="poseParameters">Those that are moved, distinct.</param>
    /// <param name="design">A, shape <c>[features, poses]</c>, row-major, finite.</param>
    /// <exception cref="ArgumentException">An index is out of range or occurs twice, or the design does not fit.</exception>
    public VectorTranslation(int dimension, IReadOnlyList<int> poseParameters, ReadOnlySpan<double> design)
    {
        ArgumentNullException.ThrowIfNull(poseParameters);
        if (poseParameters.Count == 0 || poseParameters.Distinct().Count() < poseParameters.Count || poseParameters.Any(i => i < 0 || i >= dimension))
        {
            throw new ArgumentException($"Expected distinct parameters below {dimension}, got [{string.Join(", ", poseParameters)}].", nameof(poseParameters));
        }

        if (design.IsEmpty || design.Length % poseParameters.Count != 0 || design.ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue))
        {
            throw new ArgumentException($"Expected finite numbers [features, {poseParameters.Count}], got {design.Length}.", nameof(design));
        }

        (Dimension, _pose, _design) = (dimension, [.. poseParameters], design.ToArray());
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int PoseDimension => _pose.Length;

    /// <inheritdoc/>
    public int Features => _design.Length / _pose.Length;

    /// <summary>False.</summary>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public IReadOnlyList<Support> PoseSupports(IReadOnlyList<Support> prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        return [.. _pose.Select(i => prior[i])];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Support> RelativeSupports(IReadOnlyList<Support> prior, IReadOnlyList<Support> kernel)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(kernel);
        Support[] relative = [.. prior];
        for (int j = 0; j < _pose.Length; j++)
        {
            relative[_pose[j]] = new Support(-kernel[j].Upper, -kernel[j].Lower);
        }

        return relative;
    }

    /// <inheritdoc/>
    public void PoseOf(ReadOnlySpan<double> theta, Span<double> pose)
    {
        for (int j = 0; j < _pose.Length; j++)
        {
            pose[j] = theta[_pose[j]];
        }
    }

    /// <inheritdoc/>
    public double Compose(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> product)
    {
        for (int j = 0; j < _pose.Length; j++)
        {
            product[j] = first[j] + second[j];
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Invert(ReadOnlySpan<double> pose, Span<double> inverse)
    {
        for (int j = 0; j < _pose.Length; j++)
        {
            inverse[j] = -pose[j];
        }
    }

    /// <inheritdoc/>
    public void Nearest(ReadOnlySpan<double> pose, Span<double> element) => pose.CopyTo(element);

    /// <inheritdoc/>
    public double MoveTheta(ReadOnlySpan<double> pose, ReadOnlySpan<double> theta, Span<double> moved)
    {
        theta.CopyTo(moved);
        for (int j = 0; j < _pose.Length; j++)
        {
            moved[_pose[j]] += pose[j];
        }

        return 0;
    }

    /// <inheritdoc/>
    public void MoveX(ReadOnlySpan<double> pose, ReadOnlySpan<double> x, Span<double> moved)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double sum = x[i];
            for (int j = 0; j < _pose.Length; j++)
            {
                sum += _design[(i * _pose.Length) + j] * pose[j];
            }

            moved[i] = sum;
        }
    }
}
