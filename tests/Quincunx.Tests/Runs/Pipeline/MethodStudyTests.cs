using Quincunx.Inference.Sequential;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Pipeline.Reporting;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Every method of the study file, on a line whose posterior is known: precision [[13, 24], [24, 57]], its inverse times (19.6, 43.6) for the mean.</summary>
public sealed class MethodStudyTests
{
    private const double Determinant = (13 * 57) - (24 * 24);

    private static readonly (double Mean, double Sd)[] Exact =
    [
        (((57 * 19.6) - (24 * 43.6)) / Determinant, Math.Sqrt(57 / Determinant)), (((13 * 43.6) - (24 * 19.6)) / Determinant, Math.Sqrt(13 / Determinant)),
    ];

    public static TheoryData<string, int> Methods
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in LineStudy.Methods)
            {
                data.Add(name, 1);
                data.Add(name, 2);
            }

            return data;
        }
    }

    // A ratio to a hypothesis is known where its simulations are: the medians of this prior are not near the data.
    private static string Own(string method) => method is "bnn-npe" or "npe-ensemble" ? LineStudy.Small(method) : $"method: {method}" + (method == "carl" ? "\nratio: { reference: [0.5, 0.5] }" : "");

    // What a few seconds of training reach: a mean within half a deviation, a deviation within a third. A wrong loss, a wrong prior or a wrong proposal is further off.
    [Theory, MemberData(nameof(Methods)), Trait("Category", "Slow")]
    public void Run_OfEachMethod_FindsThePosteriorAndIsReused(string method, int rounds)
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = Own(method), Rounds = rounds, Simulations = method == "bnn-npe" ? 300 : 2000, Epochs = 40 };
        study.Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        foreach ((ParameterMetrics parameter, (double mean, double sd)) in metrics.Parameters.Zip(Exact))
        {
            Assert.True(Math.Abs(parameter.Mean - mean) < 0.5 * sd, $"{parameter.Name}: mean {parameter.Mean}, expected {mean} ± {sd}");
            Assert.InRange(parameter.Sd / sd, 0.67, 1.5);
        }

        Assert.True(metrics.Diagnostics.Sbc!.PValue > 1e-3, $"calibration: p = {metrics.Diagnostics.Sbc.PValue}");
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        Assert.Contains(method == "npe-ensemble" ? "ensemble" : method, File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        if (rounds > 1 && InferenceMethod.Of(LineStudy.Word(method)).Proposes)
        {
            // The second round simulates what was proposed, row by row.
            double[] proposed = NpzFile.Read(folder["run/proposals/round-2.npz"]).Values<double>("theta", 2000, 2);
            using var simulated = Quincunx.Runs.Campaigns.CampaignReader.Open(folder["run/simulations.db"], folder["run/simulations/round-2.json"]);
            Assert.Equal(proposed, simulated.ReadAll().Theta);
        }
    }

    [Fact]
    public void Sample_OfAnImpossibleObservation_EndsWithAdviceOrDraws()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = "method: nre-c", Simulations = 300, Epochs = 2, Observation = "1e300, -1e300, 1e300", Diagnostics = "{ sbc: 0, predictive: 0 }" };
        try
        {
            study.Run(folder);
            Assert.All(NpzFile.Read(folder["run/raw-posterior.npz"]).Values<double>("theta", -1, 2), t => Assert.True(double.IsFinite(t)));
        }
        catch (RunException e)
        {
            Assert.Contains("There are no draws of the posterior.", e.Message, StringComparison.Ordinal);
        }
    }

    // Regions lie inside one another, and what earlier rounds simulated inside the last one is learned from with it: those draws are the prior's there.
    [Fact, Trait("Category", "Slow")]
    public void Run_OfThreeTruncatedRounds_LearnsFromEarlierRowsInside()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = "method: abc", Rounds = 3, Simulations = 1000, Diagnostics = "{ sbc: 0, predictive: 0 }" };
        study.Run(folder);
        var model = new StudyModel(study.Load(folder), TimeProvider.System);
        double[] radii = NpzFile.Read(folder["run/regions/round-3.npz"]).Values<double>("radius", -1);
        Assert.Equal(2, radii.Length);

        var prior = (RestrictedPrior)RegionFile.Prior(model, 3, name => folder["run/" + name]);
        int[] inside = [.. Enumerable.Range(1, 3).Select(round =>
        {
            using var reader = Quincunx.Runs.Campaigns.CampaignReader.Open(folder["run/simulations.db"], folder[$"run/simulations/round-{round}.json"]);
            return reader.ReadAll().Theta.Chunk(2).Count(theta => prior.Contains(theta));
        })];
        Assert.Equal(1000, inside[2]);
        Assert.InRange(inside[0], 1, 999);
        Assert.Equal(inside.Sum(), JsonArtifact.Read<NetworkFacts>(folder["run/network/round-3.json"]).Simulations);

        // As many of the first round as the region has of the prior: four standard errors of a binomial.
        double share = Math.Exp(prior.LogMass);
        Assert.InRange(inside[0], (1000 * share) - (4 * Math.Sqrt(1000 * share)), (1000 * share) + (4 * Math.Sqrt(1000 * share)));
    }

    // The box keeps the posterior, later rounds stay in it, and so do the draws.
    [Fact, Trait("Category", "Slow")]
    public void Run_OfThreeRoundsOfMarginalRatios_StaysInBoxesThatHoldThePosterior()
    {
        using var folder = new ScratchFolder();
        new LineStudy { Network = "method: tmnre", Rounds = 3, Simulations = 1000, Epochs = 30, Diagnostics = "{ sbc: 0, predictive: 0 }" }.Run(folder);
        double[][] Ends(int round) => [.. new[] { "lower", "upper" }.Select(end => NpzFile.Read(folder[$"run/regions/round-{round}.npz"]).Values<double>(end, 2))];
        double[][] second = Ends(2), third = Ends(3);
        double[] draws = NpzFile.Read(folder["run/raw-posterior.npz"]).Values<double>("theta", -1, 2);
        for (int j = 0; j < 2; j++)
        {
            (double mean, double sd) = Exact[j];
            Assert.InRange(third[0][j], second[0][j], mean - (2 * sd));
            Assert.InRange(third[1][j], mean + (2 * sd), second[1][j]);
            Assert.All(draws.Where((_, i) => i % 2 == j), t => Assert.InRange(t, third[0][j], third[1][j]));
        }

        Assert.True(third[1][1] - third[0][1] < 6, "The slope's interval was not cut to less than six deviations of its prior.");
    }

    // Means and deviations by proper scores are those of the posterior, and the report has them beside it.
    [Fact, Trait("Category", "Slow")]
    public void Run_WithMarginals_ReportsWhatProperScoresLearned()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Simulations = 2000, More = "marginals: { levels: [0.16, 0.5, 0.84] }", Diagnostics = "{ sbc: 0, predictive: 0 }" };
        study.Run(folder);
        MarginalFacts facts = JsonArtifact.Read<MarginalFacts>(folder["run/marginals.json"]);
        foreach ((MarginalParameterFacts parameter, (double mean, double sd)) in facts.Parameters.Zip(Exact))
        {
            Assert.InRange(parameter.Mean, mean - (0.5 * sd), mean + (0.5 * sd));
            Assert.InRange(parameter.Sd / sd, 0.67, 1.5);
            Assert.InRange(parameter.Quantiles[2] - parameter.Quantiles[0], 1.33 * sd, 3 * sd);
        }

        Assert.Contains("by proper scores", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
    }

    [Theory]
    [InlineData("method: npe", "marginals: { levels: [0.5, 0.5] }", 1, "rising levels")]
    [InlineData("method: bnn-npe", "", 2, "found 1200 simulations in all rounds, expected at most 1000 for bnn-npe")]
    [InlineData("method: bnn-npe\nbayesian: { chains: 1 }", "", 1, "inference.bayesian.chains: found 1")]
    [InlineData("method: bnn-npe\ntraining: { batch: 10 }", "", 1, "no such key for bnn-npe. Weights are sampled")]
    [InlineData("method: npe\nbayesian: { hidden: 4 }", "", 1, "no such key for npe")]
    [InlineData("method: mdn\nensemble: { members: 3 }", "", 1, "no such key for mdn. Its members are flows of npe.")]
    [InlineData("method: npe\nbalance: 10\nensemble: { members: 3 }", "", 1, "no such key beside balance")]
    [InlineData("method: npe\nensemble: { members: 1 }", "", 1, "inference.ensemble.members: found 1")]
    [InlineData("method: carl", "marginals: { levels: [0.5] }", 1, "no such key for carl")]
    [InlineData("method: nle", "marginals: { levels: [0.5] }", 2, "no such key for nle in several rounds")]
    [InlineData("method: carl\nratio: { reference: [0] }", "", 1, "2 numbers, one for each parameter")]
    [InlineData("method: nle\nratio: { reference: [0, 0] }", "", 1, "ratio")]
    [InlineData("method: nre-a\nratio: { reference: [0, 0] }", "", 1, "The others compare with the evidence")]
    [InlineData("method: tmnre", "correlation: { parameters: [start, slope], matrix: [[1, 0.5], [0.5, 1]] }", 1, "another method for a prior with correlated")]
    public void Load_WithKeysThatDoNotGoTogether_SaysWhy(string network, string more, int rounds, string said)
    {
        using var folder = new ScratchFolder();
        string message = Assert.Throws<Quincunx.Runs.Studies.StudyException>(() => new LineStudy { Network = network, More = more, Rounds = rounds }.Load(folder)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    // Keys that change a method: balance widens a little, an estimated trace leaves the draws as they are.
    [Theory, Trait("Category", "Slow")]
    [InlineData("method: npe\nbalance: 10", "balanced with weight 10")]
    [InlineData("method: fmpe\nscore: { hidden: [32, 32], trace: rademacher }", "estimates of the trace")]
    [InlineData("method: npe\nensemble: { members: 2 }\nembedding: { hidden: [16], outputs: 2 }", "2 networks")]
    [InlineData("method: npe\nfresh: true\nembedding: { hidden: [16], outputs: 2 }", "made while it trained")]
    public void Run_WithAKeyOfTheMethod_FindsThePosteriorAndSaysSo(string network, string said)
    {
        using var folder = new ScratchFolder();
        new LineStudy { Network = network, Simulations = 2000, Epochs = 40, Diagnostics = "{ sbc: 0, predictive: 0 }" }.Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        foreach ((ParameterMetrics parameter, (double mean, double sd)) in metrics.Parameters.Zip(Exact))
        {
            Assert.InRange(parameter.Mean, mean - (0.6 * sd), mean + (0.6 * sd));
            Assert.InRange(parameter.Sd / sd, 0.67, 2);
        }

        Assert.Contains(said, File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
    }

    // Networks and linear maps in one file, asked again from it by every later stage.
    [Fact, Trait("Category", "Slow")]
    public void Run_AbcWithLearnedSummaries_FindsThePosterior()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = "method: abc\nabc: { summary: { powers: 1, hidden: [16] }, regression: neural, quantile: 0.1 }", Simulations = 2000, Epochs = 40, Diagnostics = "{ sbc: 0, predictive: 100 }" };
        study.Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        Assert.All(metrics.Parameters.Zip(Exact), p => Assert.InRange(p.First.Mean, p.Second.Mean - (0.5 * p.Second.Sd), p.Second.Mean + (0.5 * p.Second.Sd)));
        Assert.True(metrics.Training[0].Steps > 0);
    }

    // Chains that used up their gradients in the warm-up leave nothing to draw from; those that ended later are a doubt in the verdict.
    [Fact]
    public void Run_BayesianNetworksWithFewGradients_EndsWithAdviceOrADoubt()
    {
        using var folder = new ScratchFolder();
        const string Method = "method: bnn-npe\nbayesian: { hidden: 2, warm-up: 50, draws: 50, thinning: 1, ";
        var study = new LineStudy { Network = Method + "gradients: 100 }", Simulations = 40, Diagnostics = "{ sbc: 0, predictive: 0 }" };
        Assert.Contains("inference.bayesian.gradients", Assert.Throws<RunException>(() => study.Run(folder)).Message, StringComparison.Ordinal);

        (study with { Network = Method + "acceptance: 0.8 }" }).Run(folder, "whole");
        NetworkChains whole = JsonArtifact.Read<NetworkFacts>(folder["whole/network/round-1.json"]).Chains!;
        Assert.Equal(("Completed", 200), (whole.StopReason, whole.Networks));
        (study with { Network = Method + FormattableString.Invariant($"acceptance: 0.8, gradients: {whole.Gradients * 9 / 10} }}") }).Run(folder, "part");
        NetworkChains part = JsonArtifact.Read<NetworkFacts>(folder["part/network/round-1.json"]).Chains!;
        Assert.Equal("BudgetExhausted", part.StopReason);
        Assert.InRange(part.Networks, 20, 196);
        Assert.Contains("gradients were used", File.ReadAllText(folder["part/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AbcWithinTooSmallATolerance_EndsWithAdvice()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = "method: abc\nabc: { tolerance: 0 }" };
        Assert.Contains("raise inference.abc.tolerance", Assert.Throws<RunException>(() => study.Run(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Benchmark_NamesOnlyMethodsThatThereAre() =>
        Assert.All(SbibmMethod.All, m => Assert.Equal(m.Method, InferenceMethod.Of(m.Method).Name));
}
