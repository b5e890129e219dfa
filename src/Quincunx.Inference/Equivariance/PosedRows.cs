using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Equivariance;

/// <summary>What the network sees of an observation at a blurred pose: the data moved back, and what of the pose it has to know.</summary>
/// <remarks>With s the nearest element that acts on data: s⁻¹ x, then s⁻¹ ∘ ĝ if the group is discrete (what moving by s leaves), then ĝ if the symmetry is approximate.</remarks>
internal sealed class PosedRows(IPoseGroup group, PoseSymmetry symmetry)
{
    public int Dimension => group.Dimension;

    public int PoseDimension => group.PoseDimension;

    public int Features => group.Features;

    /// <summary>Numbers that the network sees.</summary>
    public int Context => Features + (group.IsDiscrete ? PoseDimension : 0) + (symmetry == PoseSymmetry.Approximate ? PoseDimension : 0);

    /// <param name="pose">ĝ, shape <c>[p]</c>.</param>
    /// <param name="x">Shape <c>[k]</c>.</param>
    /// <param name="context">Shape <c>[<see cref="Context"/>]</c>, overwritten.</param>
    /// <param name="element">s, shape <c>[p]</c>, overwritten.</param>
    /// <param name="inverse">s⁻¹, shape <c>[p]</c>, overwritten.</param>
    public void Standardise(ReadOnlySpan<double> pose, ReadOnlySpan<double> x, Span<double> context, Span<double> element, Span<double> inverse)
    {
        group.Nearest(pose, element);
        group.Invert(element, inverse);
        group.MoveX(inverse, x, context[..Features]);
        Span<double> rest = context[Features..];
        if (group.IsDiscrete)
        {
            group.Compose(inverse, pose, rest[..PoseDimension]);
            rest = rest[PoseDimension..];
        }

        if (symmetry == PoseSymmetry.Approximate)
        {
            pose.CopyTo(rest);
        }
    }

    /// <summary>Intervals of the parameters as the network has them.</summary>
    /// <remarks>Those of the group, wider by a rounding error where they are bounded by the kernel: theta is moved to the blurred pose and back.</remarks>
    public IReadOnlyList<Support> RelativeSupports(IReadOnlyList<Support> prior, IReadOnlyList<Support> kernel) =>
    [
        .. group.RelativeSupports(prior, kernel).Select((s, i) => s == prior[i] || !double.IsFinite(s.Upper - s.Lower)
            ? s
            : new Support(s.Lower - (1e-9 * (s.Upper - s.Lower)), s.Upper + (1e-9 * (s.Upper - s.Lower)))),
    ];
}
