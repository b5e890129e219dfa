using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Mining;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies that learn from joint ratios and scores: what is stored, who gives them, and who does not.</summary>
public sealed class MinedStudyTests
{
    private const double Variance = 0.25;

    [Theory]
    [InlineData("scandal", "")]
    [InlineData("alices", "")]
    [InlineData("alices", "ratio: { reference: [0.5, 0.25] }")]
    public void Simulate_OfAMinedSimulator_StoresOutputsAsOthersWithTheirGold(string method, string more)
    {
        using var folder = new ScratchFolder();
        SimulationSet plain = Simulated(folder, "nle", "", 200), mined = Simulated(folder, method, more, 200);
        int extra = method == "scandal" ? 2 : 5;
        Assert.Equal(3 + extra, mined.OutputCount);
        int atReference = 0;
        for (int i = 0; i < 200; i++)
        {
            double[] theta = mined.Theta[(2 * i)..((2 * i) + 2)], row = mined.X[((3 + extra) * i)..((3 + extra) * (i + 1))];
            if (more.Length == 0)
            {
                Assert.Equal(plain.Theta[(2 * i)..((2 * i) + 2)], theta);
                Assert.Equal(plain.X[(3 * i)..((3 * i) + 3)], row[..3]);
            }

            double[] left = [.. row[..3].Select((x, t) => x - theta[0] - (theta[1] * (t + 1)))];
            Assert.Equal(left.Sum() / Variance, row[3], 1e-9);
            Assert.Equal(left.Select((r, t) => r * (t + 1)).Sum() / Variance, row[4], 1e-9);
            if (extra == 5)
            {
                double[] other = row[6..];
                double log = left.Select((r, t) => (r * r) - Math.Pow(row[t] - other[0] - (other[1] * (t + 1)), 2)).Sum() / (2 * Variance);
                Assert.Equal(log, row[5], 1e-9 * Math.Max(1, Math.Abs(log)));
                Assert.NotEqual(theta, other);
                Assert.True(more.Length == 0 || theta is [0.5, 0.25] || other is [0.5, 0.25]);
                atReference += theta is [0.5, 0.25] ? 1 : 0;
            }
        }

        // A coin for each of 200: five standard errors.
        Assert.InRange(atReference, more.Length == 0 ? 0 : 65, more.Length == 0 ? 0 : 135);
    }

    // Another loss learns from the same simulations; a run that was ended in the middle goes on to the same bytes.
    [Fact]
    public void Run_AfterAnEndInTheMiddleOrWithAnotherLoss_SimulatesNothingTwice()
    {
        using ScratchFolder folder = new(), other = new();
        LineStudy study = Small("rascal") with { Simulations = 3000, Diagnostics = "{ sbc: 0, predictive: 0 }", Epochs = 2 };
        study.Run(folder, "whole");
        using (var stop = new CancellationTokenSource())
        {
            var progress = new Relay<StageProgress>(p =>
            {
                if (p.Stage == "simulate-1" && p.Done > 0)
                {
                    stop.Cancel();
                }
            });
            Assert.ThrowsAny<OperationCanceledException>(() => study.Run(folder, "cut", progress, stop.Token));
        }

        study.Run(folder, "cut");
        Assert.Equal(LineStudy.Contents(folder["whole"]), LineStudy.Contents(folder["cut"]));
        Assert.Equal(["simulate-1"], (study with { Network = LineStudy.Small("alices") }).Run(folder, "cut").Where(s => s.Reused).Select(s => s.Stage));
    }

    // An event that the other hypothesis forbids is one of the training, with a ratio of zero, and no failure.
    [Fact]
    public void Columns_OfAnImpossibleRatio_KeepItAsAFiniteNumber()
    {
        var columns = new MinedColumns(["a"], ["x"], hasRatios: true);
        double[] row = [1, 2, double.NegativeInfinity, 3];
        columns.Finish(row);
        Assert.True(double.IsFinite(row[2]));
        var events = columns.Events(new SimulationPairs([0.5], row, 1, 0));
        Assert.Equal((double.NegativeInfinity, 0.5, 3.0, 1.0, 2.0), (events.LogRatios[0], events.Thetas[0], events.Others[0], events.Xs[0], events.Scores[0]));
        Assert.Equal(["x", "score of a", "log ratio", "other a"], columns.Names);
    }

