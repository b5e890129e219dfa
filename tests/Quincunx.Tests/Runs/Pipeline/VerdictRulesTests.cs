using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Training;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Reports;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Each rule on both sides of its threshold, for the network's posterior and for the reweighted one.</summary>
public sealed class VerdictRulesTests
{
    private static readonly VerdictFacts Network = new(
        [Simulated(1000, 0)], [Trained("Converged")], new DiagnosticFacts(1, Sbc(0.5), Coverage(0.5, 0.5, 0.5), Check(0.5), Check(0.5)),
        Importance: null, new DiagnosticsSettings(300, 200, Coverage: true, Predictive: 500), PosteriorDraws: 10_000);

    private static readonly VerdictFacts Reweighted = Network with { Importance = Weighted() };

    /// <summary>What is changed, the verdict on the network's posterior and on the reweighted one, and a part of the reason.</summary>
    public static TheoryData<string, string, string, string> NetworkCases => new()
    {
        { "nothing", "Trusted", "Trusted", "" },
        { "spread 0.5", "Trusted", "Trusted", "" },
        { "spread 0.51", "Caution", "Trusted", "The networks of the ensemble do not agree on b: their means differ by 0.51 of the posterior's standard deviation." },
        { "ends 0.25", "Trusted", "Trusted", "" },
        { "ends 0.26", "Caution", "Trusted", "do not agree on b: the upper ends of their intervals differ by 0.26 of the interval's length." },
        { "spread NaN", "Caution", "Trusted", "do not agree on b" },
        { "one network left", "Caution", "Trusted", "One network of the ensemble is left" },
        { "networks that diverged", "Caution", "Trusted", "In round 1 training diverged of networks 1, 3 of 3, which are left out." },
        { "chains 160", "Trusted", "Trusted", "" },
        { "chains 161", "Caution", "Trusted", "Chains of poses were lost and replaced by others in 1 % of their iterations" },
        { "chains that disagree", "Caution", "Trusted", "The draws may not be those of the posterior: Look." },
        { "start that diverged", "Caution", "Trusted", "says where chains of poses start diverged" },
        { "diverged", "DoNotTrust", "Caution", "Training of round 1 diverged after 500 steps" },
        { "epochs, improving", "Caution", "Trusted", "Training ended after all of its 20 epochs" },
        { "epochs, settled", "Trusted", "Trusted", "" },
        { "epochs, at rest", "Trusted", "Trusted", "" },
        { "epochs, falling at rest", "Caution", "Trusted", "Training ended after all of its 20 epochs" },
        { "sbc 0.0009", "DoNotTrust", "Caution", "The network is not calibrated" },
        { "sbc 0.001", "Caution", "Trusted", "A calibrated one looks this bad in 0.1 % of runs" },
        { "sbc 0.049", "Caution", "Trusted", "The network may not be calibrated (p = 0.049 over 300 simulated data sets, adjusted for 2 quantities; worst: a)" },
        { "sbc 0.05", "Trusted", "Trusted", "" },
        { "sbc NaN", "DoNotTrust", "Caution", "p unknown" },
        { "sbc invalid", "DoNotTrust", "Caution", "no finite density or draws for 1 of 301 simulated" },
        { "sbc off", "Caution", "Trusted", "diagnostics.sbc is 0" },
        { "sbc failed", "DoNotTrust", "Caution", "all simulations for it failed" },
        { "overconfident 0.0009", "DoNotTrust", "Caution", "less often than they say, on average over levels by 4 % (p = 0.0009)" },
        { "overconfident 0.001", "Caution", "Trusted", "uncertainties may be too small" },
        { "conservative 0.0001", "Caution", "Trusted", "uncertainties may be too large" },
        { "conservative 0.03", "Trusted", "Trusted", "" },            // two-sided 0.06: one-sided p-values alone raise no doubt
        { "typical 0.0009", "DoNotTrust", "Caution", "unlike everything that the network was trained on" },
        { "typical 0.001", "Caution", "Trusted", "at the edge" },
        { "typical 0.05", "Trusted", "Trusted", "" },
        { "typical least of 500", "DoNotTrust", "Caution", "extrapolates" },
        { "typical least of 499", "Caution", "Trusted", "at the edge" },
        { "typical none", "DoNotTrust", "Caution", "Too few simulations succeeded" },
        { "1 failed", "Caution", "Caution", "1 of 1,000 simulations failed (0.1 % in the last round)" },
        { "100 failed", "Caution", "Caution", "cannot fail in this way" },
        { "101 failed", "DoNotTrust", "Caution", "10 % in the last round" },
        { "predictive 0.0099", "Caution", "Caution", "The model may not describe the data (posterior predictive p = 0.0099; the output farthest out is y)" },
        { "predictive 0.01", "Trusted", "Trusted", "" },
        { "predictive off", "Caution", "Caution", "was switched off" },
        { "predictive failed", "Caution", "Caution", "could not be made" },
    };

