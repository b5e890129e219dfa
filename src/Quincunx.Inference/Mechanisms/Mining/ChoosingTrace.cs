using System.Runtime.CompilerServices;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>Draws every choice from its law and notes it.</summary>
internal readonly struct ChoosingTrace(Rng rng, List<Choice> choices) : ITrace<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        double value = law.Sample(rng);
        choices.Add(new(site, value));
        return value;
    }

    public double Let(Site site, double value) => value;
}
