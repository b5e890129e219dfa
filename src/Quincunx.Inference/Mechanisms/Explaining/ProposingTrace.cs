using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Sets what was seen and draws the other choices as a learned proposal says.</summary>
internal readonly struct ProposingTrace(ObservedEvent seen, ProposalReader reader, Rng rng) : ITrace<double>
{
    /// <inheritdoc/>
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        if (seen.IsSeen(site, out double value))
        {
            reader.Note(site, TraceEntry.KindOf<TLaw>(), value);
            return seen.AddSeen(site, law, value);
        }

        value = reader.Choose(site, law, rng);
        return seen.AddLatent<TLaw>(site, value, law.LogProb(value));
    }

    /// <inheritdoc/>
    public double Let(Site site, double value) => seen.AddComputed(site, value);
}
