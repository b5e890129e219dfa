using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Importance;

public sealed class EfficiencyCurveTests
{
    [Fact]
    public void Of_AnyWeights_HasSharesOfPrefixesAndBlocks()
    {
        var rng = new Rng(1);
        double[] log = [.. Enumerable.Range(0, 300).Select(_ => rng.NextNormal())];
        EfficiencyCurve curve = EfficiencyCurve.Of(log);

        Assert.Equal([64, 128, 256, 300], curve.Points.Select(p => p.Draws));
        Assert.Equal([4, 2, 1, 1], curve.Points.Select(p => p.Blocks));
        foreach (EfficiencyPoint point in curve.Points)
        {
            double[] shares = [.. Enumerable.Range(0, point.Blocks).Select(b => ImportanceWeights.FromLog(log.AsSpan(b * point.Draws, point.Draws)).Efficiency)];
            Assert.Equal(shares[0], point.First, 1e-12);
            Assert.Equal(shares.Average(), point.Mean, 1e-12);
            Assert.Equal((shares.Min(), shares.Max()), (point.Least, point.Greatest), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12);
        }
    }

    [Theory]
    [InlineData(1.3, EfficiencyTrend.Settled)]       // bounded weights
    [InlineData(0.55, EfficiencyTrend.Falling)]      // tail index 0.7
    [InlineData(0.3, EfficiencyTrend.Falling)]       // 0.91
    public void Trend_OfANormalProposal_IsThatOfItsTail(double widening, EfficiencyTrend expected)
    {
        int right = Enumerable.Range(0, 20).Count(seed => GaussianModel.Reweighting(2, widening).Draw(8192, new Rng((ulong)seed)).Curve().Trend == expected);
        Assert.InRange(right, 19, 20);
    }

    [Theory]
    [InlineData(1.3)]
    [InlineData(0.8)]
    [InlineData(0.55)]
    [InlineData(0.3)]
    public void Project_FromAPilot_BracketsTheRun(double widening)
    {
        // Pilots of 2,000 beside what 32 times as many draws are worth. Two errors and the tail's range on either side: misses are rare, and 18 of 20 leaves room for them.
        const int Pilot = 2000, Run = 32 * Pilot;
        PosteriorReweighting reweighting = GaussianModel.Reweighting(2, widening);
        int inside = 0, trusted = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            ReweightedDraws run = reweighting.Draw(Run, new Rng(seed));
            EffectiveProjection projection = EfficiencyCurve.Of(run.LogWeights[..Pilot]).Project(Run);
            inside += run.Weights.EffectiveSampleSize >= projection.Low && run.Weights.EffectiveSampleSize <= projection.High ? 1 : 0;
            trusted += projection.IsTrustworthy ? 1 : 0;
            Assert.Contains(projection.IsTrustworthy ? "settled" : widening > 1 ? "look again" : "", projection.Statement, StringComparison.Ordinal);
        }

        Assert.InRange(inside, 18, 20);
        Assert.Equal(0, trusted);       // 32 times as far as was measured
    }

    [Fact]
    public void Project_NearARunThatHasSettled_IsTrusted()
    {
        EffectiveProjection projection = GaussianModel.Reweighting(2, 1.3).Draw(8192, new Rng(1)).Curve().Project(40_000);
        Assert.True(projection.IsTrustworthy, projection.Statement);
        double exact = 40_000 * Math.Pow(Math.Sqrt((2 * 1.69) - 1) / 1.69, 2);
        Assert.InRange(exact, projection.Low, projection.High);
        Assert.True(projection.Low > 0.8 * exact && projection.High < 1.2 * exact, projection.Statement);
    }

    [Fact]
    public void Project_FromTooFewDraws_SaysNothing()
    {
        EffectiveProjection projection = EfficiencyCurve.Of([0, 0.1, -0.3]).Project(1000);
        Assert.Equal((0.0, 1000.0, false), (projection.Low, projection.High, projection.IsTrustworthy));
        Assert.Contains("too few", projection.Statement, StringComparison.Ordinal);
        Assert.Equal(EfficiencyTrend.Unclear, EfficiencyCurve.Of([0, 0.1, -0.3]).Trend);
    }

    [Fact]
    public void Of_NoPositiveWeight_IsUnclear()
    {
        EfficiencyCurve curve = EfficiencyCurve.Of([.. Enumerable.Repeat(double.NegativeInfinity, 500)]);
        Assert.Equal(EfficiencyTrend.Unclear, curve.Trend);
        Assert.All(curve.Points, p => Assert.Equal(0, p.Mean));
    }
}
