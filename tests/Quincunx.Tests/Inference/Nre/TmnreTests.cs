using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Networks;
using Quincunx.Tests.Inference.Simulation;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Nre;

public sealed class TmnreTests(ITestOutputHelper output)
{
    private const double Centre1 = 0.6, Centre2 = 0.8, SdAlong = 0.05, SdRadius = 0.03, SdRest = 0.02;

    [Fact]
    public void Gradients_OfAllMarginals_MatchCentralDifferences()
    {
        var options = new NeuralRatioOptions { Width = 3, Blocks = 1, Activation = Activation.Tanh, Embedding = new MlpEmbeddingOptions { Hidden = [3], Outputs = 2 }, Loss = RatioLoss.Binary, DType = DType.Float64 };
        var ratios = new MarginalRatios(new SupportBijection(new Box([0, 0, 0], [1, 1, 1])), new Standardise(3), new FeatureScaling(2), [[0], [2, 1]], options, new Rng(1));
        Parameters.Randomise(ratios, new Rng(2));
        var z = Tensor.Normal(0, 1, new Rng(3), new Shape(8, 3), DType.Float64);
        var x = Tensor.Normal(0, 1, new Rng(4), new Shape(4, 2), DType.Float64);
        Parameters.AssertGradients(ratios, () => Tensor.Stack([.. ratios.LogRatiosScaled(z, x).Select(f => RatioLosses.Sum(f.Reshape(2, 4), options).Reshape(1))]));
    }

    [Fact]
    public void State_Imported_GivesTheSameNumbers()
    {
        var bijection = new SupportBijection(new Box([0, 0, 0], [1, 1, 1]));
        int[][] marginals = [[0], [2, 1]];
        MarginalRatios ratios = MarginalRatioEstimation.Untrained(bijection, 2, marginals, new NeuralRatioOptions()), other = MarginalRatioEstimation.Untrained(bijection, 2, marginals, new NeuralRatioOptions());
        Parameters.Randomise(ratios, new Rng(2));
        double[] thetas = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], before = new double[2], after = new double[2];
        ratios.LogRatio(1, [0.3, 0.4], thetas, before);
        ModuleState.Import(other, ModuleState.Export(ratios));
        other.LogRatio(1, [0.3, 0.4], thetas, after);
        Assert.Equal(before, after);