    /// <summary>What the weights are, the verdict, and a part of the reason.</summary>
    public static TheoryData<string, string, string> WeightCases => new()
    {
        { "ess 199", "DoNotTrust", "the effective sample size is 199 of 10,000 draws (efficiency 2 %), fewer than 200" },
        { "ess 200", "Caution", "Few draws count: the effective sample size is 200" },
        { "ess 999", "Caution", "Means are good to 3.2 % of a standard deviation" },
        { "ess 1000", "Trusted", "" },
        { "efficiency 0.0099", "Caution", "(efficiency 0.99 %), less than 1 %" },
        { "efficiency 0.01", "Trusted", "" },
        { "k 0.5", "Trusted", "" },
        { "k 0.51", "Caution", "k = 0.51" },
        { "k 0.7", "DoNotTrust", "k = 0.70, above the limit of 0.70" },
        { "k NaN", "DoNotTrust", "k = unknown" },
        { "k -Infinity", "Trusted", "" },
        { "invalid 1", "Caution", "at 1 of 10,000 draws (0.01 %)" },
        { "invalid 10", "Caution", "count as weight zero" },
        { "invalid 11", "DoNotTrust", "not a number at 11 of 10,000 draws" },
        { "start 9", "Caution", "its 10,000 draws are worth 9.0 (efficiency 0.09 %)" },
        { "start 10", "Trusted", "" },
        { "falling 1", "Caution", "still falls with the number of draws" },
        { "wanted 6000", "Caution", "worth 5,000 of the 6,000 wanted" },
        { "no overlap", "DoNotTrust", "Reweighting failed" },
    };

