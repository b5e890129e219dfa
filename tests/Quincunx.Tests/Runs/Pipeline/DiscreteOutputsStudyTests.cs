using Quincunx.Inference.Nle;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies of a count beside a continuous output that depends on it: opinion ~ N(0, 1), votes ~ Binomial(12, logistic(opinion)), gap ~ N(opinion + 0.3 (votes - 6), 0.5²).</summary>
public sealed class DiscreteOutputsStudyTests
{
    private const int Most = 12;
    private const double Sd = 0.5, Slope = 0.3;

    // Means are known to 0.02 sd from 4,000 draws; the rest is what 4,000 simulations leave to a network. Without the votes the mean would be half a deviation off, without the gap the width by a half.
    [Theory, Trait("Category", "Slow")]
    [InlineData("discrete: [votes]")]
    [InlineData("bins: 5")]
    public void Run_OfACountBesideAGaussian_FindsThePosteriorAndKeepsIt(string likelihood)
    {
        using var folder = new ScratchFolder();
        Study study = Load(folder, likelihood, simulations: 4000, epochs: 30);
        Run(folder, study);
        var model = new StudyModel(study, TimeProvider.System);
        Estimate learned = NetworkFile.Estimate(model, folder["run/network/round-1.npz"]);
        Assert.Equal(new DiscreteFeature(1, 0, Most + 1), Assert.Single(((NeuralLikelihood)learned.Network).Discrete));

        // The run's densities are those of the network as it is read from its file.
        var raw = NpzFile.Read(folder["run/raw-posterior.npz"]);
        double[] thetas = raw.Values<double>("theta", -1, 1), logs = new double[thetas.Length];
        learned.Posterior.LogProb(model.Observation, thetas, logs);
        Assert.Equal(raw.Values<double>("log_q", -1), logs);
        CheckMoments(thetas, model.Observation);
        foreach (double[] x in (double[][])[[0.2, 7], [-1.8, 2]])
        {
            double[] draws = new double[4000];
            learned.Posterior.Sample(x, draws, new Rng(5));
            CheckMoments(draws, x);
        }
    }

    [Theory]
    [InlineData("discrete: []", 0)]
    [InlineData("discrete: [votes], levels: 2", 1)]
    public void Run_WhereTheStudySaysOtherwise_LearnsDensities(string likelihood, int discrete)
    {
        using var folder = new ScratchFolder();
        Study study = Load(folder, likelihood, simulations: 200, epochs: 1);
        Run(folder, study);
        var network = (NeuralLikelihood)NetworkFile.Estimate(new StudyModel(study, TimeProvider.System), folder["run/network/round-1.npz"]).Network;
        Assert.Equal(discrete, network.Discrete.Count);

        // A density knows values between the counts, where categories have none.
        double[] log = new double[1];
        network.LogLikelihoodPairs([0.3], [0.5, 6.25], log);
        Assert.True(double.IsFinite(log[0]));
    }

    [Fact]
    public void Run_OfTwoRounds_FindsTheCountsOfEach()
    {
        using var folder = new ScratchFolder();
        Study study = Load(folder, "discrete: [votes]", simulations: 300, epochs: 2, rounds: 2);
        Run(folder, study);
        Assert.Equal("discrete: votes", new LikelihoodMethod(learnsScores: false).Describe(new StudyModel(study, TimeProvider.System))[^15..]);
        Assert.Equal(1, ((NeuralLikelihood)NetworkFile.Estimate(new StudyModel(study, TimeProvider.System), folder["run/network/round-2.npz"]).Network).Discrete[0].Index);
    }

