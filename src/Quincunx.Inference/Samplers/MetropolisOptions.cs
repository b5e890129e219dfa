namespace Quincunx.Inference.Samplers;

public sealed record MetropolisOptions : ChainOptions
{
    public MetropolisAdaptation Adaptation { get; init; } = MetropolisAdaptation.Covariance;

    /// <summary>Standard deviations of the first proposals, one a coordinate, positive; empty for 2.38 / √d each.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [];

    internal MetropolisOptions Checked(int dimension)
    {
        CheckChains();
        if (Scales.Count != 0 && Scales.Count != dimension)
        {
            throw new ArgumentException($"Expected {dimension} scales or none, got {Scales.Count}.", nameof(Scales));
        }

        return Scales.All(s => s > 0 && double.IsFinite(s)) ? this : throw new ArgumentException($"Expected positive, finite scales, got [{string.Join(", ", Scales)}].", nameof(Scales));
    }
}
