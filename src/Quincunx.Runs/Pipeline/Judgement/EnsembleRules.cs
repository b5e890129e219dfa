namespace Quincunx.Runs.Pipeline.Judgement;

/// <summary>Rules on an ensemble: whether all its networks were trained, and whether they agree at the observation.</summary>
internal static class EnsembleRules
{
    /// <summary>Spread of means, in standard deviations of the mixture: where it is as large, the mixture would be narrower by an eighth if they were the same.</summary>
    public const double LargeOfSd = 0.5;

    /// <summary>Spread of the ends of 95 % intervals, as a part of the mixture's: where the end of a normal posterior is off by so much, its tail of 2.5 % holds 16 %.</summary>
    public const double LargeOfLength = 0.25;

    /// <summary>Which networks are left out, as the end of a sentence or a whole one; null where none is.</summary>
    public static string? Failed(IReadOnlyList<MemberFacts> members)
    {
        int[] failed = [.. Enumerable.Range(0, members.Count).Where(i => !members[i].Used).Select(i => i + 1)];
        return failed.Length == 0 ? null
            : $"training diverged of {(failed.Length == 1 ? "network" : "networks")} {string.Join(", ", failed)} of {members.Count}, which {(failed.Length == 1 ? "is" : "are")} left out. "
                + "Lower inference.training.learning-rate, or look at the simulations for extreme numbers.";
    }

    /// <returns>What is doubtful; none where there is nothing.</returns>
    public static IEnumerable<string> Doubts(VerdictFacts facts)
    {
        foreach (NetworkFacts network in facts.Networks.Where(n => n.StopReason != "Diverged"))
        {
            if (Failed(network.Members ?? []) is { } failed)
            {
                yield return $"In round {network.Round} {failed}";
            }
        }

        if (facts.Ensemble is not { } ensemble)
        {
            yield break;
        }

        if (ensemble.Networks < 2)
        {
            yield return "One network of the ensemble is left, so that nothing tells what networks do not agree on.";
        }
        else if (Worst(ensemble) is var worst && IsLarge(worst))
        {
            int others = ensemble.Parameters.Count(IsLarge) - 1;
            yield return $"The networks of the ensemble do not agree on {worst.Name}: {Difference(worst)}{(others > 0 ? $", and {Words.Plural(others, "other parameter")} {(others == 1 ? "is" : "are")} like it" : "")}. "
                + "The reported interval carries that; with more simulations they would agree, and it would be narrower.";
        }
    }

    /// <summary>That they agree; null where that is not known.</summary>
    public static string? Passed(VerdictFacts facts) => facts.Ensemble is { Networks: >= 2 } ensemble && Worst(ensemble) is var worst && !IsLarge(worst)
        ? $"{Words.Count(ensemble.Networks)} networks agree (on {worst.Name} least: {Difference(worst)})"
        : null;

    /// <summary>Whether networks differ by a large part of the width; true too where that is not known.</summary>
    public static bool IsLarge(EnsembleParameterFacts parameter) => !(Excess(parameter) <= 1);

    private static EnsembleParameterFacts Worst(EnsembleFacts ensemble) => ensemble.Parameters.MaxBy(p => double.IsNaN(Excess(p)) ? double.PositiveInfinity : Excess(p))!;

    private static double Excess(EnsembleParameterFacts p) => Math.Max(p.MeansOfSd / LargeOfSd, p.EndsOfLength / LargeOfLength);

    private static string Difference(EnsembleParameterFacts p) => p.MeansOfSd / LargeOfSd >= p.EndsOfLength / LargeOfLength
        ? $"their means differ by {Words.Fixed(p.MeansOfSd, 2)} of the posterior's standard deviation"
        : $"the {(p.LowerSpread >= p.UpperSpread ? "lower" : "upper")} ends of their intervals differ by {Words.Fixed(p.EndsOfLength, 2)} of the interval's length";
}