    [Fact]
    public void Run_WhereADiscreteOutputIsNotWhole_SaysWhichAndWhatItFound()
    {
        using var folder = new ScratchFolder();
        Study study = Load(folder, "discrete: [gap, votes]", simulations: 200, epochs: 1, observation: "1, 9");
        var e = Assert.Throws<RunException>(() => Run(folder, study));
        Assert.StartsWith("inference.likelihood.discrete: found gap = ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(" in the simulations, expected whole numbers. Leave gap out of the list to have its density learned.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhereCountsAreTooFarApart_SaysSo()
    {
        using var folder = new ScratchFolder();
        Study study = Load(folder, "discrete: [votes]", simulations: 200, epochs: 1, scale: 1e8);
        var e = Assert.Throws<RunException>(() => Run(folder, study));
        Assert.Contains("expected at most 16777216 values", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("discrete: [vote]", "1.5, 9", "8:28: inference.likelihood.discrete[0]: found 'vote', which is no output of votes, expected some of gap, votes. Did you mean 'votes'?")]
    [InlineData("discrete: [votes, votes]", "1.5, 9", "8:35: inference.likelihood.discrete[1]: found 'votes' again, expected each output once.")]
    [InlineData("discrete: [votes]", "1.5, 9.5", "5:14: observation: found votes = 9.5, expected a whole number. inference.likelihood.discrete has that output.")]
    [InlineData("levels: 0", "1.5, 9", "8:25: inference.likelihood.levels: found 0, expected a whole number from 1 to 10000.")]
    public void Load_OfWhatCannotBe_SaysWhere(string likelihood, string observation, string expected)
    {
        using var folder = new ScratchFolder();
        var e = Assert.Throws<StudyException>(() => Load(folder, likelihood, simulations: 200, epochs: 1, observation: observation));
        Assert.EndsWith(expected, Assert.Single(e.Problems).ToString(), StringComparison.Ordinal);
    }

    private static void Run(ScratchFolder folder, Study study)
    {
        using var run = RunFolder.Open(folder["run"], study, TimeProvider.System);
        new StageEngine(run, StudyPipeline.Create(study).Stages, progress: null).Run("sample", CancellationToken.None);
    }

    private static Study Load(ScratchFolder folder, string likelihood, int simulations, int epochs, int rounds = 1, string observation = "1.5, 9", double scale = 1) => Study.Load(
        folder.Write("votes/study.yaml", $$"""
            format: 1
            simulator: votes
            prior:
              opinion: { normal: { mean: 0, sd: 1 } }
            observation: { values: [{{observation}}] }
            inference:
              method: nle
              likelihood: { {{likelihood}} }
              simulations: {{simulations}}
              rounds: {{rounds}}
              training: { batch: 100, max-epochs: {{epochs}}, learning-rate: 0.003 }
              sampler: { chains: 400 }
            posterior: { draws: 4000 }
            """),
        new Catalog(scale));

    private static void CheckMoments(double[] draws, double[] x)
    {
        // The midpoint rule over eight deviations of the prior.
        double total = 0, mean = 0, square = 0;
        for (double theta = -8; theta <= 8; theta += 0.001)
        {
            double p = 1 / (1 + Math.Exp(-theta));
            double weight = Math.Exp(
                (x[1] * Math.Log(p)) + ((Most - x[1]) * Math.Log(1 - p)) + SpecialFunctions.NormalLogPdf((x[0] - theta - (Slope * (x[1] - 6))) / Sd) + SpecialFunctions.NormalLogPdf(theta));
            (total, mean, square) = (total + weight, mean + (weight * theta), square + (weight * theta * theta));
        }

        mean /= total;
        double sd = Math.Sqrt((square / total) - (mean * mean)), found = draws.Average(), width = Math.Sqrt(draws.Average(t => (t - found) * (t - found)));
        Assert.InRange((found - mean) / sd, -0.2, 0.2);
        Assert.InRange(width / sd, 0.85, 1.15);
    }

    private sealed class Catalog(double scale) : ISimulatorCatalog
    {
        public IReadOnlyList<string> Names => ["votes"];

        public IReadOnlyList<SimulatorOption> OptionsOf(string name) => [];

        public ISimulator Create(string name, SimulatorOptions options) => new Votes(scale);
    }

    private sealed class Votes(double scale) : ISimulator
    {
        public IReadOnlyList<string> ParameterNames => ["opinion"];

        public IReadOnlyList<string> OutputNames => ["gap", "votes"];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            double p = 1 / (1 + Math.Exp(-theta[0]));
            int votes = 0;
            for (int i = 0; i < Most; i++)
            {
                votes += rng.NextDouble() < p ? 1 : 0;
            }

            (x[0], x[1]) = (theta[0] + (Slope * (votes - 6)) + (Sd * rng.NextNormal()), scale * votes);
        }
    }
}
