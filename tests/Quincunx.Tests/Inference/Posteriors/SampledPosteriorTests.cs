using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Posteriors;

public sealed class SampledPosteriorTests
{
    // Four standard errors: one mean in 16,000.
    private const double Errors = 4;

    [Theory]
    [InlineData(PosteriorSampler.Slice, 1)]
    [InlineData(PosteriorSampler.Slice, 5)]
    [InlineData(PosteriorSampler.Slice, 20)]
    [InlineData(PosteriorSampler.Nuts, 5)]
    [InlineData(PosteriorSampler.Hamiltonian, 5)]
    [InlineData(PosteriorSampler.ImportanceResampling, 1)]
    public void Sample_GaussianLikelihoodAndPrior_HasTheExactMoments(PosteriorSampler sampler, int dimension)
    {
        // theta ~ N(0, 1), x ~ N(theta, 0.5²): the posterior is N(0.8 x, 0.2).
        const int Runs = 12, Draws = 400;
        double[] x = [.. Enumerable.Range(0, dimension).Select(j => 1.5 - (0.3 * j))];
        var posterior = new SampledPosterior(Normals(dimension), KnownLikelihood.Gaussian(dimension, 0.5), new SampledPosteriorOptions { Sampler = sampler, PriorDraws = 40 });
        double[][] means = new double[Runs][], squares = new double[Runs][];
        for (int run = 0; run < Runs; run++)
        {
            double[] thetas = new double[Draws * dimension];
            posterior.Sample(x, thetas, new Rng((ulong)run));
            Assert.Equal(SamplerStop.Completed, Assert.Single(posterior.Reports).StopReason);
            means[run] = [.. Enumerable.Range(0, dimension).Select(j => Column(thetas, j, dimension).Average())];
            squares[run] = [.. Enumerable.Range(0, dimension).Select(j => Column(thetas, j, dimension).Average(t => (t - (0.8 * x[j])) * (t - (0.8 * x[j]))))];
        }

        for (int j = 0; j < dimension; j++)
        {
            AssertMean(0.8 * x[j], [.. means.Select(m => m[j])]);
            AssertMean(0.2, [.. squares.Select(m => m[j])]);
        }
    }

    [Fact]
    public void Sample_TwoModesOfUnequalWeight_GivesEachItsShare()
    {
        // 30 % at -4 and 70 % at 4, 40 standard deviations apart: no chain goes from one to the other.
        const int Runs = 16, Draws = 500;
        var likelihood = new KnownLikelihood(1, 1, (theta, x, _) => LogMixture(theta[0] - x[0]));
        var posterior = new SampledPosterior(Repeat(1, new Uniform(-10, 10)), likelihood);
        double[] shares = new double[Runs], widths = new double[Runs], evidence = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            double[] thetas = new double[Draws];
            posterior.Sample([0.0], thetas, new Rng((ulong)run));
            shares[run] = thetas.Average(t => t > 0 ? 1.0 : 0.0);
            widths[run] = thetas.Where(t => t > 0).Average(t => (t - 4) * (t - 4));
            evidence[run] = Math.Exp(posterior.Reports[0].LogEvidence) * 20;
        }

        AssertMean(0.7, shares);
        AssertMean(0.04, widths);

