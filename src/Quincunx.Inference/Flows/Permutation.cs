using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A fixed reordering of the elements.</summary>
public sealed class Permutation : IBijection
{
    private readonly Parameter _order;

    /// <param name="order">Element i of the result is element <c>order[i]</c> of the input.</param>
    /// <exception cref="ArgumentException">Not a permutation of 0, 1, ….</exception>
    public Permutation(IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (!order.Order().SequenceEqual(Enumerable.Range(0, order.Count)))
        {
            throw new ArgumentException($"Expected a permutation of 0 to {order.Count - 1}, got {string.Join(", ", order)}.", nameof(order));
        }

        _order = new Parameter(Tensor.From([.. order.Select(i => (double)i)], new Shape(order.Count)), isTrained: false);
    }

    public int Dimension => _order.Count;

    /// <summary>Last to first: what stands between autoregressive layers by default.</summary>
    public static Permutation Reverse(int dimension) => new([.. Enumerable.Range(0, dimension).Reverse()]);

    /// <summary>A random order.</summary>
    public static Permutation Random(int dimension, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return new(rng.Permutation(dimension));
    }

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor? context) => Select(x, Order());

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor? context)
    {
        int[] order = Order(), inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        return Select(y, inverse);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("order", _order);
    }

    private int[] Order() => [.. _order.Value.ToArray().Select(i => (int)i)];

    private Transformed Select(Tensor x, int[] order)
    {
        ShapeException.ThrowUnless(x, -1, Dimension);
        return new Transformed(x.IndexSelect(1, order), Tensor.Zeros(new Shape(x.Shape[0]), x.DType));
    }
}
