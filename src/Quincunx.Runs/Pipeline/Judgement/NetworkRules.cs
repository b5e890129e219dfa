using Quincunx.Inference.Training;
using Quincunx.Runs.Pipeline.Methods;

namespace Quincunx.Runs.Pipeline.Judgement;

/// <summary>Rules on the network: its training, its calibration, and whether it knows data like the observation.</summary>
/// <remarks>A reweighted posterior does not rest on the network, so that there each finding counts one level less: failures are cautions, doubts only stand in the report's tables.</remarks>
internal sealed class NetworkRules(VerdictFacts facts, Findings findings)
{
    public const double Failed = 1e-3, Doubtful = 0.05, Improving = 0.01, AtRest = 0.01;

    public const int EnoughToBeBeyond = 500;

    private const string NotDecisive = " The reported posterior is reweighted by the likelihood and does not rest on it.";

    private readonly InferenceMethod _method = InferenceMethod.Of(facts.Networks[^1]);

    private string Noun => _method.Noun;

    public void Apply()
    {
        Training();
        if (facts.Diagnostics.Sbc is not null)
        {
            Calibration(facts.Diagnostics.Sbc);
        }
        else if (facts.Settings.Sbc == 0)
        {
            Doubt($"The {Noun}'s calibration was not checked (diagnostics.sbc is 0): nothing tells whether its uncertainties can be believed.");
        }
        else
        {
            Fail($"The {Noun}'s calibration could not be checked, because all simulations for it failed.");
        }

        Coverage();
        Members();
        Sampling();
        GibbsRules.Apply(facts, Doubt, findings);
        Typical();
    }

    /// <summary>Whether a training that used all its epochs would have gone on to better losses.</summary>
    /// <remarks>
    /// A validation loss lower by 0.01 nats is a posterior nearer to the true one by that divergence: a shift of a parameter by 0.14 standard
    /// deviations. It is asked of the last tenth of the epochs, or of those whose rate had come to rest below a hundredth of the highest, where there are such: while a rate falls the loss falls with it,
    /// and that says nothing of a longer schedule.
    /// </remarks>
    internal static bool IsImproving(NetworkFacts network)
    {
        int resting = network.History.Reverse().TakeWhile(e => e.LearningRate < AtRest * network.History.Max(o => o.LearningRate)).Count();
        int last = resting > 0 ? resting : Math.Max(1, network.History.Count / 10), before = network.History.Count - last;
        return !(Best(network.History.Take(before)) - Best(network.History) <= Improving);

        static double Best(IEnumerable<TrainingEpoch> epochs) => epochs.Select(e => e.ValidationLoss).Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Min();
    }

    // p-values by rank end at 2 / (n + 1), above the threshold for small n: being farther out than every one of hundreds says as much.
    private static bool IsBeyondAll(PredictiveFacts check) => check.Simulations >= EnoughToBeBeyond && check.PValue <= 2.0001 / (check.Simulations + 1);

    private void Training()
    {
        bool passed = true;
        foreach (NetworkFacts network in facts.Networks.Where(n => n.StopReason == "Diverged"))
        {
            passed = false;
            Fail($"Training of round {network.Round} diverged after {Words.Plural(network.Steps, "step")}; the best weights before that were kept. Lower inference.training.learning-rate.");
        }

        NetworkFacts final = facts.Networks[^1];
        if (final.Chains is { } chains)
        {
            Chains(chains);
            return;
        }

        if (final is { History.Count: 0, StopReason: "Converged" })
        {
            return;                                 // a method that trains nothing
        }

        if (final.StopReason is "MaxEpochs" or "BudgetSteps" && IsImproving(final))
        {
            passed = false;
            Doubt(
                $"Training ended after all of its {Words.Plural(final.History.Count, "epoch")} while the validation loss still fell, so that the posterior is wider than the simulations allow. Raise inference.training.max-epochs.");
        }

        if (passed)
        {
            findings.Pass(final.StopReason == "Converged" ? "training converged" : "training used all its epochs and had settled");
        }
    }

    private void Chains(NetworkChains chains)
    {
        foreach (string warning in chains.Warnings)
        {
            Doubt("The networks may not be draws of their posterior: " + warning);
        }

        if (chains.Warnings.Count == 0)
        {
            findings.Pass($"the chains of weights agree (R-hat {Words.Fixed(chains.RHat, 2)}, {Words.Count(chains.Ess)} effective networks)");
        }
    }