    [Theory, MemberData(nameof(NetworkCases))]
    public void Judge_Network_FollowsTheRule(string change, string network, string reweighted, string reason)
    {
        Check(VerdictRules.Judge(Changed(Network, change)), network, reason);
        ReportVerdict verdict = VerdictRules.Judge(Changed(Reweighted, change));
        Check(verdict, reweighted, reweighted == "Trusted" ? "" : reason);
        Assert.Equal(network == "DoNotTrust" && !change.EndsWith("failed", StringComparison.Ordinal) | change == "sbc failed",
            verdict.Failed.Any(f => f.EndsWith("does not rest on it.", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(WeightCases))]
    public void Judge_Weights_FollowsTheRule(string change, string level, string reason)
    {
        string[] words = change.Split(' ');
        double value = words[1] == "overlap" ? 0 : double.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture);
        ImportanceFacts good = Weighted();
        ImportanceFacts weights = words[0] switch
        {
            "ess" => good with { EffectiveSampleSize = value, Efficiency = value / good.Draws },
            "efficiency" => good with { Draws = 1_000_000, EffectiveSampleSize = 1_000_000 * value, Efficiency = value },
            "k" => good with { ParetoK = value },
            "invalid" => good with { Invalid = (int)value },
            "falling" => good with { Trend = "Falling" },
            "wanted" => good with { Drawing = new DrawingFacts((int)value, "DrawsExhausted", false, "") },
            "start" => good with { RawEfficiency = value / Network.PosteriorDraws },
            _ => ImportanceFacts.None("NoOverlap", 0, [], 1000),
        };

        Check(VerdictRules.Judge(Network with { Importance = weights }), level, reason);
    }

    [Fact]
    public void Judge_NoOverlap_AppliesTheNetworksRulesInFull()
    {
        VerdictFacts facts = Changed(Network, "sbc 0.0009") with { Importance = ImportanceFacts.None("NoOverlap", 0, [], 1000) };

        ReportVerdict verdict = VerdictRules.Judge(facts);

        Assert.Equal(2, verdict.Failed.Count);
        Assert.DoesNotContain(verdict.Failed, f => f.EndsWith("does not rest on it.", StringComparison.Ordinal));
    }

    [Fact]
    public void Judge_SeveralReasons_PutsTheGravestFirst()
    {
        ReportVerdict verdict = VerdictRules.Judge(Changed(Changed(Network, "typical 0.0009"), "sbc 0.02"));

        Assert.Equal(VerdictLevel.DoNotTrust, verdict.Level);
        Assert.StartsWith("The observation is unlike", verdict.Failed[0], StringComparison.Ordinal);
        Assert.StartsWith("The network may not", verdict.Failed[1], StringComparison.Ordinal);
        Assert.Contains("training converged", verdict.Passed);
    }

    private static void Check(ReportVerdict verdict, string level, string reason)
    {
        Assert.Equal(level, verdict.Level.ToString());
        if (reason.Length == 0)
        {
            Assert.Empty(verdict.Failed);
        }
        else
        {
            Assert.Contains(reason, Assert.Single(verdict.Failed), StringComparison.Ordinal);
        }
    }

    private static VerdictFacts Changed(VerdictFacts facts, string change)
    {
        string[] words = change.Split(' ');
        double value = words.Length > 1 && double.TryParse(words[1], System.Globalization.CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
        DiagnosticFacts d = facts.Diagnostics;
        return change switch
        {
            "nothing" => facts,
            "diverged" => facts with { Networks = [Trained("Diverged")] },
            "epochs, improving" => facts with { Networks = [Trained("MaxEpochs", fall: 0.006)] },
            "epochs, settled" => facts with { Networks = [Trained("MaxEpochs", fall: 0.004)] },        // over the last 2 of 20 epochs: 0.008 nats
            "epochs, at rest" => facts with { Networks = [Trained("MaxEpochs", fall: 0.006, resting: 1)] },         // over the one epoch at rest
            "epochs, falling at rest" => facts with { Networks = [Trained("MaxEpochs", fall: 0.011, resting: 1)] },
            "one network left" => facts with { Ensemble = Spread(0.1, 0.1) with { Networks = 1 } },
            "networks that diverged" => facts with { Networks = [Trained("Converged") with { Members = [Member(false), Member(true), Member(false)] }] },
            "chains that disagree" => facts with { Gibbs = Chains(nameof(GibbsStop.IterationsExhausted), 0) },
            "start that diverged" => facts with { Networks = [Trained("Converged") with { Start = new StartFacts("Diverged", 3, 1, 2, 50, 0) }], Gibbs = Chains(nameof(GibbsStop.Converged), 0) },
            "sbc invalid" => facts with { Diagnostics = d with { Sbc = d.Sbc! with { InvalidPairs = 1 } } },
            "sbc off" => facts with { Diagnostics = d with { Sbc = null, Coverage = null }, Settings = facts.Settings with { Sbc = 0 } },
            "sbc failed" => facts with { Diagnostics = d with { Sbc = null, Coverage = null } },
            "conservative 0.0001" => facts with { Diagnostics = d with { Coverage = Coverage(2 * value, 1, value) } },
            "conservative 0.03" => facts with { Diagnostics = d with { Coverage = Coverage(2 * value, 1, value) } },
            "typical least of 500" => facts with { Diagnostics = d with { Typical = Check(2.0 / 501, 500) } },
            "typical least of 499" => facts with { Diagnostics = d with { Typical = Check(2.0 / 500, 499) } },
            "typical none" => facts with { Diagnostics = d with { Typical = null } },
            "predictive off" => facts with { Diagnostics = d with { Predictive = null }, Settings = facts.Settings with { Predictive = 0 } },
            "predictive failed" => facts with { Diagnostics = d with { Predictive = null } },
            _ => (words[0], words[^1]) switch
            {
                ("spread", _) => facts with { Ensemble = Spread(value, 0.1) },
                ("chains", _) => facts with { Gibbs = Chains(nameof(GibbsStop.Converged), (long)value) },
                ("ends", _) => facts with { Ensemble = Spread(0.1, value) },
                ("sbc", _) => facts with { Diagnostics = d with { Sbc = Sbc(value) } },
                ("overconfident", _) => facts with { Diagnostics = d with { Coverage = Coverage(2 * value, value, 1) } },
                ("typical", _) => facts with { Diagnostics = d with { Typical = Check(value) } },
                ("predictive", _) => facts with { Diagnostics = d with { Predictive = Check(value) } },
                (string failed, "failed") => facts with { Simulations = [Simulated(1000, int.Parse(failed, System.Globalization.CultureInfo.InvariantCulture))] },
                _ => throw new ArgumentException($"No change '{change}'.", nameof(change)),
            },
        };
    }

    private static SimulationFacts Simulated(int count, int failed) => new(count, failed, (double)failed / count, []);

    private static NetworkFacts Trained(string stop, double fall = 0, int resting = 0)
    {
        TrainingEpoch[] history = [.. Enumerable.Range(0, 20).Select(e => new TrainingEpoch(e, 1, 1 - (fall * e), e >= 20 - resting ? 1e-9 : 1e-3, 1, 25 * (e + 1), 0, 0))];
        return new NetworkFacts(1, 1, ["a"], "affine-coupling", 2, [8], 8, 1000, 0, [], [], stop, 19, history[^1].ValidationLoss, 500, 0, history);
    }

    private static GibbsFacts Chains(string stop, long replaced) => new(1, stop, 1000, 16, 1.01, 5, replaced, 64, Inside: null, "Look.");

    private static EnsembleFacts Spread(double means, double ends) => new(
        1, 0.95, 3, 4000, [new("a", 0, 2, -4, 4, 0.2, 0.6, 0.6, -5, 5), new("b", 0, 2, -4, 4, 2 * means, 0.1, 8 * ends, -5, 5)]);

    private static MemberFacts Member(bool used) => new(used ? "Converged" : "Diverged", used, 20, 19, 1, 500, 0, 900);

    private static SbcFacts Sbc(double p) => new(300, 0, 200, p, 0, [new("b", 0.9, 0.9, 0.9, 0.9), new("a", p / 2, p, p, p)]);

    private static CoverageFacts Coverage(double p, double overconfident, double conservative) => new(300, p, overconfident, conservative, 0.02, 0.04);

    private static PredictiveFacts Check(double p, int simulations = 4000) => new(simulations, 0, p, p, p, "y", p);

    private static ImportanceFacts Weighted() => new(1, "Settled", 0.1, 10_000, 5000, 0.5, 0.2, 0.7, -10, 0.01, 0, 0, 30_000, []);
}
