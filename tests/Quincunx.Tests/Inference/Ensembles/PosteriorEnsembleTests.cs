using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Ensembles;
using Quincunx.Inference.MixtureDensity;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Flows;
using Quincunx.Tests.Inference.Npe;

namespace Quincunx.Tests.Inference.Ensembles;

public sealed class PosteriorEnsembleTests
{
    private static readonly double[] X = [0.4, 1.2];

    [Fact]
    public void LogProb_IsTheMeanDensity()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new Uniform(-1, 2)));
        PosteriorEnsemble ensemble = Scattered(prior, 3);
        double[] thetas = [0.3, 0.5, -1, 1.9, 2, 2.5, double.NaN, 0], logs = new double[4], pairs = new double[4];
        ensemble.LogProb(X, thetas, logs);
        ensemble.LogProbPairs(thetas, [.. X, .. X, .. X, .. X], pairs);
        for (int i = 0; i < 2; i++)
        {
            double mean = ensemble.Members.Average(m =>
            {
                double[] own = new double[1];
                m.LogProb(X, thetas.AsSpan(2 * i, 2), own);
                return Math.Exp(own[0]);
            });
            Assert.Equal(Math.Log(mean), logs[i], 1e-12);
            Assert.Equal(logs[i], pairs[i], 1e-5);      // float32 networks, in other groups of rows
        }

        Assert.Equal(double.NegativeInfinity, logs[2]);
        Assert.True(double.IsNaN(logs[3]));
    }

    [Fact]
    public void Density_IntegratesToOneAndFitsTheDraws()
    {
        var line = new Uniform(-1, 2);
        PosteriorEnsemble ensemble = Scattered(line, 3);
        EstimatorChecks.AssertIntegratesToOne(ensemble, line, X);
        EstimatorChecks.AssertDrawsFitTheDensity(ensemble, line, X);
    }

    [Fact]
    public void SampleMany_DrawsForEachObservationFromAllMembers()
    {
        // Members that are all but points, so that a draw tells who drew it and for whom.
        var ensemble = new PosteriorEnsemble([new Point(0), new Point(100)]);
        const int Count = 4000;
        double[] draws = new double[3 * Count];
        ensemble.SampleMany([1, 2, 3], Count, draws, new Rng(1));
        for (int pair = 0; pair < 3; pair++)
        {
            double[] own = draws[(pair * Count)..((pair + 1) * Count)];
            Assert.All(own, theta => Assert.True(theta == pair + 1 || theta == pair + 101));

            // A share of 1/2 among 4,000 has a standard error of 0.008, of which five.
            Assert.InRange(own.Count(theta => theta > 50) / (double)Count, 0.46, 0.54);
        }
    }

    [Fact]
    public void Intervals_CarryTheSpreadBetweenMembers()
    {
        var ensemble = new PosteriorEnsemble([new Shifted(-1), new Shifted(1)]);
        EnsembleInterval interval = Assert.Single(ensemble.Intervals([0.5], 0.9, new Rng(1), draws: 40_000));

        // Standard normals about x ± 1: a variance of 1 + 1, means √2 apart in standard deviation (n - 1), ends at x ± 1 ± 1.645.
        Assert.Equal(0.5, interval.Mean, 5 * Math.Sqrt(2.0 / 80_000));
        Assert.Equal(Math.Sqrt(2), interval.StandardDeviation, 0.02);
        Assert.Equal(Math.Sqrt(2), interval.MeanSpread, 0.03);
        Assert.Equal(Math.Sqrt(2), interval.LowerSpread, 0.06);
        Assert.Equal(0.5 - 1 - 1.645, interval.LowestLower, 0.06);
        Assert.Equal(0.5 + 1 + 1.645, interval.HighestUpper, 0.06);

        // The mixture's quantile q: (Φ(q + 1) + Φ(q - 1)) / 2 = 0.95 at q = 2.2796... by bisection below.
        (double low, double high) = (0, 5);
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2, share = (new Normal(0, 1).Cdf(middle + 1) + new Normal(0, 1).Cdf(middle - 1)) / 2;
            (low, high) = share < 0.95 ? (middle, high) : (low, middle);
        }

        Assert.Equal(0.5 + low, interval.Upper, 0.04);
        Assert.Equal(0.5 - low, interval.Lower, 0.04);
    }

    [Fact]
    public void State_Imported_GivesTheSameNumbers()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new Uniform(-1, 2)));
        PosteriorEnsemble stored = Scattered(prior, 3, used: [true, false, true]), loaded = Scattered(prior, 3, from: 50);
        Assert.Equal(3, loaded.Used.Count);
        EstimatorChecks.AssertStateCarriesAll(stored, loaded, X);
        Assert.Equal(2, loaded.Used.Count);
    }

    [Fact]
    public void Members_NotUsed_AreNotPartOfIt()
    {
        PosteriorEnsemble one = new([new Point(0), new Point(100)], [true, false]), none = new([new Point(0)], [false]);
        double[] draws = new double[100], logs = new double[1];
        one.Sample([1], draws, new Rng(1));
        Assert.All(draws, theta => Assert.Equal(1, theta));
        none.Sample([1], draws, new Rng(1));
        none.LogProb([1], [1], logs);
        Assert.All(draws, theta => Assert.Equal(double.NaN, theta));
        Assert.Equal(double.NaN, logs[0]);
        Assert.Equal(double.NaN, none.Intervals([1], 0.9, new Rng(1))[0].Lower);
    }

    [Fact]
    public void Calls_WithWrongNumbers_SayWhatIsExpected()
    {
        Assert.Throws<ArgumentException>(() => new PosteriorEnsemble([]));
        Assert.Throws<ArgumentException>(() => new PosteriorEnsemble([new Point(0), Scattered(new Box([0, 0], [1, 1]), 1)]));
        var ensemble = new PosteriorEnsemble([new Shifted(0)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ensemble.Intervals([0], 1, new Rng(1)));
        Assert.Throws<ArgumentException>(() => ensemble.SampleMany([1, 2, 3], 2, new double[5], new Rng(1)));
        Assert.Throws<InvalidOperationException>(() => Quincunx.Inference.Networks.ModuleState.Export(ensemble));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnsembleEstimation.Untrained(new SupportBijection(new Uniform(0, 1)), 1, new EnsembleOptions { Members = 0 }));
    }

    private static PosteriorEnsemble Scattered(IDistribution prior, int members, bool[]? used = null, int from = 5) => new(
        [.. Enumerable.Range(0, members).Select(i =>
        {
            MixturePosterior member = MixtureDensityEstimation.Untrained(new SupportBijection(prior), X.Length, new MixtureDensityOptions { Components = 2, Width = 8, Blocks = 1 });
            BijectionCases.Scatter(member, new Rng((ulong)(from + i)), 0.1);
            return member;
        })],
        used ?? [.. Enumerable.Repeat(true, members)]);

    // Draws x + shift itself.
    private sealed class Point(double shift) : Fake
    {
        protected override double Draw(double x, Rng rng) => x + shift;
    }

    // Normal about x + shift.
    private sealed class Shifted(double shift) : Fake
    {
        protected override double Draw(double x, Rng rng) => x + shift + rng.NextNormal();
    }

    private abstract class Fake : IPosteriorEstimator
    {
        public int Dimension => 1;

        public bool IsNormalised => true;

        public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => SampleMany(x, thetas.Length, thetas, rng);

        public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => logProbs.Clear();

        public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => logProbs.Clear();

        public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
        {
            for (int i = 0; i < thetas.Length; i++)
            {
                thetas[i] = Draw(xs[i / count], rng);
            }
        }

        protected abstract double Draw(double x, Rng rng);
    }
}
