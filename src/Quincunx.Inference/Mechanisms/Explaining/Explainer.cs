using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>The posterior over the latent choices of an event, given what was seen of it.</summary>
/// <remarks>
/// Theta is fixed here. For a posterior over theta too, let the mechanism draw it from its prior as its first choices. All methods sample the same posterior: events z with
/// density proportional to p(x, z | theta), times the kernel where there is one.
/// </remarks>
public sealed class Explainer
{
    private readonly IMechanism _mechanism;
    private readonly double[] _theta;
    private readonly Observation _observation;

    /// <param name="theta">Shape <c>[parameters]</c>.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the observation names an output among its sites.</exception>
    public Explainer(IMechanism mechanism, ReadOnlySpan<double> theta, Observation observation)
    {
        ArgumentNullException.ThrowIfNull(mechanism);
        ArgumentNullException.ThrowIfNull(observation);
        MechanismShape.Check(mechanism, theta.Length, mechanism.OutputNames.Count);
        observation.Check(mechanism);
        (_mechanism, _theta, _observation) = (mechanism, theta.ToArray(), observation);
    }

    /// <summary>Importance sampling with likelihood weights: latent choices from their laws, weighted by the density of what was seen.</summary>
    /// <remarks>Fung and Chang 1990, UAI 5, 209. The mean weight estimates p(x | theta) without bias.</remarks>
    /// <param name="rng">Event i has stream i, so that threads do not matter and a longer run extends a shorter one; not advanced.</param>
    /// <exception cref="InvalidOperationException">The mechanism uses a site twice, or draws at an output what it does not put there.</exception>
    public TraceImportanceResult Weigh(TraceImportanceOptions options, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        options.Checked();
        return TraceImportance.Run(options, rng, () => new ObservedEvent(_mechanism, _theta, _observation, _observation.Kernel), Weigh, e => e, cancel);
    }

    private static double Weigh(ObservedEvent observed, Rng stream)
    {
        var trace = new WeighingTrace(observed, stream);
        observed.Run(ref trace);
        return observed.LogLikelihood;
    }
}
