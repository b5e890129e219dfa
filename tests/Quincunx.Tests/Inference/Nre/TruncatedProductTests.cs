using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nre;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Numerics.Random;

namespace Quincunx.Tests.Inference.Nre;

public sealed class TruncatedProductTests
{
    private static readonly IndependentProduct Prior = new(("a", new Normal(1, 2)), ("b", new Uniform(0, 4)), ("c", new LogNormal(0, 1)));
    private static readonly Support[] Box = [new(double.NegativeInfinity, 0.5), new(1, 9), new(2, double.PositiveInfinity)];

    [Fact]
    public void Sample_FollowsThePartsCutToTheBox()
    {
        const int Draws = 4000;
        var cut = new TruncatedProduct(Prior, Box);
        double[] draws = new double[3 * Draws];
        var rng = new Rng(1);
        for (int i = 0; i < Draws; i++)
        {
            cut.Sample(draws.AsSpan(3 * i, 3), rng);
        }

        ScalarDistribution[] parts = [new Normal(1, 2), new Uniform(0, 4), new LogNormal(0, 1)];
        for (int j = 0; j < 3; j++)
        {
            ScalarDistribution part = parts[j];
            double below = part.Cdf(cut.Supports[j].Lower), inside = part.Cdf(cut.Supports[j].Upper) - below;
            GoodnessOfFit.AssertContinuous([.. Enumerable.Range(0, Draws).Select(i => draws[(3 * i) + j])], t => Math.Clamp((part.Cdf(t) - below) / inside, 0, 1), $"coordinate {j}");
        }

        Assert.Equal(new Support(1, 4), cut.Supports[1]);
        Assert.All(Enumerable.Range(0, Draws), i => Assert.True(cut.Contains(draws.AsSpan(3 * i, 3)) && double.IsFinite(cut.LogProb(draws.AsSpan(3 * i, 3)))));
    }

    [Fact]
    public void LogProb_IsThePriorsOverTheMassOfTheBox()
    {
        var cut = new TruncatedProduct(Prior, Box);
        double[] inside = [0.1, 2, 3], outside = [0.6, 2, 3];
        double mass = new Normal(1, 2).Cdf(0.5) * 0.75 * (1 - new LogNormal(0, 1).Cdf(2));
        Assert.Equal(Math.Log(mass), cut.LogMass, 1e-12);
        Assert.Equal(Prior.LogProb(inside) - Math.Log(mass), cut.LogProb(inside), 1e-12);
        Assert.Equal(double.NegativeInfinity, cut.LogProb(outside));
        Assert.True(double.IsNaN(cut.LogProb([double.NaN, 2, 3])));
        Assert.Equal(0, new TruncatedProduct(Prior).LogMass);
    }

    [Fact]
    public void Sample_OfAThinBox_StaysInside()
    {
        var cut = new TruncatedProduct(Prior, [new(0.3, 0.3 + 1e-9), new(2, 2 + 1e-9), new(1, 1 + 1e-9)]);
        double[] draw = new double[3];
        var rng = new Rng(2);
        for (int i = 0; i < 100; i++)
        {
            cut.Sample(draw, rng);
            Assert.True(cut.Contains(draw));
        }
    }

    [Fact]
    public void Constructor_WithoutMassOrScalars_Throws()
    {
        Assert.Contains("'b' in [5, 4]", Assert.Throws<ArgumentException>(() => new TruncatedProduct(Prior, [Support.Real, new(5, 6), Support.Real])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TruncatedProduct(Prior, [Support.Real]));
        Assert.Throws<ArgumentException>(() => new TruncatedProduct(new IndependentProduct(("box", new Box([0, 0], [1, 1])))));
    }
}
