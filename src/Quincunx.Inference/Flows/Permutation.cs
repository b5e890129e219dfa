using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A fixed reordering of the elements.</summary>
public sealed class Permutation : IBijection
{
    private readonly Parameter _order;
    private Orders? _orders;

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
    public Transformed Forward(Tensor x, Tensor? context) => Select(x, Current().Order);

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor? context) => Select(y, Current().Inverse);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("order", _order);
    }

    // The order is a constant, but stored weights bring their own: what it was turned into is kept until then.
    private Orders Current()
    {
        ReadOnlySpan<double> stored = _order.Value.Elements<double>();
        Orders? orders = _orders;
        bool same = orders is not null;
        for (int i = 0; same && i < stored.Length; i++)
        {
            same = orders!.Order[i] == (int)stored[i];
        }

        if (!same)
        {
            int[] order = new int[stored.Length], inverse = new int[stored.Length];
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = (int)stored[i];
                inverse[order[i]] = i;
            }

            _orders = orders = new Orders(order, inverse);
        }

        return orders!;
    }

    private Transformed Select(Tensor x, Indices order)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        return new Transformed(x.IndexSelect(0, order), Tensor.Zeros(new Shape(x.Shape[1]), x.DType));
    }

    private sealed record Orders(Indices Order, Indices Inverse);
}
