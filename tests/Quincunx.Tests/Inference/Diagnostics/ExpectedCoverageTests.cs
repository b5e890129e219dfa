using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class ExpectedCoverageTests
{
    private const int Dimension = 2;

    [Fact]
    public void Run_CalibratedPosteriorOverManySeeds_RarelyAlarms()
    {
        const int Seeds = 300;
        CoverageResult[] results = [.. Enumerable.Range(0, Seeds).Select(seed => Run(1, (ulong)seed, pairs: 100))];

        // Each test at 5 %, exact: 4 standard errors of the count of alarms.
        double limit = 0.05 + (4 * Math.Sqrt(0.05 * 0.95 / Seeds));
        Assert.InRange(results.Count(r => r.IsOverconfident) / (double)Seeds, 0.01, limit);
        Assert.InRange(results.Count(r => r.IsConservative) / (double)Seeds, 0.01, limit);
        Assert.InRange(results.Count(r => r.PValue < 0.05) / (double)Seeds, 0.01, limit);

        // The signed area is 1/2 − a mean of uniforms: sd 1/√(12 n).
        Assert.Equal(0, results.Average(r => r.SignedArea), 4 / Math.Sqrt(12.0 * 100 * Seeds));
    }

    [Theory]
    [InlineData(0.75)]
    [InlineData(1.35)]
    public void Run_WrongWidth_AlarmsOnTheRightSide(double width)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            CoverageResult result = Run(width, seed, pairs: 400);
            Assert.Equal((width < 1, width > 1), (result.IsOverconfident, result.IsConservative));
            Assert.True(result.PValue < 0.01);
            Assert.Equal(Math.Sign(width - 1), Math.Sign(result.SignedArea));
        }
    }

    // In two dimensions θ is in the region of level c where r² ≤ −2 w² log(1 − c): coverage 1 − (1 − c)^(w²), whose integral is w²/(1 + w²).
    [Theory]
    [InlineData(0.7)]
    [InlineData(1.5)]
    public void Run_KnownWidth_MatchesTheExactCurve(double width)
    {
        const int Pairs = 4_000;
        CoverageResult result = Run(width, seed: 1, Pairs);

        for (int i = 0; i < result.Nominal.Count; i++)
        {
            double exact = 1 - Math.Pow(1 - result.Nominal[i], width * width);

            // 4.5 standard errors, for about a hundred dependent points; L = 99 draws blur the level by about 1/L.
            Assert.Equal(exact, result.Empirical[i], 0.01 + (4.5 * 0.5 / Math.Sqrt(Pairs)));
        }

        Assert.Equal((width * width / (1 + (width * width))) - 0.5, result.SignedArea, 0.01 + (4 / Math.Sqrt(12.0 * Pairs)));
        Assert.Equal(Math.Abs(result.SignedArea), result.CalibrationError, 0.01);
    }

    // P(D⁺ ≥ d) for n = 1 is 1 − d, and for n = 2, by integration, (1 − d)² + 2 d (1/2 − d) below one half.
    [Theory]
    [InlineData(0.3, 1, 0.7)]
    [InlineData(0.3, 2, 0.61)]
    [InlineData(0.6, 2, 0.16)]
    [InlineData(0, 5, 1)]
    [InlineData(1, 5, 0)]
    public void OneSidedPValue_SmallCases_MatchesIntegration(double distance, int count, double expected) =>
        Assert.Equal(expected, UniformityTest.OneSidedPValue(distance, count), 1e-12);

    private static CoverageResult Run(double width, ulong seed, int pairs)
    {
        var rng = new Rng(seed);
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(pairs, Dimension, rng);
        return ExpectedCoverage.Run(new GaussianPosterior(Dimension, width), thetas, xs, rng.Split("coverage"));
    }
}
