using Quincunx.Inference.Samplers;

namespace Quincunx.Inference.Posteriors;

/// <summary>How the draws of a posterior at one observation were made, and whether to believe them.</summary>
public sealed record SamplingReport
{
    /// <summary>
    /// <see cref="SamplerStop.NoFiniteStart"/>: the likelihood was 0 or NaN at every draw of the prior, and there are no draws (they are NaN). <see cref="SamplerStop.BudgetExhausted"/>: the powers
    /// allowed ran out before the likelihood was reached gently; the draws are those of few ancestors.
    /// </summary>
    public required SamplerStop StopReason { get; init; }

    public required int Chains { get; init; }

    public required int DrawsPerChain { get; init; }

    /// <summary>Powers of the likelihood from the prior to the posterior, the last included; 1 where draws of the prior were resampled at once.</summary>
    public required int Stages { get; init; }

    /// <summary>Draws of the prior that the chains started from.</summary>
    public required int PriorDraws { get; init; }

    /// <summary>Of <see cref="PriorDraws"/>, those at which the likelihood was 0 or not a number.</summary>
    public required int ZeroStarts { get; init; }

    /// <summary>The least number of effective draws that a step from one power to the next left.</summary>
    public required double EffectiveStarts { get; init; }

    /// <summary>log ∫ prior × likelihood, from the weights of the steps: the evidence where the likelihood is normalised in x.</summary>
    public required double LogEvidence { get; init; }

    /// <summary>
    /// The largest over the parameters of √(1 + B / W), where B is the variance between the means of the four populations of chains that never met, and W that within them (nested R-hat,
    /// Margossian et al. 2024, arXiv:2110.13017). It sees shares of modes that differ, also where no chain changes its mode. NaN where there is nothing to compare.
    /// </summary>
    public required double RHat { get; init; }

    /// <summary>The least bulk effective draws over the parameters; NaN with fewer than four draws a chain.</summary>
    public required double Ess { get; init; }

    /// <summary>Evaluations of the likelihood, one a point; the share of this observation in a batch.</summary>
    public required long Evaluations { get; init; }

    /// <summary>Points at which the likelihood was NaN or +∞ in the run, for all its observations together; they counted as points of density 0.</summary>
    public required long Invalid { get; init; }

    /// <summary>Share of proposals accepted; 1 for slice sampling.</summary>
    public double Acceptance { get; init; } = 1;

    /// <summary>Divergent trajectories of Hamiltonian samplers.</summary>
    public long Divergences { get; init; }

    /// <summary>What is wrong, each with what may help; empty where nothing is known to be.</summary>
    public IReadOnlyList<string> Warnings => [.. Faults()];

    // Four independent means: B / W times the effective draws of a population is chi-squared with three degrees of freedom over three, above 5.4 one time in 1,000.
    private double LargestRHat => Math.Sqrt(1.02 + (5.4 / Math.Max(1, Chains / 4.0)));

    private IEnumerable<string> Faults()
    {
        if (StopReason == SamplerStop.NoFiniteStart)
        {
            yield return $"The likelihood is 0 or not a number at all of {PriorDraws} draws of the prior: the observation may be impossible under the prior, or the network may have failed. Look at the observation, or at the training.";
            yield break;
        }

        if (StopReason == SamplerStop.BudgetExhausted)
        {
            yield return $"{Stages} powers of the likelihood did not lead from the prior to the posterior: the observation is far from what was simulated, or the likelihood far too sharp. Check the observation, or allow more stages.";
        }
        else if (StopReason != SamplerStop.Completed)
        {
            yield return $"The sampler stopped with {StopReason}: use slice sampling, which needs no gradient.";
        }

        if (Invalid > 0)
        {
            yield return $"The likelihood was not a number at {Invalid} points, which counted as impossible: look at the network's training.";
        }

        if (EffectiveStarts < 10 && StopReason == SamplerStop.Completed)
        {
            yield return $"All draws descend from about {EffectiveStarts:0} at one step: modes may be missing. Take more chains or more draws of the prior.";
        }

        if (RHat > LargestRHat)
        {
            yield return $"R-hat between independent populations is {RHat:0.000}: they disagree, for instance on the shares of modes. Take more chains, or more moves a draw.";
        }

        if (Divergences > 0)
        {
            yield return $"{Divergences} trajectories diverged, so a region may be missing: use slice sampling, or raise the target acceptance.";
        }
    }
}
