using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Sets what was seen and draws the other choices from their laws.</summary>
internal readonly struct WeighingTrace(ObservedEvent seen, Rng rng) : ITrace<double>
{
    /// <inheritdoc/>
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        if (seen.IsSeen(site, out double value))
        {
            return seen.AddSeen(site, law, value);
        }

        value = law.Sample(rng);
        return seen.AddLatent<TLaw>(site, value, law.LogProb(value));
    }

    /// <inheritdoc/>
    public double Let(Site site, double value) => seen.AddComputed(site, value);
}
