using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>A function of a set: a network for each element, a pooling that forgets their order, a network behind it.</summary>
/// <remarks>Zaheer et al. 2017, arXiv:1703.06114. Every continuous function of sets has this form; one of pairs may need a wide one (see <see cref="SetTransformer"/>).</remarks>
public sealed class DeepSet : IModule
{
    private readonly Mlp _element, _set;
    private readonly SetPooling _pooling;
    private readonly Parameter? _query;
    private readonly int _inputs, _heads;

    /// <param name="inputs">Features of an element.</param>
    /// <exception cref="ArgumentException">The heads do not divide the width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public DeepSet(int inputs, int outputs, DeepSetOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        (_inputs, _pooling, _heads) = (inputs, options.Pooling, options.Heads);
        _element = new Mlp(inputs, options.ElementHidden, options.Width, rng.Split("element"), options.Activation, dtype: options.DType);
        _set = new Mlp(options.Width, options.SetHidden, outputs, rng.Split("set"), options.Activation, dtype: options.DType);
        if (_pooling == SetPooling.Attention)
        {
            MultiHeadAttention.RequireHeads(options.Width, options.Heads);
            _query = new Parameter(Tensor.Normal(0, 1, rng.Split("query"), new Shape(1, 1, options.Width), options.DType));
        }
    }

    /// <param name="x">Shape <c>[batch, set, inputs]</c>.</param>
    /// <param name="mask">Shape <c>[batch, set]</c>, 0 where there is no element, whatever x holds there; null where all exist.</param>
    /// <returns>Shape <c>[batch, outputs]</c>.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? mask = null)
    {
        SetMask.Require(x, _inputs, mask);
        return _set.Forward(Pool(_element.Forward(SetMask.Keep(x, mask)), mask));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("element", _element);
        if (_query is not null)
        {
            tree.Add("query", _query);
        }

        tree.Add("set", _set);
    }

    private Tensor Pool(Tensor h, Tensor? mask)
    {
        int batch = h.Shape[0], set = h.Shape[1], width = h.Shape[2];
        switch (_pooling)
        {
            case SetPooling.Sum:
                return SetMask.Keep(h, mask).Sum(1);
            case SetPooling.Mean:
                return mask is null
                    ? h.Sum(1) / Math.Max(1, set)
                    : SetMask.Keep(h, mask).Sum(1) / Tensor.Maximum(Tensor.NotEqual(mask, 0).Sum(1, keepAxes: true), 1);
            case SetPooling.Max when set == 0:
                return h.Sum(1);
            case SetPooling.Max:
                Tensor largest = (mask is null ? h : Tensor.Where(mask.Reshape(batch, set, 1), h, double.NegativeInfinity)).Max(1);
                return Tensor.Where(Tensor.NotEqual(largest.Detach(), double.NegativeInfinity), largest, 0.0);
            default:
                Tensor query = _query!.Value.BroadcastTo(new Shape(batch, 1, width));
                return Tensor.MultiHeadAttention(query, h, h, _heads, SetMask.Keys(mask)).Reshape(batch, width);
        }
    }
}
