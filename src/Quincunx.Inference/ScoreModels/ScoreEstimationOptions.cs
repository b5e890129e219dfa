namespace Quincunx.Inference.ScoreModels;

/// <summary>Settings of <see cref="ScoreEstimation"/>.</summary>
public sealed record ScoreEstimationOptions
{
    public ScoreNetworkOptions Network { get; init; } = new();

    /// <summary>A path that has a diffusion: all but <see cref="NoisePath.OptimalTransport"/>.</summary>
    public NoisePath Path { get; init; } = NoisePath.VariancePreserving;

    public ScoreSampling Sampling { get; init; } = new();

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal ScoreEstimationOptions Checked()
    {
        Network.Checked();
        Sampling.Checked(Path);
        return Path != NoisePath.OptimalTransport && Enum.IsDefined(Path)
            ? this
            : throw new ArgumentException($"Expected a path of a diffusion, got {Path}; for straight lines there is {nameof(FlowMatching)}.", nameof(Path));
    }
}
