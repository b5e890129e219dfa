using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Attention between rows, in several heads, each with its own trained part of queries, keys and values.</summary>
/// <remarks>Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2. Knows nothing of the order of rows.</remarks>
public sealed class MultiHeadAttention : IModule
{
    private readonly Linear _query, _key, _value, _output;
    private readonly int _heads;

    /// <param name="width">Features of the rows that ask, and of the result.</param>
    /// <param name="heads">Divides the width.</param>
    /// <param name="contextWidth">Features of the rows that answer; null for those that ask.</param>
    /// <exception cref="ArgumentException">The heads do not divide the width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public MultiHeadAttention(int width, int heads, Rng rng, int? contextWidth = null, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        RequireHeads(width, heads);
        int context = contextWidth ?? width;
        _heads = heads;
        _query = new Linear(width, width, rng.Split("query"), Initialiser.GlorotUniform, dtype);
        _key = new Linear(context, width, rng.Split("key"), Initialiser.GlorotUniform, dtype);
        _value = new Linear(context, width, rng.Split("value"), Initialiser.GlorotUniform, dtype);
        _output = new Linear(width, width, rng.Split("output"), Initialiser.GlorotUniform, dtype);
    }

    /// <param name="x">Shape <c>[batch, n, width]</c>: the rows that ask.</param>
    /// <param name="context">Shape <c>[batch, m, context width]</c>: the rows that answer; null for x.</param>
    /// <param name="mask">Shape <c>[batch, m]</c>, 0 for a row that does not answer, and that must be finite all the same; null for none.</param>
    /// <param name="bias">Added to the scores: what broadcasts to <c>[batch, heads, n, m]</c>, null for none; -∞ hides.</param>
    /// <returns>Shape <c>[batch, n, width]</c>.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? context = null, Tensor? mask = null, Tensor? bias = null)
    {
        Tensor rows = context ?? x;
        SetMask.Require(x, _query.Inputs, null);
        SetMask.Require(rows, _key.Inputs, mask);
        return _output.Forward(Tensor.MultiHeadAttention(
            _query.Forward(x), _key.Forward(rows), _value.Forward(rows), _heads, SetMask.Keys(mask), bias));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("query", _query);
        tree.Add("key", _key);
        tree.Add("value", _value);
        tree.Add("output", _output);
    }

    internal static void RequireHeads(int width, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        if (width % heads != 0)
        {
            throw new ArgumentException($"Expected heads that divide the width, got {heads} heads and width {width}.", nameof(heads));
        }
    }
}
