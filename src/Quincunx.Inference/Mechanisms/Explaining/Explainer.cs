using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

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
        SimulatorShape.Check(mechanism, theta.Length, mechanism.OutputNames.Count);
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
        return TraceImportance.Run(options, rng, () => NewEvent(_observation.Kernel), Weigh, e => e, cancel);
    }

    /// <summary>Importance sampling with a learned proposal: latent choices as the network proposes them, weighted to exactness.</summary>
    /// <remarks>
    /// A share δ of events is drawn from the laws p and the others from the proposal r, so the density of events is δ p + (1 - δ) r and the weight L / (δ + (1 - δ)
    /// r / p), with the likelihood L of what was seen: at most 1/δ times the likelihood weight (Hesterberg 1995, Technometrics 37, 185). Sites that were seen
    /// besides the outputs are known to the network from where the mechanism comes by them.
    /// </remarks>
    /// <param name="proposal">Trained on this mechanism; on another it wastes events, but nothing becomes wrong.</param>
    /// <param name="rng">Event i has stream i; not advanced.</param>
    /// <exception cref="ArgumentException">The proposal is for another number of outputs, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The mechanism uses a site twice, or draws at an output what it does not put there.</exception>
    public TraceImportanceResult Weigh(TraceProposal proposal, TraceImportanceOptions options, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        options.Checked();
        double[] x = [.. _observation.X];
        if (proposal.Outputs != x.Length)
        {
            throw new ArgumentException($"Expected a proposal for {x.Length} outputs, got one for {proposal.Outputs}.", nameof(proposal));
        }

        double share = options.DefensiveShare;
        return TraceImportance.Run(options, rng, () => (Event: NewEvent(_observation.Kernel), Reader: proposal.Reader(x)), Propose, s => s.Event, cancel);

        double Propose((ObservedEvent Event, ProposalReader Reader) state, Rng stream)
        {
            state.Reader.Begin(proposes: stream.NextDouble() >= share);
            var trace = new ProposingTrace(state.Event, state.Reader, stream);
            state.Event.Run(ref trace);
            return state.Event.LogLikelihood - SpecialFunctions.LogAddExp(Math.Log(share), SpecialFunctions.Log1p(-share) + state.Reader.LogRatio);
        }
    }

    /// <summary>Markov chains on traces: one or two choices are changed at a time, and the number of choices may change with them.</summary>
    /// <remarks>
    /// Wingate, Stuhlmüller and Goodman 2011, AISTATS 15, 770. Where outputs are computed from discrete choices and must be equal to what was seen, single changes are all
    /// rejected, and few events have positive density at all. <see cref="TraceMetropolisOptions.Relaxation"/> then weakens equality for the chain, and the states that
    /// meet it are kept: the distribution of a chain's states, given that they meet a condition, is its stationary distribution given that condition, so this is
    /// conditioning and no approximation.
    /// </remarks>
    /// <param name="rng">Chain c has stream c; not advanced.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is a relaxation and the observation has a kernel of its own.</exception>
    /// <exception cref="InvalidOperationException">The mechanism uses a site twice, or draws at an output what it does not put there.</exception>
    public TraceMetropolisResult Walk(TraceMetropolisOptions options, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        options.Checked();
        return options.Relaxation is not null && _observation.Kernel is not null
            ? throw new ArgumentException("Expected a relaxation or a kernel of the observation, got both: there is no equality to relax.", nameof(options))
            : TraceMetropolis.Run(options, rng, () => NewEvent(_observation.Kernel ?? options.Relaxation), cancel);
    }

    private ObservedEvent NewEvent(OutputKernel? kernel) => new(_mechanism, _theta, _observation, kernel);

    private static double Weigh(ObservedEvent observed, Rng stream)
    {
        var trace = new WeighingTrace(observed, stream);
        observed.Run(ref trace);
        return observed.LogLikelihood;
    }
}
