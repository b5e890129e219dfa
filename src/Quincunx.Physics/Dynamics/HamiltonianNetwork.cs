using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>A network H(x) whose field is Hamilton's: dq/dt = ∂H/∂p, dp/dt = -∂H/∂q. Whatever it has learned, its own trajectories conserve H.</summary>
/// <remarks>Greydanus, Dzamba and Yosinski 2019, arXiv:1906.01563. Training it differentiates the field, which is a gradient itself, in the weights.</remarks>
public sealed class HamiltonianNetwork : IFieldNetwork
{
    private readonly TanhNetwork _energy;

    /// <param name="degrees">n, the number of positions.</param>
    /// <param name="width">Of each of the two hidden layers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public HamiltonianNetwork(int degrees, int width, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degrees);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(rng);
        Degrees = degrees;
        _energy = new TanhNetwork(2 * degrees, width, 1, rng, dtype);
    }

    /// <summary>n, the number of positions.</summary>
    public int Degrees { get; }

    /// <summary>H of each column, up to a constant.</summary>
    /// <param name="x">Shape <c>[2 n, batch]</c>: positions above momenta.</param>
    /// <returns>Shape <c>[batch]</c>.</returns>
    /// <exception cref="ShapeException"><paramref name="x"/> has another rank or first axis.</exception>
    public Tensor Energy(Tensor x)
    {
        ShapeException.ThrowUnless(x, 2 * Degrees, -1);
        return _energy.ForwardColumns(x).Reshape(x.Shape[1]);
    }

    /// <inheritdoc/>
    public Tensor Field(Tensor x, bool differentiable)
    {
        ShapeException.ThrowUnless(x, 2 * Degrees, -1);
        using Recording.Resumption on = Recording.Resume();

        // A column's energy depends on that column alone, so that the sum over columns has their gradients side by side.
        Tensor leaf = x.IsTracked ? x : x.Track(), slope = Gradient.Of(Energy(leaf).Sum(), leaf, differentiable);
        return Tensor.Concat([slope.Slice(0, Degrees, Degrees), -slope.Slice(0, 0, Degrees)], axis: 0);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("energy", _energy);
    }
}
