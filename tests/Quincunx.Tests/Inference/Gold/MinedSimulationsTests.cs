using Quincunx.Inference.Distributions;
using Quincunx.Inference.Gold;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Mechanisms;

namespace Quincunx.Tests.Inference.Gold;

public sealed class MinedSimulationsTests
{
    private static readonly Uniform Prior = new(-1, 1);

    [Fact]
    public void Against_DrawsHalfAtTheReference()
    {
        MinedSimulations simulations = MinedSimulations.Against(new Miner(new TwoNormals()), Prior.Sample, [0.25], 1001, new Rng(1));
        Assert.Equal(1001, simulations.Count);
        Assert.Equal(500, simulations.Thetas.Count(theta => theta == 0.25));
        Assert.Equal(501, simulations.Others.Count(theta => theta == 0.25));
        Assert.All(simulations.Thetas.Zip(simulations.Others), pair => Assert.True((pair.First == 0.25) != (pair.Second == 0.25)));
        Assert.Equal(0, simulations.Excluded);
    }

    // Under the law an event was drawn from, the mean of the ratio is 1 and that of the score 0.
    [Fact]
    public void Between_RatiosHaveMeanOneAndScoresZero()
    {
        const int Count = 20_000;
        MinedSimulations simulations = MinedSimulations.Between(new Miner(new TwoNormals()), Prior.Sample, Count, new Rng(2));
        Within(simulations.LogRatios.Select(Math.Exp), 1);
        Within(simulations.Scores, 0);

        // x ~ N(theta, 5): the variance of theta is 1/3.
        Within(simulations.Xs.Select(x => x * x), 5 + (1 / 3.0));
        Assert.NotEqual(simulations.Thetas, simulations.Others);

        static void Within(IEnumerable<double> values, double mean)
        {
            double[] all = [.. values];
            double average = all.Average(), error = Math.Sqrt(all.Average(v => (v - average) * (v - average)) / all.Length);
            Assert.InRange(average, mean - (4.5 * error), mean + (4.5 * error));
        }
    }

    [Fact]
    public void Events_DependOnSeedAndNumberAlone()
    {
        var miner = new Miner(new TwoNormals());
        MinedSimulations few = MinedSimulations.Between(miner, Prior.Sample, 10, new Rng(3)), many = MinedSimulations.Between(miner, Prior.Sample, 200, new Rng(3));
        Assert.Equal(few.Xs, many.Xs[..10]);
        Assert.Equal(few.LogRatios, many.LogRatios[..10]);
        Assert.Equal(few.Scores, many.Scores[..10]);
    }

    [Fact]
    public void FailedEvents_AreLeftOutAndCounted()
    {
        MinedSimulations simulations = MinedSimulations.Between(new Failing(), Prior.Sample, 300, new Rng(4));
        Assert.InRange(simulations.Excluded, 100, 200);
        Assert.Equal(300, simulations.Count + simulations.Excluded);
        Assert.All(simulations.Xs, x => Assert.True(double.IsFinite(x)));
        Assert.All(simulations.Thetas, theta => Assert.True(theta >= 0));
    }

    [Fact]
    public void Arguments_ThatAreWrong_Throw()
    {
        var miner = new Miner(new TwoNormals());
        Assert.Throws<ArgumentOutOfRangeException>(() => MinedSimulations.Between(miner, Prior.Sample, 0, new Rng(1)));
        Assert.ThrowsAny<ArgumentException>(() => MinedSimulations.Against(miner, Prior.Sample, [0, 0], 10, new Rng(1)));
    }

    // Half of its events, those of negative theta, come to nothing.
    private sealed class Failing : IMinedSimulator
    {
        private readonly Miner _inner = new(new TwoNormals());

        public IReadOnlyList<string> ParameterNames => _inner.ParameterNames;

        public IReadOnlyList<string> OutputNames => _inner.OutputNames;

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => _inner.Simulate(theta, x, rng);

        public void Mine(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, Span<double> x, Span<double> logRatios, Span<double> score, Rng rng)
        {
            _inner.Mine(theta, hypotheses, x, logRatios, score, rng);
            if (theta[0] < 0)
            {
                x[0] = double.NaN;
            }
        }
    }
}
