using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>y = L U x + b with unit lower L and upper U, so that the determinant is the product of U's diagonal.</summary>
/// <remarks>Starts at the identity. The diagonal is kept positive by softplus (Oliva et al. 2018, arXiv:1801.09819; Kingma and Dhariwal 2018, arXiv:1807.03039).</remarks>
public sealed class LuLinear : IBijection
{
    private const double SmallestDiagonal = 1e-3;
    private readonly Parameter _lower, _upper, _diagonal, _bias;
    private readonly Tensor _one;

    public LuLinear(int dimension, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        var square = new Shape(dimension, dimension);
        _lower = new Parameter(Tensor.Zeros(square, dtype));
        _upper = new Parameter(Tensor.Zeros(square, dtype));
        _diagonal = new Parameter(Tensor.Full(new Shape(dimension), Math.Log(Math.Exp(1 - SmallestDiagonal) - 1), dtype));
        _bias = new Parameter(Tensor.Zeros(new Shape(dimension), dtype));
        _one = new Parameter(Tensor.Eye(dimension, dtype), isTrained: false).Value;
    }

    public int Dimension => _diagonal.Count;

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor? context)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        (Tensor lower, Tensor upper, Tensor diagonal) = Factors();
        Tensor y = Tensor.LinearColumns(lower, Tensor.LinearColumns(upper, x), _bias.Value);
        return new Transformed(y, Tensor.Log(diagonal).Sum().BroadcastTo(new Shape(x.Shape[1])));
    }

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor? context)
    {
        ShapeException.ThrowUnless(y, Dimension, -1);
        (Tensor lower, Tensor upper, Tensor diagonal) = Factors();
        Tensor lowered = Tensor.SolveTriangular(lower, y - _bias.Value.Reshape(Dimension, 1));
        Tensor x = Tensor.SolveTriangular(upper, lowered, upper: true);
        return new Transformed(x, -Tensor.Log(diagonal).Sum().BroadcastTo(new Shape(y.Shape[1])));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("lower", _lower);
        tree.Add("upper", _upper);
        tree.Add("diagonal", _diagonal);
        tree.Add("bias", _bias);
    }

    private (Tensor Lower, Tensor Upper, Tensor Diagonal) Factors()
    {
        Tensor diagonal = Tensor.Softplus(_diagonal.Value) + SmallestDiagonal;
        return (_lower.Value.Tril(-1) + _one, _upper.Value.Triu(1) + diagonal.ToDiagonal(), diagonal);
    }
}
