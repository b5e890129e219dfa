namespace Quincunx.Inference.Importance;

public sealed record AdaptiveImportanceOptions
{
    /// <summary>Draws that each adaptation round spends.</summary>
    public int RoundDraws { get; init; } = 4_000;

    /// <summary>Fresh draws from the final proposal: the result.</summary>
    public int FinalDraws { get; init; } = 10_000;

    /// <summary>Most rounds of adaptation.</summary>
    public int Rounds { get; init; } = 15;

    /// <summary>Components of the mixture to begin with.</summary>
    public int Components { get; init; } = 4;

    /// <summary>Of the fitted components: low enough for tails heavier than the target's, high enough not to waste draws there.</summary>
    public double DegreesOfFreedom { get; init; } = 8;

    /// <summary>Weights are raised to the largest power, at most 1, at which their effective share of the draws is at least this.</summary>
    public double FitShare { get; init; } = 0.1;

    /// <summary>Share of draws from a wide component that guards against a proposal that is too narrow somewhere.</summary>
    public double DefensiveShare { get; init; } = 0.05;

    /// <summary>Factor on the standard deviations of the wide component.</summary>
    public double DefensiveWidening { get; init; } = 2;

    /// <summary>Relative growth of the best efficiency that counts as progress; two rounds without end the adaptation.</summary>
    public double Progress { get; init; } = 0.05;

    /// <summary>Threads that evaluate the target; 0 for one a core. It does not change the result.</summary>
    public int Threads { get; init; }

    internal AdaptiveImportanceOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(RoundDraws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FinalDraws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rounds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Components, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DegreesOfFreedom);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DefensiveWidening);
        ArgumentOutOfRangeException.ThrowIfNegative(Progress);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        return FitShare is > 0 and < 1 && DefensiveShare is >= 0 and < 1
            ? this
            : throw new ArgumentException($"Expected shares in (0, 1), got {nameof(FitShare)} {FitShare} and {nameof(DefensiveShare)} {DefensiveShare}.");
    }
}
