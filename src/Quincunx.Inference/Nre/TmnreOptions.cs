using Quincunx.Inference.Training;

namespace Quincunx.Inference.Nre;

/// <summary>Settings of <see cref="Tmnre"/>.</summary>
public sealed record TmnreOptions
{
    /// <summary>Simulations in the box that each round trains on; those of earlier rounds that lie in it count.</summary>
    public int SimulationsPerRound { get; init; } = 5_000;

    /// <summary>Rounds at most.</summary>
    public int MaxRounds { get; init; } = 10;

    /// <summary>A parameter's interval keeps the values whose ratio is above this share of the largest, in (0, 1).</summary>
    public double Threshold { get; init; } = 1e-6;

    /// <summary>The rounds end once a new box has more than this share of the last one's prior mass, in (0, 1).</summary>
    public double SettledShare { get; init; } = 0.8;

    /// <summary>Marginals to learn in the last box; empty for those of single parameters.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Marginals { get; init; } = [];

    /// <summary>Of every network.</summary>
    public NeuralRatioOptions Network { get; init; } = new() { Width = 64, Blocks = 1, Loss = RatioLoss.Binary };

    public TrainingOptions Training { get; init; } = new() { MaxEpochs = 40, Patience = 40, LearningRate = 3e-3, Schedule = RateSchedule.Cosine, WeightDecay = 0.1 };

    internal TmnreOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SimulationsPerRound, 10);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRounds);
        ArgumentNullException.ThrowIfNull(Marginals);
        ArgumentNullException.ThrowIfNull(Network);
        ArgumentNullException.ThrowIfNull(Training);
        if (!(Threshold is > 0 and < 1) || !(SettledShare is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Threshold), $"Expected shares in (0, 1), got a threshold of {Threshold:R} and a settled share of {SettledShare:R}.");
        }

        return this;
    }
}
