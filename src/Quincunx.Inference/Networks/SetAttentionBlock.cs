using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>MAB(X, Y) = norm(H + feed-forward(H)) with H = norm(X + attention of X to Y): Lee et al. 2019, arXiv:1810.00825, equations 6 and 7.</summary>
internal sealed class SetAttentionBlock(SetTransformerOptions o, Rng rng) : IModule
{
    private readonly MultiHeadAttention _attention = new(o.Width, o.Heads, rng.Split("attention"), dtype: o.DType);
    private readonly LayerNorm _firstNorm = new(o.Width, o.DType), _secondNorm = new(o.Width, o.DType);
    private readonly Mlp _forward = new(o.Width, [o.Width], o.Width, rng.Split("forward"), o.Activation, dtype: o.DType);

    /// <param name="mask">Which rows of the context exist.</param>
    public Tensor Forward(Tensor x, Tensor? context = null, Tensor? mask = null)
    {
        Tensor h = _firstNorm.Forward(x + _attention.Forward(x, context, mask));
        return _secondNorm.Forward(h + _forward.Forward(h));
    }

    public void Describe(ParameterTree tree)
    {
        tree.Add("attention", _attention);
        tree.Add("first-norm", _firstNorm);
        tree.Add("forward", _forward);
        tree.Add("second-norm", _secondNorm);
    }
}
