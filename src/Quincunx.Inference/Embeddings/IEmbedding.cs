using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>A network that makes a few numbers of an observation, in which a flow or a classifier then sees it; trained with them.</summary>
public interface IEmbedding : IModule
{
    /// <summary>Summaries, made of operations that are recorded: nothing may depend on the numbers but through them.</summary>
    /// <param name="x">Scaled observations, shape <c>[n, features]</c>, finite: where a number is missing there is a trained one, or 0 where <see cref="EmbeddingOptions.FillsGaps"/> is false.</param>
    /// <param name="observed">The same shape, 1 where a number was observed and 0 where it is missing; null where the network is for observations without gaps.</param>
    /// <returns>Shape <c>[n, Outputs]</c> with the <see cref="EmbeddingOptions.Outputs"/> of the options that made it; row i is a function of row i alone.</returns>
    Tensor Forward(Tensor x, Tensor? observed);
}
