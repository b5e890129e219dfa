using Quincunx.Inference.Training;

namespace Quincunx.Inference.Abc;

/// <summary>Settings of <see cref="LearnedSummary"/>.</summary>
public sealed record LearnedSummaryOptions
{
    /// <summary>Powers of each scaled output that are linear features, from 1 to this.</summary>
    public int Powers { get; init; } = 2;

    /// <summary>Widths of the hidden layers of a network that learns what linear features leave; none for linear summaries.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [];

    public TrainingOptions Training { get; init; } = new() { BatchSize = 128, MaxEpochs = 200, Patience = 15, LearningRate = 2e-3, WeightDecay = 1e-4, Chunks = 1 };

    internal LearnedSummaryOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Powers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Powers, 4);
        Training.Checked();
        return Hidden.All(width => width > 0) ? this : throw new ArgumentOutOfRangeException(nameof(Hidden), string.Join(", ", Hidden), "Expected positive widths.");
    }
}
