using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>Rows after a bijection, and how volumes changed.</summary>
/// <param name="Value">Shape <c>[n, d]</c>.</param>
/// <param name="LogDet">log |det d value / d input| of each row, shape <c>[n]</c>.</param>
public readonly record struct Transformed(Tensor Value, Tensor LogDet);
