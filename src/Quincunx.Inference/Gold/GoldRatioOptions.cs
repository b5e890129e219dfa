using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Nre;

namespace Quincunx.Inference.Gold;

/// <summary>The network of a ratio learned from mined simulations, and what it is trained on.</summary>
public sealed record GoldRatioOptions
{
    public GoldLoss Loss { get; init; } = GoldLoss.Alices;

    /// <summary>Weight α of the squared error of the score, for the losses that have it, per parameter in units of the scores' variance; not negative.</summary>
    public double ScoreWeight { get; init; } = 1;

    /// <summary>Width of the hidden layers.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Residual blocks, each of two layers.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Smooth, since the slopes in theta are learned too.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Network that summarises observations before they are compared with parameters; null for the scaled observation itself.</summary>
    public EmbeddingOptions? Embedding { get; init; }

    /// <summary>Last numbers of an observation that tell its circumstances and are no part of the embedding's layout.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>Whether the loss has the squared error of the score.</summary>
    public bool HasScore => Loss is GoldLoss.Cascal or GoldLoss.Rascal or GoldLoss.Alices;

    // What is learned may have any function of x added, as contrastive ratios may.
    internal NeuralRatioOptions Network => new() { Width = Width, Blocks = Blocks, Activation = Activation, Loss = RatioLoss.Contrastive, Embedding = Embedding, ContextFeatures = ContextFeatures };

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal GoldRatioOptions Checked()
    {
        if (!Enum.IsDefined(Loss))
        {
            throw new ArgumentOutOfRangeException(nameof(Loss), Loss, "Expected one of the losses.");
        }

        return ScoreWeight >= 0 && double.IsFinite(ScoreWeight) ? this : throw new ArgumentOutOfRangeException(nameof(ScoreWeight), ScoreWeight, "Expected a weight from 0.");
    }
}
