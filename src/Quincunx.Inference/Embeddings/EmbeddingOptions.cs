using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Embeddings;

/// <summary>A kind of network that summarises observations before the network of the posterior or the ratio sees them. Derive from it for a kind of your own.</summary>
/// <remarks>
/// Observations are rows of numbers; each kind says how it reads one. What is appended to the summaries, and not read by the layout: the last numbers of a row where the estimator's options
/// have <c>ContextFeatures</c>, such as a noise level (an <see cref="MlpEmbeddingOptions"/> takes those in with the rest).
/// </remarks>
public abstract record EmbeddingOptions
{
    /// <summary>Numbers that are made of an observation, at least 1.</summary>
    public int Outputs { get; init; } = 32;

    /// <summary>
    /// Whether what is missing is filled with trained numbers, one for each place in a row; otherwise zeros stand there.
    /// </summary>
    public virtual bool FillsGaps => true;

    /// <summary>Whether rows are taken whole: with the numbers that tell circumstances, and with the marks of what was observed at their end.</summary>
    internal virtual bool TakesWholeRows => false;

    /// <summary>A network with new weights.</summary>
    /// <param name="rng">Draws them.</param>
    /// <exception cref="ArgumentException">The layout does not fit <see cref="EmbeddingInput.Features"/>, or an option is out of its range.</exception>
    public abstract IEmbedding Create(EmbeddingInput input, Rng rng);

    /// <summary>
    /// For each number of an observation the group it belongs to; numbers of one group are scaled alike, as elements of a set or places of an image have to be for a network that treats them alike.
    /// Null: each by itself.
    /// </summary>
    /// <param name="features">Numbers of an observation, without those that tell its circumstances.</param>
    public virtual IReadOnlyList<int>? ScaleGroups(int features) => null;
}
