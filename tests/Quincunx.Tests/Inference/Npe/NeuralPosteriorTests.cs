using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Numerics.Random;

namespace Quincunx.Tests.Inference.Npe;

public sealed class NeuralPosteriorTests
{
    private static readonly double[] X = [0.4, 1.2];
    private static readonly IndependentProduct Mixed = new(("a", new Normal(0, 2)), ("b", new LogNormal(0, 1)), ("c", new Uniform(-1, 2)));

    [Theory]
    [InlineData(FlowKind.SplineAutoregressive, false)]
    [InlineData(FlowKind.AffineAutoregressive, false)]
    [InlineData(FlowKind.SplineCoupling, true)]
    [InlineData(FlowKind.AffineCoupling, true)]
    [InlineData(FlowKind.Continuous, true)]
    public void LogProb_OverABox_IntegratesToOne(FlowKind kind, bool embedding)
    {
        // By the midpoint rule in unconstrained coordinates, ±30: a grid in theta does not resolve a density that rises towards an edge.
        const int Cells = 600;
        const double Edge = 30, Width = 2 * Edge / Cells;
        var prior = new Box([-1, 0], [3, 0.5]);
        var bijection = new SupportBijection(prior);
        NeuralPosterior posterior = ScatteredPosterior.Create(prior, kind, embedding, scatter: 0.02);     // more would make ridges narrower than a cell
        double[] points = new double[2 * Cells * Cells], logs = new double[Cells * Cells], slopes = new double[Cells * Cells];
        for (int i = 0; i < Cells * Cells; i++)
        {
            (points[2 * i], points[(2 * i) + 1]) = (-Edge + (Width * ((i / Cells) + 0.5)), -Edge + (Width * ((i % Cells) + 0.5)));
        }

        bijection.LogAbsDetToConstrained(points, slopes);
        bijection.ToConstrained(points, points);
        foreach (double[] x in new[] { X, [-1.0, 0], [2, 2] })
        {
            posterior.LogProb(x, points, logs);
            Assert.Equal(1, logs.Zip(slopes, (log, slope) => Math.Exp(log + slope)).Sum() * Width * Width, 0.005);
        }
    }

