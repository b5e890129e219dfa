using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A family of increasing maps of the real line, one member chosen for each element by raw network outputs.</summary>
/// <remarks>The raw parameters of element i are rows <c>i · ParametersPerElement</c> and on. All zeros choose the identity.</remarks>
public interface IElementwiseTransform
{
    /// <summary>Raw parameters an element.</summary>
    int ParametersPerElement { get; }

    /// <param name="x">Shape <c>[d, n]</c>.</param>
    /// <param name="raw">Shape <c>[d · ParametersPerElement, n]</c>.</param>
    Transformed Forward(Tensor x, Tensor raw);

    /// <summary>The inverse map with its own log-determinant; not necessarily recorded.</summary>
    Transformed Inverse(Tensor y, Tensor raw);
}
