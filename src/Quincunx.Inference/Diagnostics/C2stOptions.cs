namespace Quincunx.Inference.Diagnostics;

/// <summary>The classifier of <see cref="C2st"/>. The defaults are those that published scores were made with; other values are not comparable.</summary>
public sealed record C2stOptions
{
    /// <summary>Hidden units of each of the two layers, per dimension of the samples.</summary>
    public int UnitsPerDimension { get; init; } = 10;

    public int Folds { get; init; } = 5;

    /// <summary>Rows of a training step; fewer if the training set is smaller.</summary>
    public int BatchSize { get; init; } = 200;

    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Factor of half the squared weights (not biases), divided by the batch's rows, that is added to the mean log-loss.</summary>
    public double Penalty { get; init; } = 1e-4;

    /// <summary>An epoch improves if its mean loss is below the best so far by at least this.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Training stops when more than this many epochs in a row did not improve.</summary>
    public int Patience { get; init; } = 10;

    public int MaxEpochs { get; init; } = 10_000;

    /// <summary>Folds trained at once; 0 for one a core. It does not change the result.</summary>
    public int Threads { get; init; }

    internal C2stOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(UnitsPerDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Folds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(Penalty);
        ArgumentOutOfRangeException.ThrowIfNegative(Tolerance);
        ArgumentOutOfRangeException.ThrowIfNegative(Patience);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxEpochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        return this;
    }
}
