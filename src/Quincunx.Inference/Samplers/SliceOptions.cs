namespace Quincunx.Inference.Samplers;

public sealed record SliceOptions : ChainOptions
{
    public SliceMoves Moves { get; init; } = SliceMoves.Axes;

    /// <summary>First width of the intervals. The warm-up learns one for each coordinate (for hit-and-run, spreads and one width), so this matters little with one.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Widths that an interval grows to at most; iterations that reach it are counted as saturated, and remain exact.</summary>
    public int MaxWidths { get; init; } = 100;

    internal SliceOptions Checked()
    {
        CheckChains();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxWidths);
        return Width > 0 && double.IsFinite(Width) ? this : throw new ArgumentOutOfRangeException(nameof(Width), Width, "Expected a positive, finite width.");
    }
}
