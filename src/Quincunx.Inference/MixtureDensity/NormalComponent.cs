namespace Quincunx.Inference.MixtureDensity;

/// <summary>A component of a mixture of normals.</summary>
/// <param name="Weight">In [0, 1]; those of a mixture add up to one.</param>
/// <param name="Mean">Shape <c>[d]</c>.</param>
/// <param name="Covariance">Shape <c>[d, d]</c>, row-major.</param>
public sealed record NormalComponent(double Weight, IReadOnlyList<double> Mean, IReadOnlyList<double> Covariance);
