using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>Rows as sets: elements with a gap do not exist, and the logarithm of the share that exists is told to each, since a mean over them forgets it.</summary>
/// <param name="features">Numbers of an element.</param>
/// <param name="forward">Of sets <c>[n, elements, features]</c> and masks <c>[n, elements]</c>.</param>
internal sealed class SetEmbedding(int elements, int features, IModule network, Func<Tensor, Tensor?, Tensor> forward) : IEmbedding
{
    public Tensor Forward(Tensor x, Tensor? observed)
    {
        Tensor set = RowLayout.Split(x, features);
        if (RowLayout.Whole(observed, features) is not { } exist)
        {
            return forward(set, null);
        }

        // What a set tells grows with its relative size: from 1 element to 2 as from 10 to 20. An empty set has no element to tell it to.
        Tensor share = Tensor.Log(Tensor.Maximum(exist.Mean(1, keepAxes: true), 0.5 / elements)).BroadcastTo(exist.Shape);
        return forward(Tensor.Concat([set, share.Reshape(x.Shape[0], elements, 1)], axis: 2), exist);
    }

    public void Describe(ParameterTree tree) => network.Describe(tree);
}
