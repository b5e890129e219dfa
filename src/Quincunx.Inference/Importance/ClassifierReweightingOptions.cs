using Quincunx.Inference.Nre;
using Quincunx.Inference.Training;

namespace Quincunx.Inference.Importance;

/// <summary>Settings of <see cref="ClassifierReweighting"/>.</summary>
public sealed record ClassifierReweightingOptions
{
    /// <summary>Rounds at most.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Draws of the posterior for each pair; training takes another of them at each visit.</summary>
    public int Contrasts { get; init; } = 16;

    /// <summary>Share of the pairs that decide whether a round is kept, in (0, 1): training sees none of them.</summary>
    public double HeldOut { get; init; } = 0.2;

    /// <summary>A round is kept where its mean gain over chance on held-out pairs exceeds this many of its standard errors: at 3, one round in 700 is kept that has nothing to correct, and fewer where the classifier has learned noise.</summary>
    public double Errors { get; init; } = 3;

    /// <summary>Draws of the posterior from which one draw of the corrected one is chosen.</summary>
    public int PoolFactor { get; init; } = 20;

    /// <summary>Of every round; its loss is <see cref="RatioLoss.Binary"/>, and balance is not used.</summary>
    public NeuralRatioOptions Network { get; init; } = new() { Width = 64 };

    public TrainingOptions Training { get; init; } = NeuralRatioEstimation.DefaultTraining;

    internal ClassifierReweightingOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Rounds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Contrasts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PoolFactor);
        ArgumentNullException.ThrowIfNull(Network);
        ArgumentNullException.ThrowIfNull(Training);
        if (!(HeldOut is > 0 and < 1) || !(Errors >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(HeldOut), $"Expected a share in (0, 1) and a number of errors from 0, got {HeldOut:R} and {Errors:R}.");
        }

        return this with { Network = Network with { Loss = RatioLoss.Binary, Balance = 0 } };
    }
}
