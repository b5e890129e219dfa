using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>An invertible map of rows, possibly different for each context.</summary>
/// <remarks>
/// <see cref="Forward"/> goes from data to noise and is what training differentiates. <see cref="Inverse"/> goes from noise to data, for
/// sampling; it need not be recorded. A context has as many rows as the input, or one row for all.
/// </remarks>
public interface IBijection : IModule
{
    /// <summary>Length of a row.</summary>
    int Dimension { get; }

    /// <param name="x">Shape <c>[n, Dimension]</c>.</param>
    /// <param name="context">Shape <c>[n, c]</c> or <c>[1, c]</c>; null for a map without context.</param>
    Transformed Forward(Tensor x, Tensor? context);

    /// <returns>The value with <c>Forward(value) = y</c>, and the log-determinant of the inverse map at y.</returns>
    Transformed Inverse(Tensor y, Tensor? context);
}
