using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>A network that gives dx/dt directly: what a <see cref="HamiltonianNetwork"/> is compared with. Nothing is conserved.</summary>
public sealed class DirectNetwork : IFieldNetwork
{
    private readonly TanhNetwork _field;
    private readonly int _coordinates;

    /// <param name="degrees">n, the number of positions.</param>
    /// <param name="width">Of each of the two hidden layers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public DirectNetwork(int degrees, int width, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degrees);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(rng);
        _coordinates = 2 * degrees;
        _field = new TanhNetwork(_coordinates, width, _coordinates, rng, dtype);
    }

    /// <inheritdoc/>
    public Tensor Field(Tensor x, bool differentiable)
    {
        ShapeException.ThrowUnless(x, _coordinates, -1);
        Tensor slope = _field.ForwardColumns(x);
        return differentiable ? slope : slope.Detach();
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("field", _field);
    }
}
