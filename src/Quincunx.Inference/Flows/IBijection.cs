using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>An invertible map of columns, possibly different for each context.</summary>
/// <remarks>
/// <see cref="Forward"/> goes from data to noise and is what training differentiates. <see cref="Inverse"/> goes from noise to data, for
/// sampling; it need not be recorded. An example is a column, so that the numbers that are treated alike lie side by side. A context has as many
/// columns as the input, or one for all.
/// </remarks>
public interface IBijection : IModule
{
    /// <summary>Length of a column.</summary>
    int Dimension { get; }

    /// <param name="x">Shape <c>[Dimension, n]</c>.</param>
    /// <param name="context">Shape <c>[c, n]</c> or <c>[c, 1]</c>; null for a map without context.</param>
    Transformed Forward(Tensor x, Tensor? context);

    /// <returns>The value with <c>Forward(value) = y</c>, and the log-determinant of the inverse map at y.</returns>
    Transformed Inverse(Tensor y, Tensor? context);
}
