using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Npe;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Equivariance;

[Trait("Category", "Slow")]
public sealed class EquivariantPosteriorTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, PosedProblem> Problems = new(StringComparer.Ordinal)
    {
        ["location-scale"] = PosedProblem.LocationScale,
        ["bump"] = PosedProblem.Bump,
    };

    public static TheoryData<string> Names => [.. Problems.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Run_BesideQuadrature_IsThePosterior(string name)
    {
        PosedProblem problem = Problems[name];
        (_, double[] xs) = problem.Simulate(2, new Rng(77));
        foreach (double[] x in xs.Chunk(problem.Group.Features))
        {
            (double logEvidence, double[] mean, double[] sd) = problem.Exact(x);
            GibbsResult run = problem.Posterior.Run(x, chains: 1000, new Rng(3));
            Assert.Equal(GibbsStop.Converged, run.StopReason);

            // Weighted draws are exact whatever the network is: 4.5 standard errors. Unweighted they are as good as it.
            ReweightedDraws mixture = PosteriorReweighting.ByLikelihood(problem.Posterior.Mixture(x, run), problem.Prior, problem, x).Draw(4000, new Rng(4));
            ReweightedDraws joint = PosteriorReweighting.ByLikelihood(problem.Posterior.Joint(x, run), problem.Posterior.WithPose(problem.Prior), new PosedLikelihood(problem, 2), x).Draw(4000, new Rng(5));
            foreach (ReweightedDraws draws in new[] { mixture, joint })
            {
                double effective = draws.Weights.EffectiveSampleSize;
                output.WriteLine($"{name}: efficiency {draws.Weights.Efficiency:F3}, log evidence {draws.LogEvidence:F3} ± {draws.LogEvidenceError:F3}, exact {logEvidence:F3}");
                Assert.Equal(logEvidence, draws.LogEvidence, 4.5 * draws.LogEvidenceError);
                Assert.True(draws.Weights.Efficiency > 0.3);
                for (int j = 0; j < 2; j++)
                {
                    double found = Enumerable.Range(0, draws.Count).Average(i => draws.Weights.Weights[i] * draws.Thetas[(i * draws.Dimension) + j]);
                    Assert.Equal(mean[j], found, 4.5 * sd[j] / Math.Sqrt(effective));
                }
            }

            for (int j = 0; j < 2; j++)
            {
                double found = Enumerable.Range(0, 1000).Average(i => run.Thetas[(2 * i) + j]);
                output.WriteLine($"  mean of parameter {j} off by {(found - mean[j]) / sd[j]:F3} sd");
                Assert.Equal(mean[j], found, (0.2 + (4.5 / Math.Sqrt(1000))) * sd[j]);
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Mixture_OverAGrid_IntegratesToOne(string name)
    {
        const int Cells = 400;
        PosedProblem problem = Problems[name];
        (_, double[] x) = problem.Simulate(1, new Rng(78));
        GibbsResult run = problem.Posterior.Run(x, 64, new Rng(1));

        // Around the draws, whose spread is that of the density; the height of the bump has logit tails within (1, 2).
        double[] low = new double[2], width = new double[2], points = new double[2 * Cells * Cells], logs = new double[Cells * Cells];
        for (int j = 0; j < 2; j++)
        {
            double[] values = [.. Enumerable.Range(0, 64).Select(i => run.Thetas[(2 * i) + j])];
            double reach = values.Max() - values.Min();
            (low[j], double high) = (values.Min() - (1.5 * reach), values.Max() + (1.5 * reach));
            if (name == "bump" && j == 0)
            {
                (low[j], high) = (1, 2);
            }

            width[j] = (high - low[j]) / Cells;
        }

        for (int i = 0; i < Cells * Cells; i++)
        {
            (points[2 * i], points[(2 * i) + 1]) = (low[0] + (width[0] * ((i / Cells) + 0.5)), low[1] + (width[1] * ((i % Cells) + 0.5)));
        }

        problem.Posterior.Mixture(x, new GibbsResult { StopReason = run.StopReason, Iterations = 0, RHat = 1, Redrawn = 0, Replaced = 0, Thetas = [.. run.Thetas.Take(4)], Poses = [.. run.Poses.Take(2 * problem.Group.PoseDimension)] }).LogProb(points, logs);
        Assert.Equal(1, logs.Sum(Math.Exp) * width[0] * width[1], 0.01);
    }

    [Fact]
    public void Mixture_ExactSymmetry_MovesWithTheData()
    {
        PosedProblem problem = PosedProblem.LocationScale;
        (double[] theta, double[] x) = problem.Simulate(1, new Rng(79));
        double[] element = [0.8, -1.3], pose = [Math.Log(theta[1]) + 0.1, theta[0] - 0.2], movedPose = new double[2], movedTheta = new double[2], movedX = new double[8], log = new double[1], movedLog = new double[1];
        problem.Group.Compose(element, pose, movedPose);
        problem.Group.MoveX(element, x, movedX);
        double slope = problem.Group.MoveTheta(element, theta, movedTheta);
        problem.Posterior.Mixture(x, At(theta, pose)).LogProb(theta, log);
        problem.Posterior.Mixture(movedX, At(movedTheta, movedPose)).LogProb(movedTheta, movedLog);
        Assert.Equal(log[0], movedLog[0] + slope, 1e-4);        // the network is in float32

        static GibbsResult At(double[] theta, double[] pose) =>
            new() { StopReason = GibbsStop.Converged, Iterations = 1, RHat = 1, Redrawn = 0, Replaced = 0, Thetas = theta, Poses = pose };
    }

    [Theory, MemberData(nameof(Names))]
    public void Estimator_DrawsAndDensities_AreThoseOfItsRuns(string name)
    {
        PosedProblem problem = Problems[name];
        EquivariantPosterior posterior = problem.Posterior;
        int k = problem.Group.Features;
        (double[] thetas, double[] xs) = problem.Simulate(2, new Rng(80));
        double[] many = new double[2 * 2 * 30], again = new double[2 * 2 * 30], pairs = new double[2], one = new double[1];
        posterior.SampleMany(xs, 30, many, new Rng(1));
        posterior.SampleMany(xs, 30, again, new Rng(1));
        Assert.Equal(many, again);
        Assert.Equal(2, posterior.Runs.Count);
        Assert.All(posterior.Runs, run => Assert.Equal(GibbsStop.Converged, run.StopReason));
        Assert.All(many.Chunk(2), theta => Assert.True(double.IsFinite(problem.Prior.LogProb(theta))));

        posterior.LogProbPairs(thetas, xs, pairs);
        for (int i = 0; i < 2; i++)
        {
            posterior.LogProb(xs.AsSpan(i * k, k), thetas.AsSpan(2 * i, 2), one);
            Assert.Equal(one[0], pairs[i]);
            Assert.True(double.IsFinite(one[0]));
        }

        double[] outside = [100, 100, double.NaN, 1], logs = new double[2];
        posterior.LogProb(xs.AsSpan(0, k), outside, logs);
        Assert.Equal([double.NegativeInfinity, double.NaN], logs);
    }

    [Theory, MemberData(nameof(Names))]
    public void State_ExportedAndImported_GivesTheSameNumbers(string name)
    {
        PosedProblem problem = Problems[name];
        (_, double[] x) = problem.Simulate(1, new Rng(81));
        EquivariantPosterior untrained = EquivariantPosteriorEstimation.Untrained(problem.Group, new SupportBijection(problem.Prior), problem.Options);
        EstimatorChecks.AssertStateCarriesAll(problem.Posterior, untrained, x);
    }

    [Fact]
    public void Train_SameSeed_SameWeights()
    {
        PosedProblem problem = PosedProblem.Bump;
        (double[] thetas, double[] xs) = problem.Simulate(300, new Rng(82));
        TrainingOptions brief = PosedProblem.Training with { MaxEpochs = 2 };
        double[][] draws = [.. new ulong[] { 1, 1, 2 }.Select(seed =>
        {
            EquivariantPosterior posterior = EquivariantPosteriorEstimation.Train(problem.Group, new SupportBijection(problem.Prior), thetas, xs, problem.Options, brief, new Rng(seed)).Posterior;
            double[] drawn = new double[20];
            posterior.Sample(xs.AsSpan(0, 24), drawn, new Rng(3));
            return drawn;
        })];
        Assert.Equal(draws[0], draws[1]);
        Assert.NotEqual(draws[0], draws[2]);
    }

    [Fact]
    public void AnyCall_BadInput_SaysWhatWasExpected()
    {
        PosedProblem problem = PosedProblem.Bump;
        EquivariantPosterior untrained = EquivariantPosteriorEstimation.Untrained(problem.Group, new SupportBijection(problem.Prior), problem.Options);
        (double[] thetas, double[] xs) = problem.Simulate(3, new Rng(83));
        var bijection = new SupportBijection(problem.Prior);
        Assert.Throws<ArgumentException>(() => Train(bijection, thetas, xs[1..], problem.Options));
        Assert.Throws<ArgumentException>(() => Train(bijection, thetas, [.. xs[1..], double.NaN], problem.Options));
        Assert.Throws<ArgumentException>(() => Train(bijection, [100, .. thetas[1..]], xs, problem.Options));
        Assert.Throws<ArgumentException>(() => Train(new SupportBijection(new Normal(0, 1)), thetas, xs, problem.Options));
        Assert.Throws<ArgumentException>(() => Train(bijection, thetas, xs, problem.Options with { Kernel = new IndependentProduct(("a", new Normal(0, 1)), ("b", new Normal(0, 1))) }));

        double[] x = xs[..24];
        Assert.Throws<ArgumentException>(() => untrained.Run(x.AsSpan(1), 10, new Rng(1)));
        Assert.Throws<ArgumentException>(() => untrained.Run([double.NaN, .. x[1..]], 10, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => untrained.Run(x, 0, new Rng(1)));
        Assert.Throws<ArgumentException>(() => untrained.Sample(x, new double[3], new Rng(1)));
        Assert.Throws<ArgumentException>(() => untrained.LogProb(x, new double[3], new double[1]));
        Assert.Throws<ArgumentException>(() => untrained.LogProbPairs(new double[2], x, new double[2]));
        Assert.Throws<ArgumentException>(() => untrained.Mixture(x, new GibbsResult { StopReason = GibbsStop.OutsidePrior, Iterations = 1, RHat = 1, Redrawn = 0, Replaced = 0, Thetas = [], Poses = [] }));

        EquivariantResult Train(SupportBijection support, double[] parameters, double[] data, EquivariantOptions options) =>
            EquivariantPosteriorEstimation.Train(problem.Group, support, parameters, data, options, PosedProblem.Training, new Rng(1));
    }
}