        // The first parameter is none of the second marginal's.
        other.LogRatio(1, [0.3, 0.4], [0.9, .. thetas[1..]], after);
        Assert.Equal(before, after);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Run_OnALinearGaussian_CutsToThePosterior()
    {
        // theta ~ U(-5, 5)², x ~ N(theta, 0.1²): the posterior is N(x, 0.1²), and ratios fall below 1e-6 at 5.26 standard deviations.
        const double Sd = 0.1;
        double[] x = [1.0, -2.0];
        var prior = new IndependentProduct(("a", new Uniform(-5, 5)), ("b", new Uniform(-5, 5)));
        var simulator = new StubSimulator(2, 2, (theta, y, rng) => (y[0], y[1]) = (theta[0] + (Sd * rng.NextNormal()), theta[1] + (Sd * rng.NextNormal())));
        var options = new TmnreOptions { SimulationsPerRound = 4000, Marginals = [[0], [1]] };
        // snippet: tmnre
        TmnreResult result = new Tmnre(simulator, prior, options).Run(x, new Rng(seed: 1));
        // end-snippet
        foreach (TmnreRound round in result.Rounds)
        {
            output.WriteLine($"mass {Math.Exp(round.LogMass):E2}, {round.Simulated} made, {round.Reused} reused, [{round.Box[0].Lower:F3}, {round.Box[0].Upper:F3}] [{round.Box[1].Lower:F3}, {round.Box[1].Upper:F3}]");
        }

        Assert.Equal(TmnreStop.Settled, result.StopReason);
        for (int j = 0; j < 2; j++)
        {
            // Nothing that the posterior has within 4 standard deviations may be gone, and most of the rest must be.
            Assert.True(result.Prior.Supports[j].Lower < x[j] - (4 * Sd) && result.Prior.Supports[j].Upper > x[j] + (4 * Sd));
            Assert.True(result.Prior.Supports[j].Upper - result.Prior.Supports[j].Lower < 20 * Sd);
            (double mean, double sd) = Moments(result, j, x, j);
            Assert.Equal(x[j], mean, 0.25 * Sd);
            Assert.InRange(sd, 0.8 * Sd, 1.3 * Sd);
        }

        (double[] thetas, double[] xs) = Fresh(result.Prior, simulator, 400);
        CoverageResult coverage = MarginalCoverage.Run(result.Ratios!, 0, result.Prior, thetas, xs, new Rng(3));
        output.WriteLine($"coverage: area {coverage.SignedArea:F3}, p {coverage.PValue:F3}");
        Assert.InRange(coverage.SignedArea, -0.06, 0.1);    // 400 uniforms: a standard error of 0.014, four of which; conservative by a little is no fault
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Run_OnATorusInEightDimensions_FindsItsMarginals()
    {
        // theta_1 and theta_2 are tied by a ring about (0.6, 0.8), as in Miller et al. 2021, section 4.1; the other six are measured.
        const int D = 8, Cells = 400, Bins = 40, Draws = 20_000;
        var prior = new IndependentProduct([.. Enumerable.Range(0, D).Select(i => ($"t{i}", (IDistribution)new Uniform(0, 1)))]);
        var simulator = new StubSimulator(D, D, (theta, y, rng) =>
        {
            y[0] = theta[0] + (SdAlong * rng.NextNormal());
            y[1] = Radius(theta[0], theta[1]) + (SdRadius * rng.NextNormal());
            for (int j = 2; j < D; j++)
            {
                y[j] = theta[j] + (SdRest * rng.NextNormal());
            }
        });
        double[] x = [0.57, Radius(0.57, 0.5), 0.3, 0.5, 0.7, 0.4, 0.6, 0.5];
        TmnreResult result = new Tmnre(simulator, prior, new TmnreOptions { SimulationsPerRound = 8000, MaxRounds = 6 }).Run(x, new Rng(4));
        output.WriteLine($"{result.StopReason}, {result.Rounds.Count} rounds, {result.Simulations} simulations, mass {Math.Exp(result.Prior.LogMass):E2}");

        // p(theta_2 | x) on a grid, integrated over theta_1: a ring cut by x_1, so one mode at 0.5; that mirrored at 1.1 lies outside the prior, with a tail inside.
        double[] exact = new double[Bins], learned = new double[Bins], logs = new double[Draws], draws = new double[Draws * D];
        for (int i = 0; i < Cells * Cells; i++)
        {
            (double t1, double t2) = (((i / Cells) + 0.5) / Cells, ((i % Cells) + 0.5) / Cells);
            exact[(int)(t2 * Bins)] += Math.Exp(SpecialFunctions.NormalLogPdf((x[0] - t1) / SdAlong) + SpecialFunctions.NormalLogPdf((x[1] - Radius(t1, t2)) / SdRadius));
        }

        var rng = new Rng(9);
        for (int i = 0; i < Draws; i++)
        {
            result.Prior.Sample(draws.AsSpan(i * D, D), rng);
        }

        result.Ratios!.LogRatio(1, x, draws, logs);
        for (int i = 0; i < Draws; i++)
        {
            learned[(int)(draws[(i * D) + 1] * Bins)] += Math.Exp(logs[i]);
        }

        // 20,000 draws have noise of 0.01 to 0.02.
        double distance = 0.5 * exact.Zip(learned, (e, l) => Math.Abs((e / exact.Sum()) - (l / learned.Sum()))).Sum();
        output.WriteLine($"theta_2: total variation {distance:F3}");
        Assert.InRange(distance, 0, 0.1);
        double mean, sd;
        for (int j = 2; j < D; j++)
        {
            (mean, sd) = Moments(result, j, x, j);
            output.WriteLine($"theta_{j + 1}: {mean:F4} ± {sd:F4}, exact {x[j]:F4} ± {SdRest}");
            Assert.Equal(x[j], mean, 0.35 * SdRest);
            Assert.InRange(sd, 0.7 * SdRest, 1.5 * SdRest);
        }

        // A share of the prior that simulating from all of it could hardly have found.
        Assert.True(result.Prior.LogMass < Math.Log(0.01));
    }

    [Fact]
    public void Run_WhereItMustEnd_SaysWhy()
    {
        var prior = new IndependentProduct(("a", new Uniform(0, 1)));
        var options = new TmnreOptions { SimulationsPerRound = 200, MaxRounds = 1, Threshold = 0.5, Training = new TrainingOptions { MaxEpochs = 2 } };
        var failing = new StubSimulator(1, 1, (_, x, _) => x[0] = double.NaN);
        TmnreResult failed = new Tmnre(failing, prior, options).Run([0.5], new Rng(1));
        Assert.Equal((TmnreStop.SimulationsFailed, null), (failed.StopReason, failed.Ratios));
        Assert.Equal(failed.Simulations, failed.Rounds[0].Failed);

        var sharp = new StubSimulator(1, 1, (theta, x, rng) => x[0] = theta[0] + (0.01 * rng.NextNormal()));
        TmnreOptions quick = options with { Training = new TrainingOptions { MaxEpochs = 40, LearningRate = 5e-3 } };
        TmnreResult last = new Tmnre(sharp, prior, quick).Run([0.5], new Rng(1));
        Assert.Equal(TmnreStop.MaxRounds, last.StopReason);
        Assert.Equal(200, last.Simulations);

        TmnreResult cancelled = new Tmnre(sharp, prior, options).Run([0.5], new Rng(1), new CancellationToken(canceled: true));
        Assert.Equal(TmnreStop.Cancelled, cancelled.StopReason);
        Assert.Throws<ArgumentException>(() => new Tmnre(sharp, prior).Run([double.NaN], new Rng(1)));
        Assert.Throws<ArgumentException>(() => new Tmnre(sharp, prior).Run([1, 2], new Rng(1)));
        Assert.ThrowsAny<ArgumentException>(() => new Tmnre(sharp, prior, new TmnreOptions { Threshold = 1 }));
        Assert.Throws<ArgumentException>(() => new Tmnre(sharp, prior, options with { Marginals = [[1]] }).Run([0.5], new Rng(1)));
    }

    private static double Radius(double a, double b) => Math.Sqrt(((a - Centre1) * (a - Centre1)) + ((b - Centre2) * (b - Centre2)));

    // Of parameter j, by draws of the truncated prior weighted by the ratio of its marginal.
    private static (double Mean, double Sd) Moments(TmnreResult result, int marginal, double[] x, int j)
    {
        const int Draws = 20_000;
        int d = result.Prior.Dimension;
        double[] thetas = new double[Draws * d], logs = new double[Draws];
        var rng = new Rng(8);
        for (int i = 0; i < Draws; i++)
        {
            result.Prior.Sample(thetas.AsSpan(i * d, d), rng);
        }

        result.Ratios!.LogRatio(marginal, x, thetas, logs);
        double top = logs.Max(), sum = logs.Sum(l => Math.Exp(l - top));
        double mean = Enumerable.Range(0, Draws).Sum(i => Math.Exp(logs[i] - top) / sum * thetas[(i * d) + j]);
        return (mean, Math.Sqrt(Enumerable.Range(0, Draws).Sum(i => Math.Exp(logs[i] - top) / sum * Math.Pow(thetas[(i * d) + j] - mean, 2))));
    }

    private static (double[] Thetas, double[] Xs) Fresh(TruncatedProduct prior, ISimulator simulator, int count)
    {
        SimulationSet set = new SimulationRunner(simulator).Run(prior, 0, count, new Rng(77));
        return (set.Theta, set.X);
    }
}
