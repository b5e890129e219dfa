namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>Makes choices that were made under other parameters, by name, and sums their log-densities.</summary>
internal struct AssumingTrace(Dictionary<Site, double> choices) : ITrace<double>
{
    /// <summary>log p of the choices so far.</summary>
    public double LogProb { readonly get; private set; }

    /// <summary>How many of them.</summary>
    public int Used { readonly get; private set; }

    /// <exception cref="ForeignChoiceException">The choice was not made.</exception>
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        if (!choices.TryGetValue(site, out double value))
        {
            throw new ForeignChoiceException();
        }

        LogProb += law.LogProb(value);
        Used++;
        return value;
    }

    public readonly double Let(Site site, double value) => value;

    /// <summary>These parameters lead to a choice that was not made.</summary>
    public sealed class ForeignChoiceException : Exception;
}
