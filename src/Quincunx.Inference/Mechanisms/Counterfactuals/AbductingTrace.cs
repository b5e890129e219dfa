using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Counterfactuals;

/// <summary>Goes through an event that happened and finds the noise that each choice came of.</summary>
internal readonly struct AbductingTrace(TraceRecord factual, Dictionary<Site, double> noise, Rng rng) : ITrace<double>
{
    /// <exception cref="ArgumentException">The event does not have the choice.</exception>
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        if (!factual.TryGet(site, out TraceEntry entry))
        {
            throw new ArgumentException($"The recorded event has no choice {site}, which this mechanism makes at its parameters: it is of another mechanism.");
        }

        noise.Add(site, law.ToNoise(entry.Value, rng));
        return entry.Value;
    }

    public double Let(Site site, double value) => value;
}
