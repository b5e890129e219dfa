using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>What an <see cref="IEmbedding"/> is made for.</summary>
/// <param name="Features">Numbers of an observation, without those that tell its circumstances.</param>
/// <param name="HasGaps">Whether numbers may be missing, so that <see cref="IEmbedding.Forward"/> is told which were observed.</param>
/// <param name="Activation">That of the network behind.</param>
public readonly record struct EmbeddingInput(int Features, bool HasGaps = false, Activation Activation = Activation.Relu, DType DType = DType.Float32);
