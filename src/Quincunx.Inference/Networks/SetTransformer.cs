using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>A function of a set whose elements see each other before they are pooled by attention.</summary>
/// <remarks>Lee et al. 2019, arXiv:1810.00825: blocks SAB or ISAB, then PMA, then one SAB among the seeds where there are several.</remarks>
public sealed class SetTransformer : IModule
{
    private readonly Linear _first, _last;
    private readonly InducedSetBlock[] _blocks;
    private readonly Mlp _beforePooling;
    private readonly SetAttentionBlock _pooling;
    private readonly SetAttentionBlock? _amongSeeds;
    private readonly Parameter _seeds;

    /// <param name="inputs">Features of an element.</param>
    /// <exception cref="ArgumentException">The heads do not divide the width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public SetTransformer(int inputs, int outputs, SetTransformerOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        SetTransformerOptions o = options.Checked();
        _first = new Linear(inputs, o.Width, rng.Split("first"), Initialiser.LeCunUniform, o.DType);
        _blocks = [.. Enumerable.Range(0, o.Blocks).Select(i => new InducedSetBlock(o, rng.Split(i)))];
        _beforePooling = new Mlp(o.Width, [o.Width], o.Width, rng.Split("before"), o.Activation, dtype: o.DType);
        _seeds = InducedSetBlock.Seeds(o.Seeds, o.Width, rng.Split("seeds"), o.DType);
        _pooling = new SetAttentionBlock(o, rng.Split("pooling"));
        _amongSeeds = o.Seeds > 1 ? new SetAttentionBlock(o, rng.Split("among")) : null;
        _last = new Linear(o.Seeds * o.Width, outputs, rng.Split("last"), Initialiser.LeCunUniform, o.DType);
    }

    /// <param name="x">Shape <c>[batch, set, inputs]</c>.</param>
    /// <param name="mask">Shape <c>[batch, set]</c>, 0 where there is no element, whatever x holds there; null where all exist.</param>
    /// <returns>Shape <c>[batch, outputs]</c>; finite for an empty set.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? mask = null)
    {
        SetMask.Require(x, _first.Inputs, mask);
        Tensor h = _first.Forward(SetMask.Keep(x, mask));
        foreach (InducedSetBlock block in _blocks)
        {
            h = block.Forward(h, mask);
        }

        Tensor seeds = _seeds.Value.BroadcastTo(_seeds.Shape.With(0, x.Shape[0]));
        Tensor pooled = _pooling.Forward(seeds, _beforePooling.Forward(h), mask);
        pooled = _amongSeeds?.Forward(pooled) ?? pooled;
        return _last.Forward(pooled.Reshape(x.Shape[0], _last.Inputs));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("first", _first);
        tree.Add("blocks", _blocks);
        tree.Add("before-pooling", _beforePooling);
        tree.Add("seeds", _seeds);
        tree.Add("pooling", _pooling);
        if (_amongSeeds is not null)
        {
            tree.Add("among-seeds", _amongSeeds);
        }

        tree.Add("last", _last);
    }
}
