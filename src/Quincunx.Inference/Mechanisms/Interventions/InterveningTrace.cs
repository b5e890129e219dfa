using System.Numerics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Mechanisms.Laws;

namespace Quincunx.Inference.Mechanisms.Interventions;

/// <summary>Stands between a mechanism and any reading of it, and changes what is drawn or computed at some sites.</summary>
/// <remarks>
/// A set value is no choice any more: the reading is told it as a computed quantity. A shifted choice stays a choice, of its natural value, at a site named "natural ..."; a policy's draw
/// is a choice with the policy's density.
/// </remarks>
internal struct InterveningTrace<TReal, TTrace>(TTrace inner, InterventionTable table) : ITrace<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
    where TTrace : struct, ITrace<TReal>
{
#pragma warning disable IDE0044 // its calls change it: a copy of a readonly field would be changed instead
    private TTrace _inner = inner;
#pragma warning restore IDE0044

    public readonly TTrace Inner => _inner;

    public TReal Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<TReal>, allows ref struct
    {
        Intervention? change = table.Find(site);
        return change?.Kind switch
        {
            null => _inner.Draw(site, law),
            InterventionKind.Set => _inner.Let(site, TReal.CreateTruncating(change.Value)),
            InterventionKind.Shift => _inner.Let(site, _inner.Draw(site with { Name = change.NaturalName }, law) + TReal.CreateTruncating(change.Value)),
            _ => DrawPolicy(site, change.Policy!),
        };
    }

    public TReal Let(Site site, TReal value)
    {
        Intervention? change = table.Find(site);
        return change?.Kind switch
        {
            null => _inner.Let(site, value),
            InterventionKind.Set => _inner.Let(site, TReal.CreateTruncating(change.Value)),
            InterventionKind.Shift => _inner.Let(site, value + TReal.CreateTruncating(change.Value)),
            _ => DrawPolicy(site, change.Policy!),
        };
    }

    private TReal DrawPolicy(Site site, ScalarDistribution policy) => policy.Support.Discrete
        ? _inner.Draw(site, new DiscreteDistributionLaw<TReal>(policy))
        : _inner.Draw(site, new DistributionLaw<TReal>(policy));
}
