using Quincunx.Runs.Reports;

namespace Quincunx.Runs.Pipeline.Judgement;

/// <summary>From the facts of a run to its verdict. The rules, their thresholds and the reasons for them are in <c>docs/methods/verdict.md</c>.</summary>
internal static class VerdictRules
{
    public const double PredictiveCaution = 0.01, ManyFailures = 0.1, OtherPrior = 1e-3;

    public static ReportVerdict Judge(VerdictFacts facts)
    {
        var findings = new Findings();
        if (facts.Importance is { } importance)
        {
            WeightRules.Apply(importance, facts, findings);
        }

        new NetworkRules(facts, findings).Apply();
        Failures(facts, findings);
        Recorded(facts, findings);
        Predictive(facts, findings);
        return findings.Verdict();
    }

    private static void Failures(VerdictFacts facts, Findings findings)
    {
        long total = facts.Simulations.Sum(s => (long)s.Count), failed = facts.Simulations.Sum(s => (long)s.Failed);
        if (failed == 0)
        {
            findings.Pass($"none of {Words.Count(total)} simulations failed");
            return;
        }

        string what = $"{Words.Count(failed)} of {Words.Count(total)} simulations failed ({Words.Percent(facts.Simulations[^1].FailedShare)} in the last round) and were left out: "
            + $"the {facts.Noun} learned the posterior under the prior given that the simulation succeeds.";
        if (facts.Simulations[^1].FailedShare > ManyFailures && !facts.IsReweighted)
        {
            findings.DoNotTrust(what + " With so many, check that failure is impossible for the real system; restrict the prior to where the simulator works, or make it return finite outputs.");
        }
        else
        {
            findings.Caution(what + " That is the right posterior only if the real system cannot fail in this way either.");
        }
    }

    private static void Recorded(VerdictFacts facts, Findings findings)
    {
        if (facts.Diagnostics.Recorded is not { } recorded)
        {
            return;
        }

        if (recorded.PValue < OtherPrior)
        {
            findings.DoNotTrust(
                $"The recorded parameters do not look like draws from the prior ({recorded.Parameter}: {Words.P(recorded.PValue)}): what was learned is the posterior under the law that they follow.");
        }
        else
        {
            findings.Pass($"the recorded parameters look like draws from the prior ({Words.P(recorded.PValue)})");
        }
    }

    private static void Predictive(VerdictFacts facts, Findings findings)
    {
        if (facts.Settings.Predictive == 0)
        {
            findings.Caution("The posterior predictive check was switched off: nothing tells whether the model can produce such data.");
        }
        else if (facts.Diagnostics.Recorded is not null)
        {
            findings.Caution("The posterior predictive check could not be made, because it needs new simulations and those of this study are recorded: nothing tells whether the model can produce such data.");
        }
        else if (facts.Diagnostics.Predictive is not { } check)
        {
            findings.Caution("The posterior predictive check could not be made, because nearly all simulations at draws of the posterior failed.");
        }
        else if (!(check.PValue >= PredictiveCaution))
        {
            findings.Caution(
                $"The model may not describe the data (posterior predictive {Words.P(check.PValue)}; the output farthest out is {check.MostExtreme}). "
                + "A posterior tells which parameters fit the model best to the data, not whether the model is right.");
        }
        else
        {
            findings.Pass($"the data look like simulations from the posterior ({Words.P(check.PValue)})");
        }
    }
}
