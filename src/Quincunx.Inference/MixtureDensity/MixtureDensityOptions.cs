using Quincunx.Inference.Networks;

namespace Quincunx.Inference.MixtureDensity;

/// <summary>The network of a <see cref="MixturePosterior"/>.</summary>
public sealed record MixtureDensityOptions
{
    /// <summary>Normal components.</summary>
    public int Components { get; init; } = 8;

    /// <summary>Width of the residual blocks.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Number of residual blocks, each of two layers.</summary>
    public int Blocks { get; init; } = 2;

    public Activation Activation { get; init; } = Activation.Relu;

    internal MixtureDensityOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Components);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        return this;
    }
}
