using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Runs a mechanism again for a step of a chain: most choices as they were, one or two changed, those that were not there drawn.</summary>
internal readonly struct MovingTrace(TraceChain chain, Rng rng) : ITrace<double>
{
    /// <inheritdoc/>
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct => chain.Draw(site, law, rng);

    /// <inheritdoc/>
    public double Let(Site site, double value) => chain.Let(site, value);
}
