using Quincunx.Inference.Networks;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Adversarial;

/// <summary>Fits the parameters of a simulator that has no density and no derivatives to many observations of single events, against a critic.</summary>
/// <remarks>
/// G. Louppe, J. Hermans and K. Cranmer 2019, AISTATS, arXiv:1707.07113. The proposal q(theta | psi) is moved so that the critic cannot tell x ~ ∫ p(x | theta) q(theta | psi) dtheta from the observations:
/// psi minimises E[−d(x)] + γ H(q) by the score-function estimator, the critic minimises E[d(x)] − E[d(observed)] + λ (‖∇d‖ − c)². Differences from the paper are steps in units of the proposal's own spread, the average over the
/// last steps as the result, and the sign of γ that is the default: entropy is rewarded a little, so that the spread settles.
/// </remarks>
public static class AdversarialVariationalOptimization
{
    /// <param name="simulator">One event a call. Discrete outputs are fine.</param>
    /// <param name="observations">Independent events, shape <c>[n, outputs]</c>, row-major, finite; at least 2.</param>
    /// <param name="proposal">Where it begins; not changed.</param>
    /// <param name="rng">Decides everything random; event i of all simulations uses its own stream. Not advanced.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="critic">To go on from, trained in place; null for a new one.</param>
    /// <returns>Also where it ended early or was cancelled.</returns>
    /// <exception cref="ArgumentException">Lengths do not fit, a number is not finite, or an option is out of its range.</exception>
    public static AvoResult Run(
        ISimulator simulator,
        ReadOnlySpan<double> observations,
        GaussianProposal proposal,
        AvoOptions options,
        Rng rng,
        IProgress<AvoStep>? progress = null,
        Critic? critic = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        AvoOptions settings = options.Checked();
        int k = simulator.OutputNames.Count;
        if (proposal.Dimension != simulator.ParameterNames.Count)
        {
            throw new ArgumentException($"Expected a proposal of {simulator.ParameterNames.Count} parameters, got {proposal.Dimension}.", nameof(proposal));
        }

        if (k == 0 || observations.Length % k != 0 || observations.Length / k < 2)
        {
            throw new ArgumentException($"Expected 2 or more rows of {k} outputs, got {observations.Length} numbers.", nameof(observations));
        }

        PairRows.CheckFinite(observations, k, nameof(observations));
        if (critic is not null && critic.Features != k)
        {
            throw new ArgumentException($"Expected a critic of {k} outputs, got {critic.Features}.", nameof(critic));
        }

        critic ??= new Critic(Standardise.Fit(observations, k), settings, rng.Split("critic"));
        using var run = new AvoRun(simulator, observations, proposal, critic, settings, rng);
        return run.ToEnd(progress, cancel);
    }

    /// <summary>A critic of the same shape, to import stored weights into.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static Critic UntrainedCritic(int features, AvoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Critic(new Standardise(features), options.Checked(), new Rng(0));
    }
}
