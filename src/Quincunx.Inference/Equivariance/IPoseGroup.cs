using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Equivariance;

/// <summary>Transformations that move parameters and data together, and the pose: the element of the group that parameters stand for.</summary>
/// <remarks>
/// Elements have p coordinates of which all zero are the identity. What has to hold: <c>PoseOf(g theta) = g ∘ PoseOf(theta)</c>, <c>g (h theta) = (g ∘ h) theta</c>, and that data move likewise, <c>p(g x | g theta) dgx = p(x | theta) dx</c>, exactly or
/// nearly. All arrays are row-major; each method takes one element and one row; inputs and outputs do not overlap. Called from many threads at once.
/// </remarks>
public interface IPoseGroup
{
    /// <summary>Number of parameters d.</summary>
    int Dimension { get; }

    /// <summary>Coordinates of an element, p.</summary>
    int PoseDimension { get; }

    /// <summary>Length of an observation, k.</summary>
    int Features { get; }

    /// <summary>Whether only a discrete subgroup acts on data, as whole samples do on a signal; <see cref="Nearest"/> is the identity otherwise.</summary>
    bool IsDiscrete { get; }

    /// <summary>Intervals of a pose's coordinates.</summary>
    /// <param name="prior">Of the parameters, <c>[d]</c>.</param>
    IReadOnlyList<Support> PoseSupports(IReadOnlyList<Support> prior);

    /// <summary>Intervals of the parameters as seen from a blurred pose: those of <c>s⁻¹ theta</c>, s the element nearest to <c>PoseOf(theta) ∘ ε</c>.</summary>
    /// <param name="prior">Of the parameters, <c>[d]</c>.</param>
    /// <param name="kernel">Of ε, <c>[p]</c>.</param>
    IReadOnlyList<Support> RelativeSupports(IReadOnlyList<Support> prior, IReadOnlyList<Support> kernel);

    /// <param name="theta">Shape <c>[d]</c>.</param>
    /// <param name="pose">Shape <c>[p]</c>, overwritten.</param>
    void PoseOf(ReadOnlySpan<double> theta, Span<double> pose);

    /// <summary>first ∘ second: second acts first.</summary>
    /// <returns>log |det ∂(product) / ∂(second)|.</returns>
    double Compose(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> product);

    /// <summary>The inverse element.</summary>
    void Invert(ReadOnlySpan<double> pose, Span<double> inverse);

    /// <summary>The element that acts on data where this one is meant.</summary>
    void Nearest(ReadOnlySpan<double> pose, Span<double> element);

    /// <summary>g theta.</summary>
    /// <returns>log |det ∂(g theta) / ∂ theta|.</returns>
    double MoveTheta(ReadOnlySpan<double> pose, ReadOnlySpan<double> theta, Span<double> moved);

    /// <summary>g x.</summary>
    /// <param name="pose">An element that acts on data.</param>
    /// <param name="x">Shape <c>[k]</c>.</param>
    /// <param name="moved">Shape <c>[k]</c>, overwritten.</param>
    void MoveX(ReadOnlySpan<double> pose, ReadOnlySpan<double> x, Span<double> moved);
}