    private void Calibration(SbcFacts sbc)
    {
        if (sbc.InvalidPairs > 0)
        {
            Fail($"The {Noun} gave no finite density or draws for {Words.Count(sbc.InvalidPairs)} of {Words.Count(sbc.Pairs + sbc.InvalidPairs)} simulated data sets.");
        }

        SbcQuantityFacts? worst = sbc.Quantities.MinBy(q => double.IsNaN(q.Adjusted) ? -1 : q.Adjusted);
        string test = $"{Words.P(sbc.PValue)} over {Words.Count(sbc.Pairs)} simulated data sets, adjusted for {Words.Count(sbc.Quantities.Count)} quantities; worst: {worst?.Name ?? "none"}";
        if (!(sbc.PValue >= Failed))
        {
            Fail($"The {Noun} is not calibrated: true values do not rank uniformly among its draws ({test}). {_method.Improvement}");
        }
        else if (sbc.PValue < Doubtful)
        {
            Doubt(
                $"The {Noun} may not be calibrated ({test}). A calibrated one looks this bad in {Words.Percent(sbc.PValue)} of runs: repeat with another seed or a larger diagnostics.sbc.");
        }
        else
        {
            findings.Pass($"the {Noun}'s ranks are uniform ({Words.P(sbc.PValue)})");
        }
    }

    private void Coverage()
    {
        if (facts.Diagnostics.Coverage is not { } coverage)
        {
            return;
        }

        string off = $"on average over levels by {Words.Percent(coverage.CalibrationError)}";
        if (!(coverage.OverconfidentPValue >= Failed))
        {
            Fail($"The {Noun}'s credible regions hold the truth less often than they say, {off} ({Words.P(coverage.OverconfidentPValue)}): its uncertainties are too small.");
        }
        else if (!(coverage.PValue >= Doubtful))
        {
            bool isConservative = coverage.ConservativePValue <= coverage.OverconfidentPValue;
            Doubt(
                $"The {Noun}'s credible regions hold the truth {(isConservative ? "more" : "less")} often than they say, {off} ({Words.P(coverage.PValue)}): "
                + $"its uncertainties may be too {(isConservative ? "large; true values are not missed, but the data tell more than the posterior shows" : "small")}. "
                + $"A calibrated network looks this bad in {(coverage.PValue < 1e-4 ? "less than 0.01 %" : Words.Percent(coverage.PValue))} of runs.");
        }
        else
        {
            findings.Pass($"the {Noun}'s credible regions cover as they say ({Words.P(coverage.PValue)})");
        }
    }

    private void Members()
    {
        foreach (string doubt in EnsembleRules.Doubts(facts))
        {
            Doubt(doubt);
        }

        if (EnsembleRules.Passed(facts) is { } passed)
        {
            findings.Pass(passed);
        }
    }

    private void Sampling()
    {
        if (facts.Sampling is not { } sampling)
        {
            return;
        }

        foreach (string warning in sampling.Warnings)
        {
            Doubt("The sampler's draws may not be those of the learned posterior: " + warning);
        }

        if (sampling.Warnings.Count == 0)
        {
            findings.Pass($"{Words.Count(sampling.Chains)} chains agree ({Words.Count(sampling.Ess)} effective draws)");
        }
    }

    private void Typical()
    {
        if (facts.Diagnostics.Typical is not { } typical)
        {
            Fail($"Too few simulations succeeded to tell whether the observation is like those that the {Noun} learned from.");
            return;
        }

        string where = $"{Words.P(typical.PValue)} among {Words.Count(typical.Simulations)} simulations; the output farthest out is {typical.MostExtreme}";
        if (!(typical.PValue >= Failed) || IsBeyondAll(typical))
        {
            Fail($"The observation is unlike everything that the {Noun} was trained on ({where}): it extrapolates. Check the data's units and order, the prior, and the model.");
        }
        else if (typical.PValue < Doubtful)
        {
            Doubt(
                $"The observation lies at the edge of what the {Noun} was trained on ({where}), where it has seen few examples. Data from the model itself do so in {Words.Percent(typical.PValue)} of cases.");
        }
        else
        {
            findings.Pass($"the observation is like the training simulations ({Words.P(typical.PValue)})");
        }
    }

    private void Fail(string reason)
    {
        if (facts.IsReweighted)
        {
            findings.Caution(reason + NotDecisive);
        }
        else
        {
            findings.DoNotTrust(reason);
        }
    }

    private void Doubt(string reason)
    {
        if (!facts.IsReweighted)
        {
            findings.Caution(reason);
        }
    }
}
