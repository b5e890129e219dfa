using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class PredictiveCheckTests
{
    private const int Outputs = 6;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_ObservationIsOneMoreSimulation_PValuesAreUniform(bool heavyTails)
    {
        const int Seeds = 400, Count = 199;
        PredictiveCheckResult[] results = [.. Enumerable.Range(0, Seeds).Select(seed =>
        {
            double[] rows = Rows(Count + 1, new Rng((ulong)seed), heavyTails);
            return MisspecificationCheck.Run(rows.AsSpan(..^Outputs), rows.AsSpan(^Outputs..));
        })];

        // Ranks of one among 200: p takes the values 1/200 … 1 with equal chance, so p − u/200 is uniform.
        var rng = new Rng(1);
        EcdfBand band = EcdfBand.Simultaneous(Seeds, 20, 0.95);
        foreach (Func<PredictiveCheckResult, double> p in (Func<PredictiveCheckResult, double>[])[r => r.DistancePValue, r => r.ExtremePValue])
        {
            Assert.True(band.PValue([.. results.Select(r => p(r) - (rng.NextDouble() / (Count + 1)))]) > 1e-3);
        }

        // Two-sided with Monte Carlo steps: conservative by at most two of them. 4 standard errors.
        double alarms = results.Average(r => r.Outputs.Average(o => o.PValue <= 0.05 ? 1.0 : 0));
        Assert.InRange(alarms, 0.02, 0.05 + (4 * Math.Sqrt(0.05 * 0.95 / Seeds)));
        Assert.InRange(results.Average(r => r.IsTypical ? 0.0 : 1), 0.005, 0.05 + (4 * Math.Sqrt(0.05 * 0.95 / Seeds)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_OneOutputOff_NamesIt(bool heavyTails)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            double[] rows = Rows(501, new Rng(seed), heavyTails), observed = rows[^Outputs..];
            observed[3] = heavyTails ? 3_000 : 8;
            var options = new PredictiveCheckOptions { OutputNames = ["a", "b", "c", "d", "e", "f"] };
            PredictiveCheckResult result = MisspecificationCheck.Run(rows.AsSpan(..^Outputs), observed, options);

            Assert.False(result.IsTypical);
            Assert.True(result.ExtremePValue < 0.01);
            Assert.Equal("d", result.MostExtreme.Name);
            Assert.Equal(2.0 / 501, result.MostExtreme.PValue, 1e-12);
        }
    }

    [Fact]
    public void Run_OutputsDoNotFitTogether_IsSeenByTheDistanceAlone()
    {
        // Neighbours are correlated at 0.95; the observation alternates, each output within 1.3 sd.
        double[] rows = Rows(500, new Rng(3), heavyTails: false), observed = [1.3, -1.3, 1.3, -1.3, 1.3, -1.3];
        PredictiveCheckResult result = PosteriorPredictiveCheck.Run(rows, observed);

        Assert.Equal(1.0 / 501, result.DistancePValue, 1e-12);
        Assert.True(result.ExtremePValue > 0.2);
        Assert.All(result.Outputs, o => Assert.True(o.PValue > 0.1));
        Assert.False(result.IsTypical);
    }

    [Fact]
    public void Run_Weights_MoveTheCheckToTheWeightedDistribution()
    {
        // Half of the rows around 0, half around 10: with weight on one half only, that half decides.
        const int Count = 600;
        var rng = new Rng(5);
        double[] rows = new double[Count], left = new double[Count], right = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            rows[i] = rng.NextNormal() + (i % 2 == 0 ? 0 : 10);
            (left[i], right[i]) = i % 2 == 0 ? (7, 0) : (0, 7);
        }

        PredictiveCheckResult onLeft = PosteriorPredictiveCheck.Run(rows, [0.3], left), onRight = PosteriorPredictiveCheck.Run(rows, [0.3], right);
        Assert.True(onLeft.IsTypical);
        Assert.False(onRight.IsTypical);
        Assert.Equal(300, onLeft.Simulations);
        Assert.Equal(0, onLeft.Outputs[0].Quantiles[2], 0.3);
        Assert.Equal(10, onRight.Outputs[0].Quantiles[2], 0.3);
        Assert.True(PosteriorPredictiveCheck.Run(rows, [0.3]).IsTypical);
    }

    [Fact]
    public void Run_ConstantOutput_MattersOnlyIfTheObservationDiffers()
    {
        var rng = new Rng(5);
        double[] rows = new double[200];
        for (int i = 0; i < rows.Length; i += 2)
        {
            (rows[i], rows[i + 1]) = (rng.NextNormal(), 4);
        }

        Assert.True(MisspecificationCheck.Run(rows, [0.1, 4]).IsTypical);
        Assert.Equal(1.0 / 101, MisspecificationCheck.Run(rows, [0.1, 4.001]).ExtremePValue, 1e-12);
    }

    [Fact]
    public void Run_FailedSimulations_AreCounted()
    {
        double[] rows = Rows(100, new Rng(3), heavyTails: false);
        rows[0] = double.NaN;
        rows[(7 * Outputs) + 2] = double.PositiveInfinity;
        PredictiveCheckResult result = PosteriorPredictiveCheck.Run(rows, new double[Outputs]);
        Assert.Equal((98, 2), (result.Simulations, result.InvalidSimulations));
    }

    [Fact]
    public void Run_BadInput_Throws()
    {
        double[] rows = Rows(100, new Rng(3), heavyTails: false);
        Assert.Throws<ArgumentException>(() => PosteriorPredictiveCheck.Run(rows, [1, 2, 3, double.NaN, 5, 6]));
        Assert.Throws<ArgumentException>(() => PosteriorPredictiveCheck.Run(rows, new double[7]));
        Assert.Throws<ArgumentException>(() => PosteriorPredictiveCheck.Run(rows, new double[Outputs], [1, 2]));
        Assert.Throws<InvalidOperationException>(() => PosteriorPredictiveCheck.Run(rows.AsSpan(..(19 * Outputs)), new double[Outputs]));
    }

    // Autoregressive with correlation 0.95; heavy tails by the cube of exponentials of it.
    private static double[] Rows(int count, Rng rng, bool heavyTails)
    {
        double[] rows = new double[count * Outputs];
        for (int i = 0; i < rows.Length; i++)
        {
            double e = rng.NextNormal();
            rows[i] = i % Outputs == 0 ? e : (0.95 * rows[i - 1]) + (Math.Sqrt(1 - (0.95 * 0.95)) * e);
        }

        return heavyTails ? [.. rows.Select(v => Math.Exp(1.5 * v))] : rows;
    }
}
