using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>What the options of an estimator say about its observations.</summary>
/// <param name="Embedding">Null for none.</param>
/// <param name="Context">Last numbers of an observation that tell its circumstances.</param>
/// <param name="Compression">Numbers that a linear map makes of the others first; 0 for no such map.</param>
/// <param name="Activation">Of the network behind.</param>
internal sealed record ObservationOptions(EmbeddingOptions? Embedding, int Context, MissingValues Missing, Activation Activation, int Compression = 0, DType DType = DType.Float32)
{
    public bool HasGaps => Missing == MissingValues.Embedded;

    /// <exception cref="ArgumentException">The options do not go together, or ask for more numbers than an observation has.</exception>
    public ObservationOptions Checked(int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Context, "ContextFeatures");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Context, features, "ContextFeatures");
        ArgumentOutOfRangeException.ThrowIfNegative(Compression);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Compression, features - Context, nameof(Compression));
        if (Embedding is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Embedding.Outputs, "Embedding.Outputs");
        }

        return Compression > 0 && Embedding is { TakesWholeRows: false }
            ? throw new ArgumentException($"Expected no compression, or an {nameof(MlpEmbeddingOptions)} behind it, got {Compression} compressed numbers and {Embedding.GetType().Name}: compressed, a row has lost its layout.", nameof(Compression))
            : this;
    }

    /// <summary>For each number of an observation the group it is scaled with; null for each by itself.</summary>
    public IReadOnlyList<int>? ScaleGroups(int features)
    {
        Checked(features);
        int data = features - Context;
        return Embedding?.ScaleGroups(data) switch
        {
            null => null,
            { } groups when groups.Count == data => [.. groups, .. Enumerable.Range(0, Context).Select(i => groups.Max() + 1 + i)],
            { } groups => throw new ArgumentException($"Expected a group for each of {data} numbers from {Embedding.GetType().Name}.{nameof(EmbeddingOptions.ScaleGroups)}, got {groups.Count}."),
        };
    }
}
