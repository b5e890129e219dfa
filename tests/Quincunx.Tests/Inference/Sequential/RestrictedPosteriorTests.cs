using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Sequential;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Diagnostics;
using Quincunx.Tests.Numerics.Random;

namespace Quincunx.Tests.Inference.Sequential;

/// <summary>With prior N(0, 1) and x ~ N(theta, 1) the posterior is N(x/2, 1/2); under the prior restricted to an interval it is that, truncated.</summary>
public sealed class RestrictedPosteriorTests
{
    private const double Low = -0.4, High = 1.1;
    private static readonly double Sd = Math.Sqrt(0.5);

    [Fact]
    public void Sample_IsTheTruncatedPosterior()
    {
        const int Draws = 20_000;
        double[] xs = [0.6, -3.0], draws = new double[2 * Draws];
        Posterior().SampleMany(xs, Draws, draws, new Rng(1));
        for (int i = 0; i < 2; i++)
        {
            var exact = new TruncatedNormal(xs[i] / 2, Sd, Low, High);
            GoodnessOfFit.AssertContinuous(draws[(i * Draws)..((i + 1) * Draws)], exact.Cdf, $"x = {xs[i]}");
        }
    }

    [Fact]
    public void Sample_WhereNoDrawIsInside_EndsWithNaN()
    {
        double[] draws = new double[50];
        Posterior().Sample([200], draws, new Rng(1));
        Assert.All(draws, draw => Assert.True(double.IsNaN(draw)));
    }

    [Fact]
    public void LogProb_InsideThePosteriors_OutsideNone()
    {
        double[] logProbs = new double[4];
        Posterior().LogProb([0.6], [0.2, High + 0.01, Low - 0.01, double.NaN], logProbs);
        Assert.Equal([SpecialFunctions.NormalLogPdf((0.2 - 0.3) / Sd) - Math.Log(Sd), double.NegativeInfinity, double.NegativeInfinity, double.NaN], logProbs);
        Posterior().LogProbPairs([0.2, High + 0.01], [0.6, 0.6], logProbs.AsSpan(0, 2));
        Assert.Equal(double.NegativeInfinity, logProbs[1]);
    }

    // Parameters of the restricted prior and data at them: the restricted posterior is calibrated, the whole one is not.
    [Fact]
    public void Calibration_UnderTheRestrictedPrior_HoldsForTheRestrictedPosteriorAlone()
    {
        const int Pairs = 600;
        RestrictedPrior prior = Prior();
        var rng = new Rng(3);
        double[] thetas = new double[Pairs], xs = new double[Pairs];
        for (int i = 0; i < Pairs; i++)
        {
            prior.Sample(thetas.AsSpan(i, 1), rng);
            xs[i] = thetas[i] + rng.NextNormal();
        }

        Assert.InRange(SimulationBasedCalibration.Run(Posterior(), thetas, xs, new Rng(4)).CombinedPValue, 1e-3, 1);
        Assert.InRange(SimulationBasedCalibration.Run(new GaussianPosterior(1), thetas, xs, new Rng(4)).CombinedPValue, 0, 1e-6);
    }

    [Fact]
    public void Create_OfOtherDimensions_IsRefused() =>
        Assert.Contains("Expected a prior of 2 parameters, got 1", Assert.Throws<ArgumentException>(() => new RestrictedPosterior(new GaussianPosterior(2), Prior())).Message, StringComparison.Ordinal);

    private static RestrictedPosterior Posterior() => new(new GaussianPosterior(1), Prior());

    private static RestrictedPrior Prior()
    {
        var prior = new Normal(0, 1);
        return new RestrictedPrior(prior, new SupportBijection(prior), new Ellipsoid([0.5 * (Low + High)], [0.5 * (High - Low)], 1));
    }
}