    [Fact]
    public void LogProb_OutsideTheSupport_IsMinusInfinity()
    {
        NeuralPosterior posterior = ScatteredPosterior.Create(Mixed);
        double[] thetas = [0, 1, 0, 0, -0.1, 0, 0, 1, 2.1, double.PositiveInfinity, 1, 0, 0, 1, double.NaN], logs = new double[5];
        posterior.LogProb(X, thetas, logs);
        Assert.True(double.IsFinite(logs[0]));
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity, double.NaN], logs[1..]);
    }

    [Fact]
    public void Sample_IsInsideTheSupport()
    {
        NeuralPosterior posterior = ScatteredPosterior.Create(Mixed);
        double[] thetas = new double[3 * 20_000], logs = new double[20_000];
        posterior.Sample(X, thetas, new Rng(1));
        posterior.LogProb(X, thetas, logs);
        Assert.All(logs, log => Assert.True(double.IsFinite(log)));
    }

    [Theory]
    [InlineData(FlowKind.SplineAutoregressive)]
    [InlineData(FlowKind.AffineCoupling)]
    [InlineData(FlowKind.Continuous)]
    public void Sample_InOneDimension_FitsTheDensity(FlowKind kind)
    {
        const int Draws = 20_000, Cells = 4000;
        NeuralPosterior posterior = ScatteredPosterior.Create(new Uniform(-1, 2), kind);
        double[] other = [-2, 4], both = new double[2 * Draws], one = new double[Draws];
        posterior.SampleMany([.. X, .. other], Draws, both, new Rng(3));
        posterior.Sample(other, one, new Rng(4));

        Func<double, double> atX = Cdf(posterior, X, Cells), atOther = Cdf(posterior, other, Cells);
        GoodnessOfFit.AssertContinuous(both[..Draws], atX, "many, first");
        GoodnessOfFit.AssertContinuous(both[Draws..], atOther, "many, second");
        GoodnessOfFit.AssertContinuous(one, atOther, "one");
        Assert.True(Enumerable.Range(0, 100).Max(i => Math.Abs(atX(-1 + (0.03 * i)) - atOther(-1 + (0.03 * i)))) > 0.03, "The two observations should differ.");
    }

    [Fact]
    public void Results_DoNotDependOnBlocksOrThreads()
    {
        const int Rows = 3000;
        NeuralPosterior posterior = ScatteredPosterior.Create(Mixed, embedding: true);
        double[] many = new double[3 * Rows], first = new double[3 * 1024], logs = new double[Rows], part = new double[1024], last = new double[Rows - 2048];
        posterior.Sample(X, many, new Rng(9));
        posterior.Sample(X, first, new Rng(9));
        Assert.Equal(many[..first.Length], first);

        posterior.LogProb(X, many, logs);
        posterior.LogProb(X, many.AsSpan(3 * 1024, 3 * 1024), part);
        posterior.LogProb(X, many.AsSpan(3 * 2048), last);
        Assert.Equal(logs[1024..2048], part);
        Assert.Equal(logs[2048..], last);

        // One thread: parallel loops run on the scheduler of the task that they are in.
        double[] alone = new double[3 * Rows], aloneLogs = new double[Rows];
        OnOneThread(() =>
        {
            posterior.Sample(X, alone, new Rng(9));
            posterior.LogProb(X, alone, aloneLogs);
        });
        Assert.Equal(many, alone);
        Assert.Equal(logs, aloneLogs);
    }

    [Fact]
    public void LogProbPairs_AgreesWithOneObservationAtATime()
    {
        const int Pairs = 1500;
        NeuralPosterior posterior = ScatteredPosterior.Create(Mixed, embedding: true);
        double[] xs = new double[2 * Pairs], thetas = new double[3 * Pairs], logs = new double[Pairs], log = new double[1];
        new Rng(2).FillNormal(xs);
        posterior.SampleMany(xs, 1, thetas, new Rng(5));
        posterior.LogProbPairs(thetas, xs, logs);
        for (int i = 0; i < Pairs; i += 100)
        {
            posterior.LogProb(xs.AsSpan(2 * i, 2), thetas.AsSpan(3 * i, 3), log);
            Assert.Equal(log[0], logs[i], 1e-4);      // other matrix shapes round differently, in float32
        }
    }

    [Fact]
    public void State_Imported_GivesTheSameBits()
    {
        NeuralPosterior posterior = ScatteredPosterior.Create(Mixed, embedding: true);
        NeuralPosterior other = NeuralPosteriorEstimation.Untrained(
            new SupportBijection(Mixed), ScatteredPosterior.Features, ScatteredPosterior.Options(FlowKind.SplineAutoregressive, embedding: true));
        double[] thetas = new double[300], logs = new double[100], otherThetas = new double[300], otherLogs = new double[100];
        posterior.Sample(X, thetas, new Rng(1));
        posterior.LogProb(X, thetas, logs);

        ModuleState.Import(other, ModuleState.Export(posterior));

        other.Sample(X, otherThetas, new Rng(1));
        other.LogProb(X, thetas, otherLogs);
        Assert.Equal(thetas, otherThetas);
        Assert.Equal(logs, otherLogs);
    }

    [Fact]
    public void Calls_WithWrongLengthsOrNaN_SayWhatIsExpected()
    {
        NeuralPosterior posterior = ScatteredPosterior.Create(Mixed);
        double[] thetas = new double[6], logs = new double[2];
        Assert.Contains("1 observations of 2", Assert.Throws<ArgumentException>(() => posterior.Sample([1, 2, 3], thetas, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("whole rows of 3", Assert.Throws<ArgumentException>(() => posterior.Sample(X, new double[5], new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 3, 3]", Assert.Throws<ArgumentException>(() => posterior.SampleMany(X, 3, thetas, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("2 rows of 3", Assert.Throws<ArgumentException>(() => posterior.LogProb(X, new double[5], logs)).Message, StringComparison.Ordinal);
        Assert.Contains("NaN as number 1", Assert.Throws<ArgumentException>(() => posterior.Sample([1, double.NaN], thetas, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => posterior.LogProb([1, double.PositiveInfinity], thetas, logs));
        Assert.Throws<ArgumentException>(() => posterior.LogProbPairs(thetas, [1, 2, 3, double.NaN], logs));
    }

    [Fact]
    public void Train_OnBadRows_Throws()
    {
        var bijection = new SupportBijection(new Uniform(0, 1));
        void Train(double[] thetas, double[] xs) =>
            NeuralPosteriorEstimation.Train(bijection, thetas, xs, 1, new NeuralPosteriorOptions(), new Quincunx.Inference.Training.TrainingOptions(), new Rng(1));
        Assert.Contains("1 outputs, at least 1, got 2 and 3", Assert.Throws<ArgumentException>(() => Train([0.1, 0.2], [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("got 1.2 in row 1", Assert.Throws<ArgumentException>(() => Train([0.1, 1.2], [1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Train([0.1, double.NaN], [1, 2]));
        Assert.Contains("got NaN as number 0 of row 0", Assert.Throws<ArgumentException>(() => Train([0.1, 0.2], [double.NaN, 2])).Message, StringComparison.Ordinal);
    }

    // Distribution function on (-1, 2) by the midpoint rule, linear within a cell.
    private static Func<double, double> Cdf(NeuralPosterior posterior, double[] x, int cells)
    {
        double[] points = [.. Enumerable.Range(0, cells).Select(i => -1 + (3 * (i + 0.5) / cells))], logs = new double[cells], sums = new double[cells + 1];
        posterior.LogProb(x, points, logs);
        for (int i = 0; i < cells; i++)
        {
            sums[i + 1] = sums[i] + (Math.Exp(logs[i]) * 3 / cells);
        }

        Assert.Equal(1, sums[^1], 0.002);
        return theta =>
        {
            double at = (theta + 1) / 3 * cells;
            int cell = Math.Min(cells - 1, (int)at);
            return Math.Clamp((sums[cell] + ((at - cell) * (sums[cell + 1] - sums[cell]))) / sums[^1], 0, 1);
        };
    }

    private static void OnOneThread(Action action)
    {
        var pair = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1);
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, pair.ConcurrentScheduler).GetAwaiter().GetResult();
    }
}