        // The prior's density 1 / 20 times the integral of the mixture, 1.
        AssertMean(1, evidence);
    }

    [Fact]
    public void Sample_PosteriorCutByTheEdgeOfThePrior_FollowsTheTruncatedNormal()
    {
        const int Draws = 1_000;
        var posterior = new SampledPosterior(Repeat(1, new Uniform(0, 1)), KnownLikelihood.Gaussian(1, 0.3));
        double[] thetas = new double[Draws];
        posterior.Sample([-0.2], thetas, new Rng(3));

        Array.Sort(thetas);
        double low = SpecialFunctions.NormalCdf(0.2 / 0.3), high = SpecialFunctions.NormalCdf(1.2 / 0.3), distance = 0;
        for (int i = 0; i < Draws; i++)
        {
            double exact = (SpecialFunctions.NormalCdf((thetas[i] + 0.2) / 0.3) - low) / (high - low);
            distance = Math.Max(distance, Math.Max(Math.Abs(exact - ((double)i / Draws)), Math.Abs(exact - ((i + 1.0) / Draws))));
        }

        // One draw a chain, resampled ancestors among them: 2.2 is one run in 8,000 of independent ones.
        Assert.InRange(distance * Math.Sqrt(Draws), 0, 2.2);
        Assert.All(thetas, t => Assert.InRange(t, 0, 1));
    }

    [Fact]
    public void SampleMany_PairsOfAnExactModel_PassesCalibration()
    {
        const int Pairs = 320;
        var prior = new IndependentProduct(("a", new Uniform(-1, 1)), ("b", new Exponential(1)));
        var likelihood = KnownLikelihood.Gaussian(2, 0.4);
        double[] thetas = new double[2 * Pairs], xs = new double[2 * Pairs];
        var rng = new Rng(11);
        for (int i = 0; i < Pairs; i++)
        {
            prior.Sample(thetas.AsSpan(2 * i, 2), rng);
            xs[2 * i] = thetas[2 * i] + (0.4 * rng.NextNormal());
            xs[(2 * i) + 1] = thetas[(2 * i) + 1] + (0.4 * rng.NextNormal());
        }

        SbcResult result = SimulationBasedCalibration.Run(new SampledPosterior(prior, likelihood), thetas, xs, new Rng(12));

        Assert.Equal(0, result.InvalidPairs);
        Assert.True(result.CombinedPValue > 0.001, $"{result.CombinedPValue}");
    }

    [Fact]
    public void Run_ManyObservations_DrawsForEach()
    {
        const int Count = 600;
        var posterior = new SampledPosterior(Normals(2), KnownLikelihood.Gaussian(2, 0.5));
        double[] xs = [1, -1, 3, 0, -2, 2], thetas = new double[3 * Count * 2];
        IReadOnlyList<SamplingReport> reports = posterior.Run(xs, Count, thetas, new Rng(5));

        Assert.Equal(3, reports.Count);
        for (int o = 0; o < 3; o++)
        {
            Assert.Empty(reports[o].Warnings);
            for (int j = 0; j < 2; j++)
            {
                double[] column = Column(thetas.AsSpan(o * Count * 2, Count * 2).ToArray(), j, 2);

                // Ancestors are shared, which leaves at least a third of the draws effective here.
                Assert.Equal(0.8 * xs[(o * 2) + j], column.Average(), Errors * Math.Sqrt(0.2 / (Count / 3.0)));
            }
        }
    }

    [Fact]
    public void Run_SameStream_SameDraws()
    {
        var posterior = new SampledPosterior(Normals(2), KnownLikelihood.Gaussian(2, 0.5));
        double[] first = new double[400], second = new double[400], other = new double[400];
        posterior.Run([1.0, 2.0], 200, first, new Rng(1));
        posterior.Run([1.0, 2.0], 200, second, new Rng(1));
        posterior.Run([1.0, 2.0], 200, other, new Rng(2));
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData(PosteriorSampler.Slice, double.NegativeInfinity)]
    [InlineData(PosteriorSampler.Slice, double.NaN)]
    [InlineData(PosteriorSampler.Nuts, double.NaN)]
    [InlineData(PosteriorSampler.ImportanceResampling, double.PositiveInfinity)]
    public void Sample_LikelihoodIsNowhereAPositiveNumber_SaysSoAndGivesNaN(PosteriorSampler sampler, double value)
    {
        var posterior = new SampledPosterior(Normals(2), new KnownLikelihood(2, 1, (_, _, _) => value), new SampledPosteriorOptions { Sampler = sampler });
        double[] thetas = new double[20];
        posterior.Sample([0.0], thetas, new Rng(1));

        SamplingReport report = Assert.Single(posterior.Reports);
        Assert.Equal(SamplerStop.NoFiniteStart, report.StopReason);
        Assert.Equal(report.PriorDraws, report.ZeroStarts);
        Assert.Contains("impossible", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.All(thetas, t => Assert.True(double.IsNaN(t)));
    }

    [Fact]
    public void Run_OneImpossibleObservationAmongOthers_SpoilsOnlyItsOwnDraws()
    {
        var likelihood = new KnownLikelihood(1, 1, (theta, x, _) => x[0] > 100 ? double.NegativeInfinity : -0.5 * (theta[0] - x[0]) * (theta[0] - x[0]));
        double[] thetas = new double[300];
        IReadOnlyList<SamplingReport> reports = new SampledPosterior(Normals(1), likelihood)
            .Run([1.0, 1000.0, -1.0], 100, thetas, new Rng(1));

        Assert.Equal([SamplerStop.Completed, SamplerStop.NoFiniteStart, SamplerStop.Completed], reports.Select(r => r.StopReason));
        Assert.Equal((100, 200), (thetas.Count(double.IsNaN), thetas.Count(double.IsFinite)));
    }

    [Fact]
    public void Sample_NetworkThatIsNaNOnOneSide_DrawsOnTheOtherAndWarns()
    {
        var likelihood = new KnownLikelihood(1, 1, (theta, _, _) => theta[0] > 0 ? double.NaN : 0);
        var posterior = new SampledPosterior(Normals(1), likelihood);
        double[] thetas = new double[200];
        posterior.Sample([0.0], thetas, new Rng(1));

        Assert.All(thetas, t => Assert.True(t <= 0, $"{t}"));
        Assert.True(posterior.Reports[0].Invalid > 0);
        Assert.Contains(posterior.Reports[0].Warnings, w => w.Contains("not a number", StringComparison.Ordinal));
    }

    [Fact]
    public void Sample_ObservationFarOutsideWhatThePriorExplains_EndsWithDrawsAtTheEdge()
    {
        // 10⁵ standard deviations away: the posterior is an exponential of scale 10⁻⁸ at the edge, in powers of the likelihood a long way.
        var posterior = new SampledPosterior(Repeat(1, new Uniform(0, 1)), KnownLikelihood.Gaussian(1, 1e-3));
        double[] thetas = new double[100];
        posterior.Sample([100.0], thetas, new Rng(1));

        Assert.Equal(SamplerStop.Completed, posterior.Reports[0].StopReason);
        Assert.All(thetas, t => Assert.InRange(t, 1 - 1e-6, 1));
    }

    [Fact]
    public void Sample_TooFewStages_IsExhaustedAndSaysWhat()
    {
        var posterior = new SampledPosterior(Normals(5), KnownLikelihood.Gaussian(5, 1e-4), new SampledPosteriorOptions { MaxStages = 2 });
        double[] thetas = new double[500];
        posterior.Sample([1.0, 1, 1, 1, 1], thetas, new Rng(1));

        Assert.Equal(SamplerStop.BudgetExhausted, posterior.Reports[0].StopReason);
        Assert.Contains(posterior.Reports[0].Warnings, w => w.Contains("powers", StringComparison.Ordinal));
        Assert.All(thetas, t => Assert.True(double.IsFinite(t)));
    }

    [Fact]
    public void LogProb_InsideOutsideAndNaN_IsPriorTimesLikelihood()
    {
        var prior = Repeat(2, new Uniform(-1, 1));
        var likelihood = KnownLikelihood.Gaussian(2, 0.5);
        var posterior = new SampledPosterior(prior, likelihood);
        double[] x = [0.1, 0.2], thetas = [0.3, -0.4, 2, 0, double.NaN, 0, -0.9, 0.9], logs = new double[4], pairs = new double[4], exact = new double[1];
        posterior.LogProb(x, thetas, logs);
        posterior.LogProbPairs(thetas, [0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2], pairs);

        likelihood.LogLikelihood(x, thetas.AsSpan(6, 2), exact);
        Assert.Equal(exact[0] - (2 * Math.Log(2)), logs[3], 1e-12);
        Assert.Equal(double.NegativeInfinity, logs[1]);
        Assert.True(double.IsNaN(logs[2]));
        Assert.Equal(logs, pairs);
        Assert.False(posterior.IsNormalised);
    }

    [Fact]
    public void Doors_WrongArguments_AreRefused()
    {
        var posterior = new SampledPosterior(Normals(2), KnownLikelihood.Gaussian(2, 0.5));
        Assert.Throws<ArgumentException>(() => new SampledPosterior(Normals(3), KnownLikelihood.Gaussian(2, 0.5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampledPosterior(Normals(2), KnownLikelihood.Gaussian(2, 0.5), new SampledPosteriorOptions { EssShare = 1 }));
        Assert.Throws<ArgumentException>(() => posterior.Sample([1.0, double.NaN], new double[2], new Rng(1)));
        Assert.Throws<ArgumentException>(() => posterior.Sample([1.0], new double[2], new Rng(1)));
        Assert.Throws<ArgumentException>(() => posterior.Run([1.0, 2], 3, new double[5], new Rng(1)));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => { posterior.Run([1.0, 2], 3, new double[6], new Rng(1), cancelled.Token); });
    }

    private static double LogMixture(double t) => Math.Log(
        (0.3 * Math.Exp(SpecialFunctions.NormalLogPdf((t + 4) / 0.2)) / 0.2) + (0.7 * Math.Exp(SpecialFunctions.NormalLogPdf((t - 4) / 0.2)) / 0.2));

    private static IndependentProduct Normals(int count) => Repeat(count, new Normal(0, 1));

    private static IndependentProduct Repeat(int count, IDistribution distribution) => new([.. Enumerable.Range(0, count).Select(i => ($"theta_{i}", distribution))]);

    private static double[] Column(double[] rows, int j, int dimension) => [.. rows.Where((_, i) => i % dimension == j)];

    // Against the spread over the runs themselves; with 11 degrees of freedom and more Student's t exceeds 6 one time in 10,000.
    private static void AssertMean(double expected, double[] runs)
    {
        double mean = runs.Average(), error = Math.Sqrt(runs.Sum(r => (r - mean) * (r - mean)) / (runs.Length - 1) / runs.Length);
        Assert.True(Math.Abs(mean - expected) < 6 * error, $"{mean} ± {error}, expected {expected}");
    }
}
