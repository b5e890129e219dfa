using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>The network of a neural ratio, and what it is trained on.</summary>
public sealed record NeuralRatioOptions
{
    /// <summary>Width of the hidden layers.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Residual blocks, each of two layers.</summary>
    public int Blocks { get; init; } = 2;

    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>A network that summarises observations for the classifier, which then sees its summaries; null to show it the scaled observation itself.</summary>
    public EmbeddingOptions? Embedding { get; init; }

    /// <summary>Last numbers of an observation that tell its circumstances, such as a noise level: appended to the summaries of an embedding that reads a layout.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>Whether observations may have gaps, which are NaN.</summary>
    public MissingValues Missing { get; init; }

    public RatioLoss Loss { get; init; } = RatioLoss.ContrastiveMarginal;

    /// <summary>Parameters that the contrastive losses choose from, K: at least 2 for <see cref="RatioLoss.Contrastive"/>, at least 1 for <see cref="RatioLoss.ContrastiveMarginal"/>, not used by
    /// <see cref="RatioLoss.Binary"/>. They come from the batch, which bounds them.</summary>
    public int Contrasts { get; init; } = 10;

    /// <summary>Odds γ that one of the K parameters made x, of <see cref="RatioLoss.ContrastiveMarginal"/>; positive.</summary>
    public double Odds { get; init; } = 1;

    /// <summary>
    /// Weight λ of the balance condition; 0 for none. See <see cref="NeuralRatioEstimation"/>. Not for <see cref="RatioLoss.Contrastive"/>, whose output is no ratio that could be balanced.
    /// </summary>
    public double Balance { get; init; }

    internal DType DType { get; init; } = DType.Float32;

    internal ObservationOptions Observations => new(Embedding, ContextFeatures, Missing, Activation, DType: DType);

    internal NeuralRatioOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        int fewest = Loss switch
        {
            RatioLoss.Binary => int.MinValue,
            RatioLoss.Contrastive => 2,
            RatioLoss.ContrastiveMarginal => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(Loss), Loss, "Expected one of the losses."),
        };
        ArgumentOutOfRangeException.ThrowIfLessThan(Contrasts, fewest);
        if (!(Odds > 0) || !double.IsFinite(Odds))
        {
            throw new ArgumentOutOfRangeException(nameof(Odds), Odds, "Expected positive odds.");
        }

        if (!(Balance >= 0) || !double.IsFinite(Balance))
        {
            throw new ArgumentOutOfRangeException(nameof(Balance), Balance, "Expected a weight from 0.");
        }

        return Balance > 0 && Loss == RatioLoss.Contrastive
            ? throw new ArgumentException($"Expected {RatioLoss.Binary} or {RatioLoss.ContrastiveMarginal} with a balance of {Balance}, got {Loss}.", nameof(Balance))
            : this;
    }
}
