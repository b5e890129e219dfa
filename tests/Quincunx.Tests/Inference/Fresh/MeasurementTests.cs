using Quincunx.Inference.Distributions;
using Quincunx.Inference.Fresh;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Fresh;

public sealed class MeasurementTests
{
    [Fact]
    public void GaussianNoise_LevelsOfASpectrum_AreItsDeviations()
    {
        // The context is an exposure in seconds; the noise falls with its root, and is twice as large in the second output.
        const int Draws = 20_000;
        var noise = new GaussianNoise(2, new Uniform(1, 9), (context, sigmas) => (sigmas[0], sigmas[1]) = (1 / Math.Sqrt(context[0]), 2 / Math.Sqrt(context[0])));
        Assert.Equal((2, 2, 1), (noise.Outputs, noise.Observed, noise.ContextCount));
        double[] squares = new double[2], observed = new double[2];
        var rng = new Rng(1);
        for (int i = 0; i < Draws; i++)
        {
            noise.Observe([10, -5], [4], observed, rng);
            (squares[0], squares[1]) = (squares[0] + Math.Pow(observed[0] - 10, 2), squares[1] + Math.Pow(observed[1] + 5, 2));
        }

        // The relative standard error of a variance is √(2 / n) = 1 %; five of them.
        Assert.Equal(1, squares[0] / Draws / 0.25, 0.05);
        Assert.Equal(1, squares[1] / Draws / 1.0, 0.05);
        Assert.Equal(
            new Normal(10, 0.5).LogProb([10.2]) + new Normal(-5, 1).LogProb([-4]), noise.LogLikelihood([10, -5], [4], [10.2, -4]), 1e-12);
        Assert.Equal(new Normal(-5, 1).LogProb([-4]), noise.LogLikelihood([10, -5], [4], [double.NaN, -4]), 1e-12);
        double[] context = new double[1];
        noise.DrawContext(context, rng);
        Assert.InRange(context[0], 1, 9);
    }

    [Fact]
    public void GaussianNoise_BadLevels_Throw()
    {
        Assert.Throws<ArgumentException>(() => new GaussianNoise(3, new Normal(0, 1)));
        Assert.Throws<ArgumentException>(() => new GaussianNoise([1, 0]));
        Assert.Throws<ArgumentException>(() => new GaussianNoise([]));
        Assert.Throws<ArgumentException>(() => new GaussianNoise([1, 2]).Observe([1], [], new double[2], new Rng(1)));
        Assert.Throws<ArgumentException>(() => new GaussianNoise([1, 2]).LogLikelihood([1, 2], [1], [1, 2]));
    }

    [Fact]
    public void Gaps_Independent_LoseTheShareThatWasAsked()
    {
        // Mean share 1/2 over shares uniform in (0, 1): the number lost of 4 is uniform on 0..4 (a beta-binomial), so all five counts are as likely.
        const int Draws = 20_000;
        var gaps = new Gaps(4, Gaps.Independent(0, 1));
        int[] counts = new int[5];
        double[] x = new double[4];
        var rng = new Rng(3);
        for (int i = 0; i < Draws; i++)
        {
            gaps.Observe([1, 2, 3, 4], [], x, rng);
            Assert.All(Enumerable.Range(0, 4), j => Assert.True(double.IsNaN(x[j]) || x[j] == j + 1));
            counts[x.Count(double.IsNaN)]++;
        }

        // A binomial's sd is √(20000 · 0.16) = 57; five of them.
        Assert.All(counts, c => Assert.Equal(4000, c, 285.0));
    }

    [Fact]
    public void Gaps_OfObservations_AreTheirs()
    {
        var gaps = new Gaps(2, Gaps.Of([double.NaN, 7, 7, double.NaN], 2));
        double[] x = new double[2];
        var rng = new Rng(3);
        int first = 0;
        for (int i = 0; i < 400; i++)
        {
            gaps.Observe([1, 2], [], x, rng);
            Assert.Single(x, double.IsNaN);
            first += double.IsNaN(x[0]) ? 1 : 0;
        }

        Assert.InRange(first, 150, 250);        // sd 10
        Assert.Throws<ArgumentException>(() => Gaps.Of([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gaps.Independent(0.5, 0.4));
    }
}
