using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>Examples after a bijection, and how volumes changed.</summary>
/// <param name="Value">The shape of the input: <c>[d, n]</c> for a bijection, <c>[n, d]</c> for a whole <see cref="Flow"/>.</param>
/// <param name="LogDet">log |det d value / d input| of each example, shape <c>[n]</c>.</param>
public readonly record struct Transformed(Tensor Value, Tensor LogDet)
{
    /// <summary>What an elementwise transform's operation gives: the values, and in the last row the log-determinant but for its sign.</summary>
    internal static Transformed FromRows(Tensor rows, int sign)
    {
        int d = rows.Shape[0] - 1;
        Tensor logDet = rows.At(0, d);
        return new Transformed(rows.Slice(0, 0, d), sign == 1 ? logDet : -logDet);
    }
}
