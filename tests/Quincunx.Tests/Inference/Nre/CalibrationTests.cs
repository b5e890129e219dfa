using Quincunx.Inference.Nre;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Nre;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(7, 1)]
    [InlineData(40, 1)]
    [InlineData(40, 5)]     // a fifth as many distinct scores
    public void Isotonic_IsTheLeastSquaresByTheMinMaxFormula(int n, int ties)
    {
        Rng rng = new Rng(1).Split(n + ties);
        double[] scores = [.. Enumerable.Range(0, n).Select(_ => Math.Floor(rng.NextDouble() * n / ties))], values = new double[n], weights = [.. Enumerable.Range(0, n).Select(_ => 0.1 + rng.NextDouble())];
        rng.FillNormal(values);
        var fit = IsotonicRegression.Fit(scores, values, weights);

        // f(s) = max over a ≤ s of min over b ≥ s of the mean between a and b (Robertson, Wright and Dykstra 1988, theorem 1.4.4).
        double[] distinct = [.. scores.Distinct().Order()];
        Assert.Equal(distinct, fit.Scores);
        for (int i = 0; i < distinct.Length; i++)
        {
            double expected = distinct[..(i + 1)].Max(a => distinct[i..].Min(b => Mean(a, b)));
            Assert.Equal(expected, fit.Values[i], 1e-12);
            Assert.Equal(fit.Values[i], fit.At(distinct[i]));
        }

        double Mean(double a, double b)
        {
            int[] rows = [.. Enumerable.Range(0, n).Where(i => scores[i] >= a && scores[i] <= b)];
            return rows.Sum(i => weights[i] * values[i]) / rows.Sum(i => weights[i]);
        }
    }

    [Fact]
    public void Isotonic_BetweenAndBeyondScores_IsLinearAndConstant()
    {
        var fit = IsotonicRegression.Fit([3, 1, double.NegativeInfinity], [5, 1, 0]);
        Assert.Equal(2, fit.At(1.5), 1e-15);
        Assert.Equal(5, fit.At(double.PositiveInfinity));
        Assert.Equal(1, fit.At(0));
        Assert.Equal(0, fit.At(double.NegativeInfinity));
        Assert.True(double.IsNaN(fit.At(double.NaN)));
    }

    [Fact]
    public void Fit_OnBadInput_Throws()
    {
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => IsotonicRegression.Fit([], [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => IsotonicRegression.Fit([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => IsotonicRegression.Fit([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => IsotonicRegression.Fit([1], [double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => IsotonicRegression.Fit([1], [1], [0.0]));
        Assert.Throws<ArgumentException>(() => IsotonicCalibration.Fit([], [1]));
        Assert.Throws<ArgumentException>(() => HistogramCalibration.Fit([1], [double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HistogramCalibration.Fit([1], [1], 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Probability_OfAMiscalibratedScore_IsTheTrueOne(bool isotonic)
    {
        // Classes N(1, 1) and N(0, 1) at equal frequency: the probability of the first is σ(x - 1/2). The score is a monotone function of x that is far off it. Unequal numbers of events must not matter.
        const int First = 40_000, Second = 20_000;
        double[] first = Scores(1, First, new Rng(1)), second = Scores(0, Second, new Rng(2));
        IScoreCalibration calibration = isotonic ? IsotonicCalibration.Fit(first, second) : HistogramCalibration.Fit(first, second, 60);
        foreach (double x in new[] { -1.0, 0, 0.5, 1, 2 })
        {
            // A histogram's bins have 1,000 events, an error of 0.016; isotonic regression averages over about as many. Four standard errors, and half a bin's width times the slope of at most 1/4.
            double found = calibration.Probability(Score(x)), expected = SpecialFunctions.Sigmoid(x - 0.5);
            Assert.True(Math.Abs(found - expected) < 0.08, $"x = {x}: {found} and {expected}");
        }

        double mean = first.Average(calibration.Probability) + second.Average(calibration.Probability);
        Assert.Equal(1, mean, 0.001);      // balanced by construction
    }

    [Fact]
    public void Probability_WhereOneClassWasNeverSeen_IsNotZero()
    {
        double[] low = [.. Enumerable.Range(0, 100).Select(i => i / 100.0)], high = [.. low.Select(v => v + 5)];
        foreach (IScoreCalibration calibration in new IScoreCalibration[] { IsotonicCalibration.Fit(high, low), HistogramCalibration.Fit(high, low, 20) })
        {
            Assert.InRange(calibration.Probability(-10), 1e-4, 0.1);
            Assert.InRange(calibration.Probability(10), 0.9, 1 - 1e-4);
            Assert.True(double.IsNaN(calibration.Probability(double.NaN)));
        }
    }

    private static double Score(double x) => Math.Pow(SpecialFunctions.Sigmoid((3 * x) + 1), 2);

    private static double[] Scores(double mean, int count, Rng rng) => [.. Enumerable.Range(0, count).Select(_ => Score(mean + rng.NextNormal()))];
}
