using Quincunx.Inference.Importance;

namespace Quincunx.Runs.Pipeline.Judgement;

/// <summary>Rules on importance weights: where they are good, the reweighted posterior rests on nothing else.</summary>
internal static class WeightRules
{
    public const double FewestEffective = 200, FewEffective = 1_000, LowEfficiency = 0.01, FewestAtStart = 10, HighParetoK = 0.5, ManyInvalid = 1e-3;

    public static void Apply(ImportanceFacts weights, VerdictFacts facts, Findings findings)
    {
        if (!facts.IsReweighted)
        {
            findings.DoNotTrust(
                "Reweighting failed: too few draws of the network have a likelihood above zero. The network's own posterior is reported instead, and it misses the data; "
                + "use more simulations or more rounds.");
            return;
        }

        Invalid(weights, findings);
        Tail(weights, findings);
        Size(weights, findings);
        Trend(weights, findings);
        Start(weights, facts, findings);
    }

    private static void Invalid(ImportanceFacts weights, Findings findings)
    {
        double share = (double)weights.Invalid / weights.Draws;
        string what = $"The likelihood is not a number at {Words.Count(weights.Invalid)} of {Words.Count(weights.Draws)} draws ({Words.Percent(share)})";
        if (share > ManyInvalid)
        {
            findings.DoNotTrust(what + ": the posterior lacks these regions. Repair the likelihood there.");
        }
        else if (weights.Invalid > 0)
        {
            findings.Caution(what + "; these draws count as weight zero.");
        }
    }

    private static void Tail(ImportanceFacts weights, Findings findings)
    {
        string k = $"the tail index of the importance weights is k = {Words.Fixed(weights.ParetoK, 2)}";
        if (!(weights.ParetoK < weights.ParetoKLimit))
        {
            findings.DoNotTrust(
                $"A few draws dominate: {k}, above the limit of {Words.Fixed(weights.ParetoKLimit, 2)} up to which averages over {Words.Count(weights.Draws)} draws are reliable. "
                + "Use more rounds, more simulations or more rounds of reweighting.");
        }
        else if (weights.ParetoK > HighParetoK)
        {
            findings.Caution($"A few draws weigh much: {k}; above {Words.Fixed(HighParetoK, 1)} the weights have no finite variance, and errors shrink slower than the effective sample size says.");
        }
        else
        {
            findings.Pass($"importance weights without a heavy tail (k = {Words.Fixed(weights.ParetoK, 2)})");
        }
    }

    private static void Size(ImportanceFacts weights, Findings findings)
    {
        string ess = $"the effective sample size is {Words.Count(weights.EffectiveSampleSize)} of {Words.Count(weights.Draws)} draws (efficiency {Words.Percent(weights.Efficiency)})";
        if (!(weights.EffectiveSampleSize >= FewestEffective))
        {
            findings.DoNotTrust($"Too few draws count: {ess}, fewer than {Words.Count(FewestEffective)}. Raise importance.draws or importance.rounds, or improve the network.");
        }
        else if (weights.EffectiveSampleSize < FewEffective)
        {
            findings.Caution($"Few draws count: {ess}. Means are good to {Words.Percent(1 / Math.Sqrt(weights.EffectiveSampleSize))} of a standard deviation, but outer quantiles are rough. Raise importance.draws.");
        }
        else if (weights.Efficiency < LowEfficiency)
        {
            findings.Caution($"The proposal fits badly: {ess}, less than {Words.Percent(LowEfficiency)}. A part of the posterior that the network misses would go unnoticed.");
        }
        else
        {
            findings.Pass(ess);
        }
    }

    private static void Trend(ImportanceFacts weights, Findings findings)
    {
        if (weights.Trend == nameof(EfficiencyTrend.Falling))
        {
            findings.Caution("The efficiency still falls with the number of draws: there are larger weights than these draws have met, and the effective sample size is too high. Use more rounds of reweighting.");
        }

        if (weights.Drawing is { Stop: nameof(DrawUntilStop.DrawsExhausted) } drawing)
        {
            findings.Caution($"The draws allowed ran out: they are worth {Words.Count(weights.EffectiveSampleSize)} of the {Words.Count(drawing.Wanted)} wanted. Raise importance.draws, or improve the network.");
        }
    }

    // The weights of the last proposal cannot tell of a mode that none of the first draws was near.
    private static void Start(ImportanceFacts weights, VerdictFacts facts, Findings findings)
    {
        double effective = weights.RawEfficiency * facts.PosteriorDraws;
        if (!(effective >= FewestAtStart))
        {
            findings.Caution(
                $"The network is far from the posterior: its {Words.Count(facts.PosteriorDraws)} draws are worth {Words.Fixed(effective, 1)} (efficiency {Words.Percent(weights.RawEfficiency)}). "
                + "The refitted proposal began from these; another mode of the posterior, away from them, would have gone unnoticed. Use more simulations or more rounds.");
        }
        else
        {
            findings.Pass($"the network's draws found the posterior (worth {Words.Count(effective)} draws)");
        }
    }
}
