namespace Quincunx.Inference.Distributions;

/// <summary>A prior restricted to a region: its density inside is the whole prior's over the region's mass.</summary>
public interface ITruncatedPrior : IDistribution
{
    /// <summary>Log of the whole prior's mass inside.</summary>
    double LogMass { get; }

    /// <summary>Whether a parameter vector lies inside.</summary>
    bool Contains(ReadOnlySpan<double> theta);
}
