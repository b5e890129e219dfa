using Quincunx.Numerics.Optimisation;

namespace Quincunx.Inference.Training;

/// <summary>Settings of <see cref="Trainer"/>. The result depends on all of them but <see cref="Threads"/>.</summary>
public sealed record TrainingOptions
{
    /// <summary>Rows a step, on average: an epoch is cut into equal batches of about this size, so that no row is left out.</summary>
    public int BatchSize { get; init; } = 200;

    public int MaxEpochs { get; init; } = 1000;

    /// <summary>Optimiser steps after which training ends; null for no limit.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Share of the rows held out, in [0, 1). With 0 the training loss itself decides what is best.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Epochs in a row without a better validation loss after which training ends.</summary>
    public int Patience { get; init; } = 20;

    /// <summary>What a validation loss must lie below the best one to count as better.</summary>
    public double MinimumImprovement { get; init; }

    public double LearningRate { get; init; } = 5e-4;

    public RateSchedule Schedule { get; init; }

    /// <summary>Steps over which the rate rises to <see cref="LearningRate"/>; not for <see cref="RateSchedule.Plateau"/>.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Last rate of <see cref="RateSchedule.Cosine"/> over the first, in [0, 1].</summary>
    public double FinalRateFraction { get; init; }

    /// <summary>Factor of <see cref="RateSchedule.Plateau"/>, in (0, 1).</summary>
    public double PlateauFactor { get; init; } = 0.5;

    /// <summary>Epochs without improvement that <see cref="RateSchedule.Plateau"/> bears before it lowers the rate.</summary>
    public int PlateauPatience { get; init; } = 5;

    /// <summary>0 trains with <see cref="Adam"/>, more with <see cref="AdamW"/>.</summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// Rows for which <see cref="WeightDecay"/> is meant: with n it is times √(this / n), since the fewer the rows, the more of what fits them is chance. Null: as it is, whatever their number.
    /// </summary>
    public int? WeightDecayRows { get; init; }

    /// <summary>Probability in [0, 1) that a value in the inner layer of a residual block is set to zero in a step (Srivastava et al. 2014, JMLR 15, 1929); for networks that have such blocks.</summary>
    public double Dropout { get; init; }

    public AdamOptions Adam { get; init; } = new();

    /// <summary>Gradients of the mean loss are scaled down to this norm; infinite for never.</summary>
    public double ClipNorm { get; init; } = 5;

    /// <summary>Memory of the weight average that is validated and returned in place of the last weights; 0 for none.</summary>
    public double AverageDecay { get; init; }

    /// <summary>Parts of a batch that are differentiated apart, each on a thread where there is one. Part of the result's rounding.</summary>
    public int Chunks { get; init; } = 2;

    /// <summary>Rows below which a batch is not cut further.</summary>
    public int MinimumChunkRows { get; init; } = 32;

    /// <summary>Rows above which a batch is cut further, so that what a part computes stays in the caches.</summary>
    public int MaximumChunkRows { get; init; } = 512;

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Steps skipped in a row, for a loss or gradient that is not finite, after which training counts as diverged.</summary>
    public int MaxSkippedSteps { get; init; } = 20;

    /// <summary>Training has diverged where an epoch's mean loss exceeds the first batch's by this many times (1 + |first|).</summary>
    public double ExplosionFactor { get; init; } = 1e6;

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    internal TrainingOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEpochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSteps ?? 1, nameof(MaxSteps));
        Require(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), ValidationFraction, "a share in [0, 1)");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Patience);
        Require(MinimumImprovement >= 0, nameof(MinimumImprovement), MinimumImprovement, "a number from 0");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a positive number");
        ArgumentOutOfRangeException.ThrowIfNegative(WarmUpSteps);
        Require(FinalRateFraction is >= 0 and <= 1, nameof(FinalRateFraction), FinalRateFraction, "a share in [0, 1]");
        Require(PlateauFactor is > 0 and < 1, nameof(PlateauFactor), PlateauFactor, "a factor in (0, 1)");
        ArgumentOutOfRangeException.ThrowIfNegative(PlateauPatience);
        Require(WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "a number from 0");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(WeightDecayRows ?? 1, nameof(WeightDecayRows));
        Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "a probability in [0, 1)");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "a positive number");
        Require(AverageDecay is >= 0 and < 1, nameof(AverageDecay), AverageDecay, "a memory in [0, 1)");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Chunks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MinimumChunkRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumChunkRows, MinimumChunkRows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSkippedSteps);
        Require(ExplosionFactor > 0, nameof(ExplosionFactor), ExplosionFactor, "a positive number");
        return this;
    }

    /// <summary>The decay of a task.</summary>
    /// <param name="rows">Of the task, held-out ones included.</param>
    internal double DecayOf(int rows) => WeightDecay * (WeightDecayRows is { } meant ? Math.Sqrt((double)meant / Math.Max(1, rows)) : 1);

    // Written so that NaN fails.
    private static void Require(bool holds, string name, double value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
        }
    }
}
