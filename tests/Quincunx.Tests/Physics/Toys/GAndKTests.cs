using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Physics.Toys;

public sealed class GAndKTests
{
    [Fact]
    public void LogProb_NoSkewnessNoTails_IsNormal()
    {
        foreach (double x in (double[])[-5, 0, 3, 3.7, 40])
        {
            double z = (x - 3) / 1.5, expected = (-0.5 * z * z) - Math.Log(1.5 * Math.Sqrt(Math.Tau));
            Assert.Equal(expected, new GAndKLaw<double>(3, 1.5, 0, 0).LogProb(x), 1e-12 * (1 + Math.Abs(expected)));
        }
    }

    // ∫ p dx by the midpoint rule in s = asinh(x - 3), so that long tails are reached.
    [Theory]
    [InlineData(2.0, 0.5), InlineData(0.3, 0.0), InlineData(-4.0, 0.1), InlineData(9.0, 3.0)]
    public void LogProb_OverX_IntegratesToOne(double g, double k)
    {
        var law = new GAndKLaw<double>(3, 1, g, k);
        double total = 0;
        const double Step = 5e-3;
        for (double s = -25; s < 25; s += Step)
        {
            total += Step * Math.Cosh(s) * Math.Exp(law.LogProb(3 + Math.Sinh(s)));
        }

        Assert.Equal(1, total, 1e-5);
    }

    // The formula as it is usually written, at quantiles of the normal: octiles of the classical example (3, 1, 2, 0.5).
    [Fact]
    public void FromNoise_IsTheQuantileFunction()
    {
        var law = new GAndKLaw<double>(3, 1, 2, 0.5);
        for (int octile = 1; octile < 8; octile++)
        {
            double z = SpecialFunctions.NormalQuantile(octile / 8.0);
            double expected = 3 + (1 * (1 + (0.8 * (1 - Math.Exp(-2 * z)) / (1 + Math.Exp(-2 * z)))) * Math.Pow(1 + (z * z), 0.5) * z);
            Assert.Equal(expected, law.FromNoise(z), 1e-14 * expected);
            Assert.Equal(z, law.ToNoise(expected, new Rng(1)), 1e-14);
        }
    }

    [Theory]
    [InlineData(3, 1, 2, 0.5), InlineData(0, 2, -1, 0.1), InlineData(5, 0.1, 9, 8)]
    public void LogProb_OnDualNumbers_MatchesCentralDifferences(double a, double b, double g, double k)
    {
        double[] theta = [a, b, g, k];
        foreach (double noise in (double[])[-3.5, -0.4, 0.01, 2.2])
        {
            double x = new GAndKLaw<double>(a, b, g, k).FromNoise(noise);
            Dual<Tangent4> moving = Density<Dual<Tangent4>>([.. theta.Select((value, i) => Dual<Tangent4>.Variable(value, i))], x);
            Assert.Equal(Density<double>(theta, x), moving.Value, 1e-10);
            for (int j = 0; j < 4; j++)
            {
                double h = 1e-6;
                double difference = (Density<double>([.. theta.Select((v, i) => i == j ? v + h : v)], x) - Density<double>([.. theta.Select((v, i) => i == j ? v - h : v)], x)) / (2 * h);
                Assert.Equal(difference, moving.Derivative(j), 1e-6 * (1 + Math.Abs(difference)));
            }
        }
    }

    // Hypotheses whose roots lie far apart.
    [Fact]
    public void LogProb_UnderSeveralHypotheses_IsThatOfEach()
    {
        double[][] thetas = [[3, 1, 2, 0.5], [0, 4, 9, 9], [9, 0.5, 0.1, 2], [5, 9, 5, 0]];
        Lanes<Tangent4>[] lanes = [.. Enumerable.Range(0, 4).Select(i => Lanes<Tangent4>.Of([.. thetas.Select(t => t[i])]))];
        double[] values = new double[4];
        foreach (double x in (double[])[-20, 0.5, 3, 8, 60])
        {
            Density<Lanes<Tangent4>>(lanes, x).CopyTo(values);
            Assert.All(values, (value, i) => Assert.Equal(Density<double>(thetas[i], x), value, 1e-9 * (1 + Math.Abs(value))));
        }
    }

    [Fact]
    public void Simulate_ManyDraws_FollowTheDensity()
    {
        const int Draws = 20_000;
        double[] x = new double[Draws];
        ((ISimulator)new GAndK(Draws)).Simulate([3, 1, 2, 0.5], x, new Rng(1));
        Array.Sort(x);
        var law = new GAndKLaw<double>(3, 1, 2, 0.5);
        double distance = x.Select((value, i) => Math.Abs(SpecialFunctions.NormalCdf(law.ToNoise(value, new Rng(1))) - ((i + 0.5) / Draws))).Max();
        Assert.InRange(SpecialFunctions.KolmogorovSmirnovPValue(distance, Draws), 1e-5, 1);
        Assert.Equal(3, 0.5 * (x[(Draws / 2) - 1] + x[Draws / 2]), 4 * 0.5 * Math.Sqrt(Math.Tau) / Math.Sqrt(Draws));      // the median is a, where the density is that of the normal
    }

    [Fact]
    public void LogLikelihood_OfItsOwnDraws_IsTheRecordedDensity()
    {
        TraceRecord record = RecordingTrace.Run(new GAndK(5), [3, 1, 2, 0.5], new Rng(4));
        Assert.Equal(record.LogProb, new GAndK(5).LogLikelihood([3, 1, 2, 0.5], record.X), 1e-12);
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GAndK(0));
        Assert.Throws<ArgumentException>(() => new GAndK(2).LogLikelihood([3, 1, 2, 0.5], new double[3]));
        Assert.Throws<ArgumentException>(() => new GAndK(2).LogLikelihood([3, 0, 2, 0.5], new double[2]));
        Assert.Throws<ArgumentException>(() => ((ISimulator)new GAndK(2)).Simulate([3, 1, 2, -0.1], new double[2], new Rng(1)));
        Assert.True(double.IsNaN(new GAndK(1).LogLikelihood([3, 1, 2, 0.5], [double.NaN])));
        Assert.Equal(double.NegativeInfinity, new GAndK(1).LogLikelihood([3, 1, 2, 0.5], [double.PositiveInfinity]));
    }

    private static TReal Density<TReal>(TReal[] theta, double x)
        where TReal : unmanaged, System.Numerics.IFloatingPointIeee754<TReal> => new GAndKLaw<TReal>(theta[0], theta[1], theta[2], theta[3]).LogProb(x);
}
