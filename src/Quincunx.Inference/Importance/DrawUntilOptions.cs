namespace Quincunx.Inference.Importance;

public sealed record DrawUntilOptions
{
    /// <summary>Draws, and so evaluations of the likelihood, that may be spent on reaching the effective number.</summary>
    public int MaxDraws { get; init; } = 1_000_000;

    /// <summary>Draws at one look over those at the last, above 1: how much may be drawn in excess. The first look is at as many draws as effective ones are wanted, at least 100.</summary>
    public double Growth { get; init; } = 1.25;

    public StoppingRule Rule { get; init; }

    internal DrawUntilOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDraws);
        if (!(Growth > 1) || !double.IsFinite(Growth))
        {
            throw new ArgumentOutOfRangeException(nameof(Growth), Growth, "Expected a factor above 1.");
        }

        return Enum.IsDefined(Rule) ? this : throw new ArgumentOutOfRangeException(nameof(Rule), Rule, "Expected one of the rules.");
    }
}
