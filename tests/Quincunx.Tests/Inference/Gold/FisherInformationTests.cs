using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Gold;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Mechanisms;

namespace Quincunx.Tests.Inference.Gold;

public sealed class FisherInformationTests
{
    // Of 4.5 standard errors one in 150,000 is exceeded.
    private const double Deviations = 4.5;

    private static FisherInformation Exact => new([.. TwoSums.Information.Enumerate()], new double[4], 0);

    [Fact]
    public void OfScores_OfTwoSums_IsTheClosedForm()
    {
        double[] reference = [0.3, -1];
        MinedSimulations events = MinedSimulations.At(new Miner(new TwoSums()), reference, 20_000, new Rng(1));
        FisherInformation found = FisherInformation.OfScores([.. Enumerable.Range(0, events.Count).SelectMany(i => TwoSums.Score(reference, events.Xs[(2 * i)..((2 * i) + 2)]))], 2);
        FisherInformation joint = FisherInformation.OfScores(events.Scores, 2);
        for (int i = 0; i < 4; i++)
        {
            (int a, int b) = (i / 2, i % 2);
            Assert.Equal(TwoSums.Information[a, b], found[a, b], Deviations * found.StandardError(a, b));

            // Of z and both outputs: a moves the law of z alone, with variance 1, and b that of x₁, with variance 4.
            Assert.Equal(a != b ? 0 : a == 0 ? 1 : 0.25, joint[a, b], Deviations * joint.StandardError(a, b));
        }

        Assert.Equal(20_000, found.Events);
        Assert.InRange(found.StandardError(0, 0), 0.9 * TwoSums.Information[0, 0] * Math.Sqrt(2.0 / 20_000), 1.1 * TwoSums.Information[0, 0] * Math.Sqrt(2.0 / 20_000));
    }

    [Fact]
    public void Covariance_Profiled_AndDistance_AreLinearAlgebra()
    {
        Matrix<double> inverse = TwoSums.Information.Inverse();
        Assert.All(Exact.Covariance(10)!.Select((c, i) => c - (inverse[i / 2, i % 2] / 10)), off => Assert.Equal(0, off, 1e-13));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(1 / inverse[i, i], Exact.Profiled(i)[0, 0], 1e-13);
            Assert.Equal(TwoSums.Information[i, i], Exact.Given(i)[0, 0]);
        }

        Assert.Equal(Exact[0, 1], Exact.Profiled(1, 0)[0, 1]);
        var step = Vector<double>.Build.Dense([0.5, -2]);
        Assert.Equal(Math.Sqrt(step * TwoSums.Information * step), Exact.Distance([1, 1], [0.5, 3]), 1e-13);
    }

    // Only the sum of the first two matters, and the third stands alone: what is not measured takes nothing from what is.
    [Fact]
    public void UnmeasuredDirections_HaveNoCovariance_AndAreProfiledAway()
    {
        var sum = new FisherInformation([1, 1, 0, 1, 1, 0, 0, 0, 2], new double[9], 0);
        Assert.Null(sum.Covariance(5));
        Assert.Equal(0, sum.Profiled(0)[0, 0], 1e-13);
        Assert.Equal(2, sum.Profiled(2)[0, 0], 1e-13);
        Assert.Equal(1, sum.Given(0)[0, 0]);
        Assert.Null(sum.Profiled(0, 1).Covariance(1));
    }

    // x ~ N(0, 5) in bins: Σ (φ(a) − φ(b))² / p / 5 over bins from a to b, in units of its standard deviation.
    [Theory]
    [InlineData(2), InlineData(5), InlineData(40)]
    public void OfHistogram_OfTwoNormals_IsThatOfItsBins(int bins)
    {
        MinedSimulations events = MinedSimulations.At(new Miner(new TwoNormals()), [0.0], 40_000, new Rng(2));
        FisherInformation found = FisherInformation.OfHistogram(events.Xs, events.Scores, 1, bins);
        double exact = 0;
        for (int b = 0; b < bins; b++)
        {
            exact += bins * Math.Pow(Density(b) - Density(b + 1), 2) / 5;
        }

        Assert.Equal(exact, found[0, 0], Deviations * found.StandardError(0, 0));
        Assert.True(found.StandardError(0, 0) < 0.02 * exact, $"{found.StandardError(0, 0):R}");

        double Density(int edge)
        {
            double z = edge == 0 || edge == bins ? double.PositiveInfinity : SpecialFunctions.NormalQuantile((double)edge / bins);
            return Math.Exp((-0.5 * z * z) - SpecialFunctions.HalfLog2Pi);
        }
    }

    // Without the squared error of the means a bin of four events would seem to say what a joint score does.
    [Fact]
    public void OfHistogram_OfNoise_IsNothing()
    {
        MinedSimulations events = MinedSimulations.At(new Miner(new TwoSums()), [0.0, 0], 4000, new Rng(3));
        double[] noise = [.. Enumerable.Range(0, events.Count).Select(i => new Rng(4).Split(i).NextDouble())], constant = new double[noise.Length];
        foreach ((double[] observable, int bins) in (ReadOnlySpan<(double[], int)>)[(noise, 20), (noise, 1000), (constant, 10)])
        {
            FisherInformation found = FisherInformation.OfHistogram(observable, events.Scores, 2, bins);
            Assert.Equal(0, found[0, 0], Deviations * Math.Sqrt(2.0 * bins) / events.Count);
            Assert.Equal(0, found[1, 1], Deviations * 0.25 * Math.Sqrt(2.0 * bins) / events.Count);
        }
    }

    [Fact]
    public void Arguments_ThatAreWrong_Throw()
    {
        Assert.ThrowsAny<ArgumentException>(() => new FisherInformation([1, 2, 3], [1, 2, 3], 1));
        Assert.ThrowsAny<ArgumentException>(() => new FisherInformation([1, 2, 3, 4], new double[4], 1));
        Assert.ThrowsAny<ArgumentException>(() => new FisherInformation([double.NaN], [0], 1));
        Assert.ThrowsAny<ArgumentException>(() => new FisherInformation([1], [0], -1));
        Assert.ThrowsAny<ArgumentException>(() => FisherInformation.OfScores([1, 2, 3], 2));
        Assert.ThrowsAny<ArgumentException>(() => FisherInformation.OfScores([1, double.NaN], 1));
        Assert.ThrowsAny<ArgumentException>(() => FisherInformation.OfHistogram([1, 2], [1, 2, 3, 4], 1, 1));
        Assert.ThrowsAny<ArgumentException>(() => FisherInformation.OfHistogram([1, 2, 3, double.NaN], [1, 2, 3, 4], 1, 1));
        Assert.ThrowsAny<ArgumentException>(() => FisherInformation.OfHistogram([1, 2, 3, 4], [1, 2, 3, 4], 1, 2));
        Assert.ThrowsAny<ArgumentException>(() => Exact.Given());
        Assert.ThrowsAny<ArgumentException>(() => Exact.Profiled(0, 0));
        Assert.ThrowsAny<ArgumentException>(() => Exact.Profiled(2));
        Assert.ThrowsAny<ArgumentException>(() => Exact.Covariance(0));
        Assert.ThrowsAny<ArgumentException>(() => Exact.Distance([1], [1, 2]));
        Assert.ThrowsAny<ArgumentException>(() => Exact[0, 2]);
    }
}
