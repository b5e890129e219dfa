namespace Quincunx.Inference.ScoreModels;

/// <summary>Settings of <see cref="FlowMatching"/>.</summary>
public sealed record FlowMatchingOptions
{
    public ScoreNetworkOptions Network { get; init; } = new();

    /// <summary><see cref="NoisePath.OptimalTransport"/> or <see cref="NoisePath.VariancePreserving"/>: decides how often training sees which noise.</summary>
    public NoisePath Path { get; init; }

    /// <summary>
    /// Times are u / (u + shift (1 - u)) with u uniform: 1 for uniform times, more to train more near the parameters, where sharp posteriors are decided (a role that the power law of Wildberger et al. 2023,
    /// arXiv:2305.17161, section 3.3, plays there; the form is that of Esser et al. 2024, arXiv:2403.03206, equation 23).
    /// </summary>
    public double TimeShift { get; init; } = 3;

    public ScoreSampling Sampling { get; init; } = new();

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal FlowMatchingOptions Checked()
    {
        Network.Checked();
        Sampling.Checked(Path);
        if (!(TimeShift > 0) || !double.IsFinite(TimeShift))
        {
            throw new ArgumentOutOfRangeException(nameof(TimeShift), TimeShift, "Expected a positive number.");
        }

        return Path is NoisePath.OptimalTransport or NoisePath.VariancePreserving
            ? this
            : throw new ArgumentException($"Expected {NoisePath.OptimalTransport} or {NoisePath.VariancePreserving}, got {Path}.", nameof(Path));
    }
}
