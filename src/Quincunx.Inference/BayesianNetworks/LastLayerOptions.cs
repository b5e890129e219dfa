namespace Quincunx.Inference.BayesianNetworks;

/// <summary>Settings of <see cref="LastLayerEstimation"/>.</summary>
public sealed record LastLayerOptions
{
    /// <summary>Hidden units, whose weights are drawn and not trained; 0 for a linear model.</summary>
    public int Hidden { get; init; } = 64;

    internal LastLayerOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Hidden);
        return this;
    }
}
