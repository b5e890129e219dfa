using Quincunx.Inference.Mechanisms.Explaining;
using Quincunx.Inference.Mechanisms.Interventions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Counterfactuals;

/// <summary>What would have happened to this event, had something been otherwise: abduction, action, prediction.</summary>
/// <remarks>
/// <para>
/// J. Pearl, "Causality", 2nd edition 2009, section 7.1. Each choice is a mechanism with noise of its own, standard normal, through <see cref="ILaw{TReal}.FromNoise"/>. Abduction finds the
/// noise of an event, action changes the mechanism, prediction runs it on the same noise. Choices the event did not make get fresh noise.
/// </para>
/// <para>
/// The distribution of x under a law says nothing about which noise becomes which value: that a value increases with its noise is a convention of this project,
/// the natural one for continuous laws (for a normal it is mean + sd · noise) and an assumption for discrete ones. The noise of a discrete choice is known only to an interval; it is drawn from
/// there, so imagine many times and look at the spread.
/// </para>
/// </remarks>
/// <param name="mechanism">The simulator.</param>
public sealed class Imaginer(IMechanism mechanism)
{
    private readonly IMechanism _mechanism = mechanism ?? throw new ArgumentNullException(nameof(mechanism));

    /// <summary>Imagines an event of which everything is recorded.</summary>
    /// <param name="factual">An event of this mechanism, with its parameters.</param>
    /// <param name="interventions">What is otherwise; none repeats the event.</param>
    /// <param name="rng">For the noise of discrete choices and of choices the event did not make. Not used where there are none.</param>
    /// <exception cref="ArgumentException">The event is of another mechanism.</exception>
    public TraceRecord Imagine(TraceRecord factual, IReadOnlyList<Intervention> interventions, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(factual);
        ArgumentNullException.ThrowIfNull(rng);
        SimulatorShape.Check(_mechanism, factual.Theta.Length, factual.X.Length);
        Dictionary<Site, double> noise = [];
        double[] x = new double[factual.X.Length];
        var abducting = new AbductingTrace(factual, noise, rng.Split("abduction"));
        _mechanism.Run(factual.Theta, x, ref abducting);
        if (!x.AsSpan().SequenceEqual(factual.X))
        {
            throw new ArgumentException($"The choices of the recorded event give the outputs ({string.Join(", ", x)}), not its own ({string.Join(", ", factual.X)}): it is of another mechanism.", nameof(factual));
        }

        return Predict(factual.Theta, interventions, noise, rng.Split("prediction"));
    }

    /// <summary>Imagines every event that explains an observation, where the event itself is not known: expectations of the result are those of the counterfactual.</summary>
    /// <param name="factual">Events of this mechanism, by any method of explaining.</param>
    /// <param name="interventions">What is otherwise.</param>
    /// <param name="rng">Event i uses stream <c>Split(i)</c>.</param>
    /// <exception cref="ArgumentException">The events are of another mechanism.</exception>
    public ExplainedTraces Imagine(ExplainedTraces factual, IReadOnlyList<Intervention> interventions, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(factual);
        ArgumentNullException.ThrowIfNull(rng);
        return factual.Each((record, i) => Imagine(record, interventions, rng.Split(i)));
    }

    /// <summary>Finds the one event that gives these outputs, where the mechanism is invertible in its noise.</summary>
    /// <param name="theta">Shape <c>[parameters]</c>.</param>
    /// <param name="x">Shape <c>[outputs]</c>, finite.</param>
    /// <returns>The event, or why it cannot be had this way: then condition on x and imagine each of the weighted events.</returns>
    /// <remarks>
    /// Invertible is taken to be: a fixed course with as many choices as outputs, all continuous, and outputs that depend smoothly on their noise. Solved by Newton's method
    /// from noise 0 with central differences: exact to rounding where outputs are linear in the noise. A second solution elsewhere is not looked for.
    /// </remarks>
    /// <exception cref="ArgumentException">A length does not fit or a number is not finite.</exception>
    public Abduction Abduct(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(_mechanism, theta.Length, x.Length);
        foreach (double value in x)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(x), value, "Expected finite outputs.");
            }
        }

        return new NoiseInversion(_mechanism, theta.ToArray(), x.ToArray()).Solve();
    }

    // The event of a mechanism under interventions on given noise.
    private TraceRecord Predict(double[] theta, IReadOnlyList<Intervention> interventions, Dictionary<Site, double> noise, Rng rng) =>
        Run(_mechanism.Under(interventions), theta, Kept(noise, interventions), rng);

    internal static TraceRecord Run(IMechanism mechanism, double[] theta, IReadOnlyDictionary<Site, double> noise, Rng rng)
    {
        var record = new TraceRecord { Theta = theta, X = new double[mechanism.OutputNames.Count] };
        var trace = new ImaginingTrace(noise, rng, record);
        mechanism.Run(theta, record.X, ref trace);
        return record;
    }

    // A shifted choice is drawn at a site of another name, of the same noise; a policy's draw has nothing to do with what happened.
    private Dictionary<Site, double> Kept(Dictionary<Site, double> noise, IReadOnlyList<Intervention> interventions)
    {
        ArgumentNullException.ThrowIfNull(interventions);
        var table = new InterventionTable(interventions, _mechanism.OutputNames);
        foreach ((Site site, double e) in noise.ToArray())
        {
            Intervention? change = table.Find(site);
            if (change?.Kind == InterventionKind.Draw)
            {
                noise.Remove(site);
            }
            else if (change?.Kind == InterventionKind.Shift)
            {
                noise.Add(site with { Name = change.NaturalName }, e);
            }
        }

        return noise;
    }
}
