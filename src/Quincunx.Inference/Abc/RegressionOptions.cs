using Quincunx.Inference.Training;

namespace Quincunx.Inference.Abc;

/// <summary>Settings of the regression of parameters on summaries.</summary>
public sealed record RegressionOptions
{
    public RegressionKind Kind { get; init; } = RegressionKind.Linear;

    /// <summary>Widths of the networks' hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [32];

    /// <summary>Networks that are averaged, each with a start and held-out rows of its own.</summary>
    public int Networks { get; init; } = 3;

    public TrainingOptions Training { get; init; } = new() { BatchSize = 64, MaxEpochs = 300, Patience = 20, LearningRate = 3e-3, WeightDecay = 1e-3, Chunks = 1 };

    internal RegressionOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Networks, 1);
        Training.Checked();
        return Hidden.All(width => width > 0) ? this : throw new ArgumentOutOfRangeException(nameof(Hidden), string.Join(", ", Hidden), "Expected positive widths.");
    }
}
