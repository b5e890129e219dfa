using Quincunx.Inference.Samplers;

namespace Quincunx.Inference.Posteriors;

/// <summary>Settings of <see cref="SampledPosterior"/>; the defaults serve one and a dozen parameters, one mode and several.</summary>
public sealed record SampledPosteriorOptions
{
    public PosteriorSampler Sampler { get; init; } = PosteriorSampler.Slice;

    /// <summary>Chains for each observation at most; as many as draws are wanted where those are fewer, at least 96. The shares of separate modes are known to about 1 / √chains.</summary>
    public int Chains { get; init; } = 1_000;

    /// <summary>Draws of the prior for each chain, from which the chains start.</summary>
    public int PriorDraws { get; init; } = 10;

    /// <summary>Share of the draws that a step from one power of the likelihood to the next leaves effective, in (0, 1).</summary>
    public double EssShare { get; init; } = 0.5;

    /// <summary>Powers of the likelihood at most between the prior and the posterior; the last step then is as long as it has to be.</summary>
    public int MaxStages { get; init; } = 100;

    /// <summary>Moves of each chain after every step; 0 for three times the number of parameters, and at least 10.</summary>
    public int StageMoves { get; init; }

    /// <summary>Moves of each chain before every draw that is kept; 0 for three times the number of parameters, and at least 8, of the Hamiltonian samplers 3.</summary>
    public int Thinning { get; init; }

    /// <summary>Iterations with which the Hamiltonian samplers adapt themselves, and their target acceptance. Draws and thinning are not taken from here.</summary>
    public NutsOptions Hamiltonian { get; init; } = new() { Warmup = 200 };

    internal int MovesOfStage(int dimension) => StageMoves > 0 ? StageMoves : Math.Max(10, 3 * dimension);

    internal int MovesOfDraw(int dimension) => Thinning > 0 ? Thinning : Math.Max(8, 3 * dimension);

    internal SampledPosteriorOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(Hamiltonian);
        _ = Hamiltonian.Checked();
        ArgumentOutOfRangeException.ThrowIfLessThan(Chains, 16);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PriorDraws);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxStages);
        ArgumentOutOfRangeException.ThrowIfNegative(StageMoves);
        ArgumentOutOfRangeException.ThrowIfNegative(Thinning);
        return EssShare is > 0 and < 1 ? this : throw new ArgumentOutOfRangeException(nameof(EssShare), EssShare, "Expected a share in (0, 1).");
    }
}
