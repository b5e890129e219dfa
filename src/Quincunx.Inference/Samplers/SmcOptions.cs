namespace Quincunx.Inference.Samplers;

public sealed record SmcOptions
{
    /// <summary>Particles, and so equally weighted draws in the end.</summary>
    public int Particles { get; init; } = 2_000;

    /// <summary>Share of the particles that the weights of each step are to be worth, in (0, 1): steps of the temperature are as long as this allows.</summary>
    public double EssShare { get; init; } = 0.5;

    /// <summary>Moves after each step go on until, in every coordinate, the correlation with where the particles were is below this.</summary>
    public double Correlation { get; init; } = 0.05;

    /// <summary>Moves after a step at most.</summary>
    public int MaxMoves { get; init; } = 500;

    /// <summary>Evaluations of the likelihood at most; a step that has begun is finished.</summary>
    public long MaxEvaluations { get; init; } = 100_000_000;

    internal SmcOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Particles, 10);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxMoves);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEvaluations);
        return EssShare is > 0 and < 1 && Correlation is > 0 and < 1
            ? this
            : throw new ArgumentException($"Expected numbers in (0, 1), got {nameof(EssShare)} {EssShare} and {nameof(Correlation)} {Correlation}.");
    }
}
