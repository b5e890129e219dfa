namespace Quincunx.Runs.Pipeline.Judgement;

/// <summary>Rules on chains between parameters and blurred poses.</summary>
internal static class GibbsRules
{
    /// <summary>Replaced chains, of all in one iteration: what chains that are lost leave is not the posterior's.</summary>
    public const double ManyReplaced = 0.01;

    /// <param name="doubt">Told what is doubtful.</param>
    public static void Apply(VerdictFacts facts, Action<string> doubt, Findings findings)
    {
        if (facts.Networks[^1].Start is { StopReason: "Diverged" })
        {
            doubt("Training of the network that says where chains of poses start diverged; its best weights before that were kept. Lower inference.training.learning-rate.");
        }

        if (facts.Gibbs is not { } gibbs)
        {
            return;
        }

        double replaced = gibbs.Replaced / ((double)gibbs.Chains * gibbs.Iterations);
        if (!gibbs.HasConverged)
        {
            doubt("The draws may not be those of the posterior: " + gibbs.Advice);
        }
        else if (replaced > ManyReplaced)
        {
            doubt($"Chains of poses were lost and replaced by others in {Words.Percent(replaced)} of their iterations, because the network's draws lay outside the prior: the posterior may lack what they would have found.");
        }
        else
        {
            findings.Pass($"{Words.Count(gibbs.Chains)} chains of poses agree after {Words.Count(gibbs.Iterations)} iterations (R-hat {Words.Fixed(gibbs.RHat, 2)})");
        }
    }
}
