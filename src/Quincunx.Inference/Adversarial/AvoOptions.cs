using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;

namespace Quincunx.Inference.Adversarial;

/// <summary>Settings of <see cref="AdversarialVariationalOptimization"/>. Lengths of outputs are in standard deviations of the observations.</summary>
public sealed record AvoOptions
{
    /// <summary>Simulations a step, each at a theta of its own. They give the proposal's gradient first and the critic's training data after, so that the gradient is by a critic that has not seen them.</summary>
    public int SimulationsPerStep { get; init; } = 128;

    /// <summary>Steps of the proposal at most; the budget is this times <see cref="SimulationsPerStep"/>.</summary>
    public int MaxSteps { get; init; } = 5000;

    /// <summary>First steps, in which the critic alone is trained.</summary>
    public int WarmUpSteps { get; init; } = 50;

    /// <summary>Steps of the critic for each of the proposal.</summary>
    public int CriticSteps { get; init; } = 5;

    /// <summary>Pairs of a simulation and an observation in a step of the critic; at most <see cref="SimulationsPerStep"/>.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Widths of the critic's hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [32, 32];

    /// <summary>The critic's, smooth: its slope is differentiated.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>λ, the weight of the penalty of the critic's slope.</summary>
    public double GradientPenalty { get; init; } = 0.5;

    /// <summary>
    /// The slope that costs nothing. 0: the critic's slope vanishes where proposal and observations agree, and so does the force on the proposal (Mescheder, Geiger and Nowozin 2018, arXiv:1801.04406). 1: that of
    /// Gulrajani et al. 2017, a Wasserstein distance, whose critic keeps its slope to the end.
    /// </summary>
    public double SlopeCentre { get; init; }

    /// <summary>
    /// The reward of the entropy of q(theta | psi), in standard errors of a window's mean gradient in the logarithm of the spread, measured as the proposal moves (<see cref="Window"/>). A pull of the critic that a window cannot tell from the
    /// chance of its draws does not shrink the proposal: where the observations say nothing it widens, and elsewhere it settles where the two balance. 0: none.
    /// </summary>
    public double EntropyReward { get; init; } = 1;

    /// <summary>
    /// γ, a fixed weight of the entropy besides, in units of the critic. Positive: entropy is penalised, as in the paper; once this outweighs the reward, the spread shrinks for as long as steps last. Negative: a further reward.
    /// </summary>
    public double EntropyPenalty { get; init; }

    public ScoreBaseline Baseline { get; init; } = ScoreBaseline.Optimal;

    public double CriticRate { get; init; } = 2e-3;

    public AdamOptions CriticAdam { get; init; } = new() { Beta1 = 0.5, Beta2 = 0.99 };

    /// <summary>Learning rate of the proposal, in units of its own spread.</summary>
    public double ProposalRate { get; init; } = 0.02;

    public AdamOptions ProposalAdam { get; init; } = new() { Beta1 = 0.5, Beta2 = 0.99 };

    /// <summary>Steps that are averaged; the proposal that is returned is the average over the last so many, and windows of this length are compared.</summary>
    public int Window { get; init; } = 500;

    /// <summary>The optimisation has converged where from one window to the next no mean of an unconstrained coordinate moved by as much as this many of its deviations, and no deviation changed by the factor of <see cref="SpreadTolerance"/>.</summary>
    public double MeanTolerance { get; init; } = 0.15;

    /// <summary>The least change of a logarithm of a deviation that counts as one.</summary>
    public double SpreadTolerance { get; init; } = 0.05;

    /// <summary>Deviation of an unconstrained coordinate, over that at the start, below which the proposal has collapsed.</summary>
    public double SmallestSpread { get; init; } = 1e-4;

    /// <summary>The same above which it has diverged.</summary>
    public double LargestSpread { get; init; } = 100;

    /// <summary>Threads that simulate; 0 for one a processor. The result does not depend on them.</summary>
    public int SimulationThreads { get; init; } = 1;

    /// <summary>Steps of the critic skipped in a row, for a loss or gradient that is not finite, after which the optimisation has diverged.</summary>
    public int MaxSkippedSteps { get; init; } = 20;

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal AvoOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SimulationsPerStep, 4);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(WarmUpSteps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CriticSteps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, SimulationsPerStep);
        ArgumentNullException.ThrowIfNull(Hidden);
        foreach (int width in Hidden)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, nameof(Hidden));
        }

        ActivationSlopes.RequireSmooth(Activation, nameof(Activation));
        Require(GradientPenalty > 0 && double.IsFinite(GradientPenalty), nameof(GradientPenalty), GradientPenalty, "a positive number");
        Require(SlopeCentre >= 0 && double.IsFinite(SlopeCentre), nameof(SlopeCentre), SlopeCentre, "a number from 0");
        Require(EntropyReward >= 0 && double.IsFinite(EntropyReward), nameof(EntropyReward), EntropyReward, "a number from 0");
        Require(double.IsFinite(EntropyPenalty), nameof(EntropyPenalty), EntropyPenalty, "a finite number");
        Require(CriticRate > 0 && double.IsFinite(CriticRate), nameof(CriticRate), CriticRate, "a positive number");
        Require(ProposalRate is > 0 and < 1, nameof(ProposalRate), ProposalRate, "a number in (0, 1)");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Window);
        Require(MeanTolerance >= 0, nameof(MeanTolerance), MeanTolerance, "a number from 0");
        Require(SpreadTolerance >= 0, nameof(SpreadTolerance), SpreadTolerance, "a number from 0");
        Require(SmallestSpread is >= 0 and < 1, nameof(SmallestSpread), SmallestSpread, "a number in [0, 1)");
        Require(LargestSpread > 1, nameof(LargestSpread), LargestSpread, "a number above 1");
        ArgumentOutOfRangeException.ThrowIfNegative(SimulationThreads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSkippedSteps);
        return Enum.IsDefined(Baseline) ? this : throw new ArgumentOutOfRangeException(nameof(Baseline), Baseline, "Expected one of the baselines.");
    }

    // Written so that NaN fails.
    private static void Require(bool holds, string name, double value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
        }
    }
}
