using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Counterfactuals;

/// <summary>Makes every choice of the noise it is given, and of fresh noise where there is none; writes everything down.</summary>
internal readonly struct ImaginingTrace(IReadOnlyDictionary<Site, double> noise, Rng rng, TraceRecord record) : ITrace<double>
{
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        if (!noise.TryGetValue(site, out double e))
        {
            e = rng.NextNormal();
        }

        double value = law.FromNoise(e);
        record.Add(new(site, TraceEntry.KindOf<TLaw>(), value, law.LogProb(value), e));
        return value;
    }

    public double Let(Site site, double value)
    {
        record.Add(new(site, TraceEntryKind.Computed, value, 0, double.NaN));
        return value;
    }
}
