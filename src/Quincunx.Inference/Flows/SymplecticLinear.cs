using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A linear canonical transformation of positions and momenta: y = M x with Mᵀ J M = J, J = [0 1; -1 0]. The determinant is 1.</summary>
/// <remarks>
/// A column holds the positions q, then the momenta p. M is a product of shears, q ← q + S p and p ← p + S q in turn with symmetric S: each is symplectic whatever S, is
/// undone by its opposite, and costs one product of half the side. Five of them reach every symplectic matrix, and fewer do not (Jin, Lin and Xiao 2021, arXiv:2108.00223); as
/// layers of networks: Jin et al. 2020 (SympNets, arXiv:2001.03750). Starts at the identity. The exponential of one Hamiltonian matrix
/// would miss some: diag(-2, -1/2) is none.
/// </remarks>
public sealed class SymplecticLinear : IBijection
{
    /// <summary>As many as reach every symplectic matrix.</summary>
    private const int EnoughShears = 5;

    private readonly Parameter _shears;

    /// <param name="dimension">Positions and momenta together; even.</param>
    /// <param name="shears">Number of factors; the first changes the positions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is not positive.</exception>
    /// <exception cref="ArgumentException">The dimension is odd.</exception>
    public SymplecticLinear(int dimension, int shears = EnoughShears, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shears);
        if (int.IsOddInteger(dimension))
        {
            throw new ArgumentException($"Expected as many momenta as positions, got dimension {dimension}.", nameof(dimension));
        }

        _shears = new Parameter(Tensor.Zeros(new Shape(shears, dimension / 2, dimension / 2), dtype));
    }

    public int Dimension => 2 * _shears.Shape[1];

    /// <summary>M, shape <c>[Dimension, Dimension]</c>; differentiable.</summary>
    public Tensor Matrix() => Apply(Tensor.Eye(Dimension, _shears.DType), inverse: false);

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor? context) => Mapped(x, inverse: false);

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor? context) => Mapped(y, inverse: true);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("shears", _shears);
    }

    private Transformed Mapped(Tensor x, bool inverse)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        return new Transformed(Apply(x, inverse), Tensor.Zeros(new Shape(x.Shape[1]), x.DType));
    }

    private Tensor Apply(Tensor x, bool inverse)
    {
        int half = Dimension / 2, count = _shears.Shape[0];
        Tensor symmetric = _shears.Value + _shears.Value.MatrixTranspose();
        symmetric = inverse ? -symmetric : symmetric;
        Tensor q = x.Slice(0, 0, half), p = x.Slice(0, half, half);
        for (int i = 0; i < count; i++)
        {
            int factor = inverse ? count - 1 - i : i;
            Tensor shear = symmetric.At(0, factor);
            if (int.IsEvenInteger(factor))
            {
                q = Tensor.LinearColumns(shear, p, residual: q);
            }
            else
            {
                p = Tensor.LinearColumns(shear, q, residual: p);
            }
        }

        return Tensor.Concat([q, p], axis: 0);
    }
}
