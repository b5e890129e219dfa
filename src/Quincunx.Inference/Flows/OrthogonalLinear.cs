using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>y = Q x with an orthogonal Q: lengths, angles and volumes stay.</summary>
/// <remarks>
/// <para>
/// Q = Q₀ exp(A - Aᵀ). Q₀ is fixed and drawn from the Haar measure, the one law that no rotation changes (<see cref="Initialiser.Orthogonal"/>; Mezzadri 2007,
/// arXiv:math-ph/0609050); A is trained and starts at zero. The exponentials of skew matrices are all the rotations (Lezcano-Casado and Martínez-Rubio 2019,
/// arXiv:1901.08428), so training reaches every matrix whose determinant has the sign of that of Q₀, and no other.
/// </para>
/// <para>An evaluation costs an exponential of the matrix beside the product: some fifteen products of its side. Layers far wider than their batch want another parametrisation.</para>
/// </remarks>
public sealed class OrthogonalLinear : IBijection
{
    private readonly Parameter _start, _skew;

    /// <param name="rng">Where Q₀ comes from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is not positive.</exception>
    public OrthogonalLinear(int dimension, Rng rng, DType dtype = DType.Float32)
    {
        _start = new Parameter(Initialiser.Orthogonal.Draw(dimension, dimension, rng, dtype), isTrained: false);
        _skew = new Parameter(Tensor.Zeros(new Shape(dimension, dimension), dtype));
    }

    public int Dimension => _start.Shape[0];

    /// <summary>Q, shape <c>[Dimension, Dimension]</c>; differentiable.</summary>
    public Tensor Matrix() => Tensor.MatMul(_start.Value, Tensor.MatrixExponential(_skew.Value - _skew.Value.MatrixTranspose()));

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor? context)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        return new Transformed(Tensor.LinearColumns(Matrix(), x), Tensor.Zeros(new Shape(x.Shape[1]), x.DType));
    }

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor? context)
    {
        ShapeException.ThrowUnless(y, Dimension, -1);
        return new Transformed(Tensor.MatMul(Matrix(), y, transposeA: true), Tensor.Zeros(new Shape(y.Shape[1]), y.DType));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("start", _start);
        tree.Add("skew", _skew);
    }
}
