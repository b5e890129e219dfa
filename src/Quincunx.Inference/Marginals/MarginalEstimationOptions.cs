namespace Quincunx.Inference.Marginals;

/// <summary>Settings of <see cref="MarginalEstimation"/>.</summary>
public sealed record MarginalEstimationOptions
{
    /// <summary>Levels of the quantiles, rising, in (0, 1); 0.5 for the median.</summary>
    public IReadOnlyList<double> Levels { get; init; } = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>Width of the residual blocks.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Number of residual blocks, each of two layers.</summary>
    public int Blocks { get; init; } = 2;

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal MarginalEstimationOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        double last = 0;
        foreach (double level in Levels)
        {
            last = level > last && level < 1
                ? level
                : throw new ArgumentException($"Expected rising levels in (0, 1), got {level:R} after {last:R}.", nameof(Levels));
        }

        return Levels.Count > 0 ? this : throw new ArgumentException("Expected one or more levels, got none.", nameof(Levels));
    }
}
