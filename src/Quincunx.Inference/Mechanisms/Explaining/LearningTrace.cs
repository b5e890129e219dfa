using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Simulates an event and notes its latent choices as a proposal learns from them.</summary>
/// <param name="noises">Of the noises that are not fixed by their values: apart, so that the event is the same whether they are asked for or not.</param>
/// <param name="sites">Null while they are being found: then every choice is noted in <paramref name="found"/>.</param>
internal readonly struct LearningTrace(
    Rng rng, Rng noises, LearnedSites? sites, List<(Site Site, TraceEntryKind Kind, double Value)>? found, List<RecordedChoice>? choices) : ITrace<double>
{
    // A noise beyond this occurs once in 10¹⁵ and stands for a value at which the law's tail underflows.
    private const double FarthestNoise = 8;

    /// <inheritdoc/>
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        double value = law.Sample(rng);
        if (site.Name == Site.OutputName)
        {
            return value;
        }

        found?.Add((site, TraceEntry.KindOf<TLaw>(), value));
        int at = sites?.Find(site, TraceEntry.KindOf<TLaw>()) ?? -1;
        if (at < 0)
        {
            return value;
        }

        int values = sites![at].Values;
        if (values == 0)
        {
            double noise = law.ToNoise(value, noises);
            choices!.Add(new(at, value, Math.Clamp(noise, -FarthestNoise, FarthestNoise), null));
        }
        else if (value < values)
        {
            float[] logLaw = new float[values];
            for (int v = 0; v < values; v++)
            {
                logLaw[v] = (float)law.LogProb(v);
            }

            choices!.Add(new(at, value, 0, logLaw));
        }

        return value;
    }

    /// <inheritdoc/>
    public double Let(Site site, double value) => value;
}
