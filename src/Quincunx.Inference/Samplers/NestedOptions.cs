namespace Quincunx.Inference.Samplers;

public sealed record NestedOptions
{
    /// <summary>Live points. The error of the log-evidence is about √(information / live points).</summary>
    public int LivePoints { get; init; } = 500;

    /// <summary>Share of the live points that are replaced at once, in (0, 0.5]: they share evaluations.</summary>
    public double ReplacedShare { get; init; } = 0.1;

    /// <summary>Slice moves that make a new point of a copy of another; 0 for 5 d.</summary>
    public int Moves { get; init; }

    /// <summary>Stops when the live points can add no more than this to the log-evidence.</summary>
    public double Remainder { get; init; } = 0.001;

    /// <summary>Evaluations of the likelihood at most.</summary>
    public long MaxEvaluations { get; init; } = 100_000_000;

    internal NestedOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(LivePoints, 10);
        ArgumentOutOfRangeException.ThrowIfNegative(Moves);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEvaluations);
        if (!(Remainder > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(Remainder), Remainder, "Expected a positive number.");
        }

        return ReplacedShare is > 0 and <= 0.5 ? this : throw new ArgumentOutOfRangeException(nameof(ReplacedShare), ReplacedShare, "Expected a share in (0, 0.5].");
    }
}
