using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Restriction;

/// <summary>Settings of <see cref="PriorRestriction"/>.</summary>
public sealed record RestrictionOptions
{
    /// <summary>Most of the successful runs that the restriction may throw away, as a share in (0, 1): a bound that holds with <see cref="Confidence"/>.</summary>
    public double LostShare { get; init; } = 1e-3;

    /// <summary>Probability, over which runs were held out, that no more than <see cref="LostShare"/> is lost; in (0, 1). A bound of 1 in 1,000 takes 2,995 held-out successes at 95 %, one of 1 in 100 takes 299.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Share of the runs that the classifier does not see and that choose its threshold; in (0, 1).</summary>
    public double HeldOutShare { get; init; } = 0.5;

    /// <summary>Share of the prior's draws that must lie inside, in (0, 1): a draw of the restricted prior costs as many as its inverse.</summary>
    public double SmallestAcceptance { get; init; } = 1e-3;

    /// <summary>Width of the classifier's hidden layers.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Its residual blocks, each of two layers.</summary>
    public int Blocks { get; init; } = 2;

    public Activation Activation { get; init; } = Activation.Silu;

    public TrainingOptions Training { get; init; } = new() { LearningRate = 3e-3, Schedule = RateSchedule.Cosine, MaxEpochs = 60, Patience = 60, WeightDecay = 0.01 };

    internal DType DType { get; init; } = DType.Float32;

    internal RestrictionOptions Checked()
    {
        Require(LostShare, nameof(LostShare));
        Require(Confidence, nameof(Confidence));
        Require(HeldOutShare, nameof(HeldOutShare));
        Require(SmallestAcceptance, nameof(SmallestAcceptance));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        ArgumentNullException.ThrowIfNull(Training);
        _ = Training.Checked();
        return this;
    }

    // Written so that NaN fails.
    private static void Require(double share, string name)
    {
        if (!(share is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, share, "Expected a share in (0, 1).");
        }
    }
}
