using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms;

/// <summary>Draws every choice from its law and writes everything down.</summary>
/// <param name="rng">The stream of this event.</param>
/// <param name="record">Written to; empty at the beginning.</param>
public readonly struct RecordingTrace(Rng rng, TraceRecord record) : ITrace<double>
{
    /// <summary>Runs an event of a mechanism and returns what happened: the same event that <c>Simulate</c> makes of this stream.</summary>
    /// <param name="mechanism">The simulator.</param>
    /// <param name="theta">Shape <c>[parameters]</c>.</param>
    /// <param name="rng">The stream of this event.</param>
    /// <exception cref="ArgumentException">Theta has another length.</exception>
    /// <exception cref="InvalidOperationException">The mechanism uses a site twice.</exception>
    public static TraceRecord Run(IMechanism mechanism, ReadOnlySpan<double> theta, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(mechanism);
        ArgumentNullException.ThrowIfNull(rng);
        double[] x = new double[mechanism.OutputNames.Count];
        SimulatorShape.Check(mechanism, theta.Length, x.Length);
        var record = new TraceRecord { Theta = theta.ToArray(), X = x };
        var trace = new RecordingTrace(rng, record);
        mechanism.Run(theta, x, ref trace);
        return record;
    }

    /// <inheritdoc/>
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        double value = law.Sample(rng);
        record.Add(new(site, TraceEntry.KindOf<TLaw>(), value, law.LogProb(value), double.NaN));
        return value;
    }

    /// <inheritdoc/>
    public double Let(Site site, double value)
    {
        record.Add(new(site, TraceEntryKind.Computed, value, 0, double.NaN));
        return value;
    }
}
