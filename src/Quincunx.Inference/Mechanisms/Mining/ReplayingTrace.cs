using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>Makes the choices that were made, in their order, and sums their log-densities in a number that carries something along.</summary>
internal struct ReplayingTrace<TReal>(List<Choice> choices) : ITrace<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    private int _next;

    /// <summary>log p of the choices so far.</summary>
    public TReal LogProb { readonly get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReal Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<TReal>, allows ref struct
    {
        if (_next >= choices.Count || choices[_next].Site != site)
        {
            ThrowForeign(site);
        }

        double value = choices[_next++].Value;
        LogProb += law.LogProb(value);
        return TReal.CreateTruncating(value);
    }

    public readonly TReal Let(Site site, TReal value) => value;

    /// <exception cref="MiningException">Choices are left over.</exception>
    public readonly void Finish()
    {
        if (_next < choices.Count)
        {
            throw new MiningException($"The mechanism made the choice {choices[_next].Site} the first time and not the second: its course must come from theta and its choices alone.");
        }
    }

    private readonly void ThrowForeign(Site site) => throw new MiningException(
        $"The mechanism came to {site} where it made the choice {(_next < choices.Count ? choices[_next].Site.ToString() : "of nothing more")} before: "
        + "its course must come from theta and its choices alone.");
}
