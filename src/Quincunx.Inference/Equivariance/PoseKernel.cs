using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>The blur of poses: ĝ = g ∘ ε with the pose g of theta.</summary>
internal sealed class PoseKernel(IPoseGroup group, IDistribution kernel)
{
    public IPoseGroup Group => group;

    /// <param name="theta">Shape <c>[d]</c>.</param>
    /// <param name="blurred">Shape <c>[p]</c>, overwritten.</param>
    public void Blur(ReadOnlySpan<double> theta, Span<double> blurred, Rng rng)
    {
        Span<double> pose = stackalloc double[group.PoseDimension];
        group.PoseOf(theta, pose);
        BlurPose(pose, blurred, rng);
    }

    public void BlurPose(ReadOnlySpan<double> pose, Span<double> blurred, Rng rng)
    {
        Span<double> noise = stackalloc double[group.PoseDimension];
        kernel.Sample(noise, rng);
        group.Compose(pose, noise, blurred);
    }

    /// <summary>log p(ĝ | theta), a density in the coordinates of ĝ.</summary>
    public double LogProb(ReadOnlySpan<double> theta, ReadOnlySpan<double> blurred)
    {
        Span<double> pose = stackalloc double[group.PoseDimension], inverse = stackalloc double[group.PoseDimension], noise = stackalloc double[group.PoseDimension];
        group.PoseOf(theta, pose);
        group.Invert(pose, inverse);
        double slope = group.Compose(inverse, blurred, noise);
        return kernel.LogProb(noise) + slope;
    }
}