    // Own and other parameters change places without changing their law, which the losses of Carl and Alice rest on: also where a later round draws rows of a posterior.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Others_OfRowsDrawnBefore_HaveTheLawOfTheRows(bool hasReference)
    {
        double[] rows = hasReference ? [9, 1, 9, 2, 9, 3, 9, 4] : [1, 2, 3, 4];
        var others = new OtherHypotheses(new EventLaw(rows), dimension: 1, hasReference ? [9] : null);
        double[] other = new double[1];
        int[] seen = new int[5];
        for (int i = 0; i < 4000; i++)
        {
            others.Draw(hasReference ? [9] : [1], other, new Rng(3).Split(i));
            seen[(int)other[0]]++;
        }

        // Five standard errors of a binomial.
        Assert.All(seen[1..], count => Assert.InRange(count, 1000 - 137, 1000 + 137));
        others.Draw([2], other, new Rng(4));
        Assert.Equal(hasReference, other[0] == 9);
    }

    // Names of the prior in another order than the program's: parameters, hypotheses and scores all change places.
    [PythonTheory]
    [InlineData("scandal")]
    [InlineData("alices")]
    public void Simulate_OfAProgramThatMines_GivesScoresAndRatiosInTheOrderOfThePrior(string method)
    {
        using var scratch = new ScratchFolder();
        File.Copy(Path.Combine(RepositoryRoot.Path, "clients", "python", "quincunx.py"), scratch["quincunx.py"]);
        scratch.Write("sim.py", """
            import random, quincunx
            SD = [0.5, 2.0]
            def noise(seed):
                r = random.Random(seed)
                return [r.gauss(0, 1), r.gauss(0, 1)]
            def simulate(theta, seed):
                if theta[0] > 2: raise ValueError("too large")
                return [t + s * z for t, s, z in zip(theta, SD, noise(seed))]
            def mine(theta, seed, hypotheses):
                x = simulate(theta, seed)
                log = lambda t: sum(-(v - m) ** 2 / (2 * s * s) for v, m, s in zip(x, t, SD))
                return x, [(v - m) / (s * s) for v, m, s in zip(x, theta, SD)], [log(h) - log(theta) for h in hypotheses]
            quincunx.serve(simulate, outputs=["x", "y"], parameters=["fine", "coarse"], mine=mine)
            """);
        string file = scratch.Write("study.yaml", $$"""
            format: 1
            simulator: { command: [{{Tool.Python}}, sim.py], workers: 2 }
            prior: { coarse: { normal: { mean: 0, sd: 1 } }, fine: { normal: { mean: 0, sd: 1 } } }
            observation: { values: [0, 0] }
            inference: { method: {{method}}, simulations: 200 }
            """);
        using var study = Study.Load(file, new LineCatalog());
        using (var run = RunFolder.Open(scratch["run"], study, TimeProvider.System))
        {
            new StageEngine(run, StudyPipeline.Create(study).Stages, progress: null).Run(last: "simulate-1", CancellationToken.None);
        }

        using CampaignReader reader = CampaignReader.Open(scratch["run/simulations.db"], scratch["run/simulations/round-1.json"]);
        SimulationSet all = reader.ReadAll();
        SimulationPairs pairs = all.Successful();
        Assert.InRange(pairs.Excluded, 1, 20);
        Assert.Equal(all.Theta.Chunk(2).Count(t => t[1] > 2), pairs.Excluded);
        int width = all.OutputCount;
        Assert.Equal(method == "scandal" ? 4 : 7, width);
        for (int i = 0; i < pairs.Count; i++)
        {
            double[] row = pairs.X[(i * width)..((i + 1) * width)];
            double coarse = pairs.Theta[2 * i], fine = pairs.Theta[(2 * i) + 1];
            Assert.Equal((row[1] - coarse) / 4, row[2], 1e-9);
            Assert.Equal((row[0] - fine) / 0.25, row[3], 1e-9);
            if (width == 7)
            {
                double Log(double c, double f) => -(Math.Pow(row[1] - c, 2) / 8) - (Math.Pow(row[0] - f, 2) / 0.5);
                Assert.Equal(Log(row[5], row[6]) - Log(coarse, fine), row[4], 1e-8);
            }
        }
    }

