namespace Quincunx.Inference.Training;

/// <summary>How training went.</summary>
public sealed record TrainingResult
{
    public required StopReason StopReason { get; init; }

    /// <summary>One entry an epoch, those before a resumption included.</summary>
    public required IReadOnlyList<TrainingEpoch> History { get; init; }

    /// <summary>The epoch whose weights the module now has; -1 where no epoch had a finite validation loss and it has those it started with.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The validation loss of those weights; positive infinity where there was none.</summary>
    public required double BestValidationLoss { get; init; }

    /// <summary>Optimiser steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>Batches that were skipped because a loss or gradient was not finite.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>Parts of batches, since the run began or was resumed, whose gradient came from replaying a recording; 0 where the task cannot be recorded.</summary>
    public required long Replays { get; init; }

    public required int TrainingRows { get; init; }

    public required int ValidationRows { get; init; }
}
