using Quincunx.Inference.Flows;

namespace Quincunx.Inference.ScoreModels;

/// <summary>How draws and densities of a <see cref="ScorePosterior"/> are computed; nothing that training depends on.</summary>
public sealed record ScoreSampling
{
    public ScoreSampler Sampler { get; init; }

    /// <summary>Steps of the fourth-order Runge-Kutta method along the probability flow, four passes of the network each.</summary>
    public int FlowSteps { get; init; } = 20;

    /// <summary>Steps of the diffusion, one pass of the network each, with a corrector two.</summary>
    public int DiffusionSteps { get; init; } = 500;

    /// <summary>Length of a corrector's step beside the noise: r of Song et al. 2021, algorithms 4 and 5.</summary>
    public double CorrectorRatio { get; init; } = 0.16;

    /// <summary>
    /// Null: the divergence in a log-density is exact, at the price of a pass for each parameter. Else it is estimated with one tangent (Hutchinson 1989), drawn by block number: unbiased for the logarithm,
    /// not for the density, and the same in each call.
    /// </summary>
    public TraceNoise? Divergence { get; init; }

    /// <exception cref="ArgumentException">A setting is out of its range, or the path has no diffusion.</exception>
    internal ScoreSampling Checked(NoisePath path)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FlowSteps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DiffusionSteps);
        if (!(CorrectorRatio > 0) || !double.IsFinite(CorrectorRatio))
        {
            throw new ArgumentOutOfRangeException(nameof(CorrectorRatio), CorrectorRatio, "Expected a positive number.");
        }

        // The drift α' / α of straight lines has no bound where α reaches 0.
        return path == NoisePath.OptimalTransport && Sampler != ScoreSampler.ProbabilityFlow
            ? throw new ArgumentException($"Expected {ScoreSampler.ProbabilityFlow} along {path}, got {Sampler}, which needs a path of a diffusion.", nameof(Sampler))
            : this;
    }
}