    [Fact]
    public void Load_WithASimulatorThatIsNotMined_SaysWhatItLacks()
    {
        using var folder = new ScratchFolder();
        string prior = string.Join(", ", Enumerable.Range(1, 14).Select(i => $"a{i}: {{ normal: {{ mean: 0, sd: 1 }} }}"));
        string file = folder.Write("study.yaml", $$"""
            format: 1
            simulator: wide
            prior: { {{prior}} }
            observation: { values: [{{string.Join(", ", Enumerable.Repeat("0", 14))}}] }
            inference: { method: alices }
            """);
        StudyException error = Assert.Throws<StudyException>(() => Study.Load(file, new LineCatalog()));
        Assert.Contains("found alices, which learns from joint ratios and scores, with wide, which gives none", error.Message, StringComparison.Ordinal);
        Assert.Contains("IMinedSimulator", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithRecordedSimulations_SaysThatTheyHaveOutputsAlone()
    {
        using var folder = new ScratchFolder();
        folder.Write("all.csv", "a,x\n" + string.Concat(Enumerable.Range(0, 100).Select(i => FormattableString.Invariant($"{i * 0.01},{i}\n"))));
        string file = folder.Write("study.yaml", """
            format: 1
            simulator: { recorded: all.csv }
            prior: { a: { uniform: { lower: 0, upper: 1 } } }
            observation: { values: [3] }
            inference: { method: scandal }
            """);
        Assert.Contains("Simulations that were made before have outputs alone.", Assert.Throws<StudyException>(() => Study.Load(file, new LineCatalog())).Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public void Load_WithAProgramThatDoesNotMine_SaysWhatItIsToAnnounce()
    {
        using var folder = new ScratchFolder();
        File.Copy(Path.Combine(RepositoryRoot.Path, "clients", "python", "quincunx.py"), folder["quincunx.py"]);
        folder.Write("sim.py", "import quincunx\nquincunx.serve(lambda theta, seed: [theta[0]], outputs=['x'], parameters=['a'])\n");
        string file = folder.Write("study.yaml", $$"""
            format: 1
            simulator: { command: [{{Tool.Python}}, sim.py], parameters: [a], outputs: [x] }
            prior: { a: { uniform: { lower: 0, upper: 1 } } }
            observation: { values: [3] }
            inference: { method: rascal }
            """);
        Assert.Contains("gives: [score, ratios]", Assert.Throws<StudyException>(() => Study.Load(file, new LineCatalog())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("method: rolr\ngold: { score-weight: 2 }", "no such key for rolr")]
    [InlineData("method: alices\nratio: { contrasts: 5 }", "no such key for alices")]
    [InlineData("method: alices\nratio: { balance: 100 }", "no such key for alices")]
    [InlineData("method: scandal\nembedding: { outputs: 2 }", "no such key for scandal")]
    [InlineData("method: nle\ngold: { score-weight: 2 }", "no such key for nle")]
    [InlineData("method: scandal\ngold: { score-weight: -1 }", "a number of at least 0")]
    [InlineData("method: rascal\nratio: { reference: [1] }", "2 numbers, one for each parameter")]
    public void Load_KeysThatDoNotGoTogether_SaysSo(string network, string expected)
    {
        using var folder = new ScratchFolder();
        Assert.Contains(expected, Assert.Throws<StudyException>(() => new LineStudy { Network = network }.Load(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MarginalsBesideAReference_AreRefusedAndWithoutAreNot()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = "method: alices", More = "marginals: {}" };
        Assert.NotNull(study.Load(folder).Marginals);
        Assert.Contains(
            "no such key for alices with a reference", Assert.Throws<StudyException>(() => (study with { Network = "method: alices\nratio: { reference: [0, 0] }" }).Load(folder)).Message, StringComparison.Ordinal);
    }

    private static LineStudy Small(string method) => new() { Network = LineStudy.Small(method) };

    private static SimulationSet Simulated(ScratchFolder folder, string method, string more, int simulations)
    {
        string network = $"method: {method}" + (more.Length > 0 ? "\n" + more : ""), output = $"{method}-{more.Length}";
        Study study = new LineStudy { Network = network, Simulations = simulations }.Load(folder);
        using (var run = RunFolder.Open(folder[output], study, TimeProvider.System))
        {
            new StageEngine(run, StudyPipeline.Create(study).Stages, progress: null).Run(last: "simulate-1", CancellationToken.None);
        }

        using CampaignReader reader = CampaignReader.Open(folder[$"{output}/simulations.db"], folder[$"{output}/simulations/round-1.json"]);
        return reader.ReadAll();
    }
}
