using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Mechanisms;

public sealed class MinerTests
{
    [Fact]
    public void Mine_TwoNormals_IsTheClosedForm()
    {
        var miner = new Miner(new TwoNormals());
        for (int i = 0; i < 100; i++)
        {
            (double[] x, double[] ratios, double[] score) = Mine(miner, [0.7], [0.7, 1.5, -3], i);
            TraceRecord record = RecordingTrace.Run(new TwoNormals(), [0.7], new Rng(3).Split(i));
            double z = record[TwoNormals.Z];
            Assert.Equal(record.X, x);
            Assert.Equal((z - 0.7) / 4, score[0], 1e-14);
            Assert.Equal(0, ratios[0]);
            Assert.Equal(((z - 0.7) * (z - 0.7) - (z - 1.5) * (z - 1.5)) / 8, ratios[1], 1e-12);
            Assert.Equal(((z - 0.7) * (z - 0.7) - (z + 3) * (z + 3)) / 8, ratios[2], 1e-12);
        }
    }

    [Fact]
    public void Mine_RecursionAndManyHypotheses_IsTheRatioOfRecordedDensities()
    {
        var tree = new GrowingTree();
        var miner = new Miner(tree);
        double[] theta = [0.7, 1.3, 2.1];
        const int Hypotheses = 40;                  // more than one pass holds
        double[] hypotheses = new double[3 * Hypotheses];
        new Rng(8).FillUniform(hypotheses);
        for (int j = 0; j < hypotheses.Length; j++)
        {
            hypotheses[j] = theta[j % 3] * (0.8 + (0.4 * hypotheses[j]));
        }

        int most = 0;
        for (int i = 0; i < 200; i++)
        {
            (double[] x, double[] ratios, double[] score) = Mine(miner, theta, hypotheses, i);
            TraceRecord record = RecordingTrace.Run(tree, theta, new Rng(3).Split(i));
            most = Math.Max(most, record.Entries.Count);
            Assert.Equal(record.X, x);
            for (int k = 0; k < Hypotheses; k++)
            {
                Assert.Equal(Density(tree, record, hypotheses.AsSpan(3 * k, 3)) - record.LogProb, ratios[k], 1e-11);
            }

            for (int j = 0; j < 3; j++)
            {
                double h = 1e-5;
                double[] up = [.. theta], down = [.. theta];
                (up[j], down[j]) = (theta[j] + h, theta[j] - h);
                double difference = (Density(tree, record, up) - Density(tree, record, down)) / (2 * h);
                Assert.Equal(difference, score[j], 1e-6 * (1 + Math.Abs(difference)));
            }
        }

        Assert.True(most > 15, $"the longest event had {most} choices");
    }

    // Under hypotheses beyond the threshold the event's course is another one; between 0.5 and 1 it is the same with another mean.
    [Fact]
    public void Mine_BranchOnTheta_EvaluatesEachHypothesisByItself()
    {
        var miner = new Miner(new Threshold());
        for (int i = 0; i < 20; i++)
        {
            (double[] x, double[] ratios, double[] score) = Mine(miner, [0.4], [0.3, 0.8, 1.2, 0.45], i);
            Assert.Equal(LogRatio(x[0], 0.3), ratios[0], 1e-12);
            Assert.Equal(LogRatio(x[0], 2.4), ratios[1], 1e-12);
            Assert.Equal(double.NegativeInfinity, ratios[2]);
            Assert.Equal(LogRatio(x[0], 0.45), ratios[3], 1e-12);
            Assert.Equal(x[0] - 0.4, score[0], 1e-12);
        }

        (_, double[] fromDetour, _) = Mine(miner, [1.2], [1.4, 0.8], 0);
        Assert.True(double.IsFinite(fromDetour[0]));
        Assert.Equal(double.NegativeInfinity, fromDetour[1]);

        static double LogRatio(double x, double mean) => 0.5 * (((x - 0.4) * (x - 0.4)) - ((x - mean) * (x - mean)));
    }

    [Fact]
    public void Mine_OutputThatMovesWithTheta_IsRefusedByName()
    {
        var miner = new Miner(new AddedNoise());
        MiningException score = Assert.Throws<MiningException>(() => Mine(miner, [0.4], [], 1));
        Assert.Contains("Output x moves with theta", score.Message, StringComparison.Ordinal);
        Assert.Throws<MiningException>(() => miner.Mine([0.4], [0.5], new double[1], new double[1], [], new Rng(1)));
    }

    [Fact]
    public void Mine_LengthsThatDoNotFit_Throws()
    {
        var miner = new Miner(new TwoNormals());
        Assert.Throws<ArgumentException>(() => miner.Mine([1, 2], [], new double[1], [], new double[1], new Rng(1)));
        Assert.Throws<ArgumentException>(() => miner.Mine([1], [1, 2], new double[1], new double[1], new double[1], new Rng(1)));
        Assert.Throws<ArgumentException>(() => miner.Mine([1], [], new double[1], [], new double[2], new Rng(1)));
    }

    [Fact]
    public void Check_RightMechanisms_FindsNothing()
    {
        IMechanism[] right = [new TwoNormals(), new GrowingTree()];
        double[][] theta = [[-1, 0, 3], [0.7, 1.3, 2.1, 0.3, 0.8, 5]];
        foreach ((IMechanism mechanism, double[] points) in right.Zip(theta))
        {
            for (ulong seed = 0; seed < 20; seed++)
            {
                MinedCheckResult result = MinedCheck.Run(new Miner(mechanism), points, 100, new Rng(seed));
                Assert.Null(result.NotMinable);
                Assert.Equal(0, result.Mismatched);
                Assert.Equal(result.Events * mechanism.ParameterNames.Count, result.Compared);
                Assert.Empty(result.Problems);
                Assert.Empty(result.Warnings);
            }
        }
    }

    // A known tutorial mines ∂ log p(x | z) / ∂z there: its mean is 0, and its ratio is right, but it is not the joint score (z - θ) / 4.
    [Fact]
    public void Check_ScoreOfAnotherConditional_IsFoundByTheQuotientAlone()
    {
        MinedCheckResult result = MinedCheck.Run(new WrongScore((z, x, _) => x - z), [-1, 0, 2], 100, new Rng(1));
        Assert.InRange(Math.Abs(result.WorstScore!.Deviation), 0, 6);
        Assert.Empty(result.Warnings);
        Assert.Equal(result.Compared, result.Mismatched);
        Assert.Contains("not the derivative", Assert.Single(result.Problems), StringComparison.Ordinal);
        Assert.Empty(MinedCheck.Run(new WrongScore((z, _, theta) => (z - theta) / 4), [-1, 0, 2], 100, new Rng(1)).Problems);
    }

    [Fact]
    public void Check_RatioUpsideDown_IsFoundByItsMean()
    {
        MinedCheckResult result = MinedCheck.Run(new WrongScore((z, _, theta) => -(z - theta) / 4, sign: -1), [-1, 0, 2], 500, new Rng(1));
        Assert.Equal(0, result.Mismatched);
        Assert.Contains("must be 1", Assert.Single(result.Problems), StringComparison.Ordinal);
    }

    // At 0.999 the far hypothesis is above 1, where the mechanism throws, and at 1 so is one of every near pair.
    [Fact]
    public void Check_HypothesisOutOfRange_IsLeftOut()
    {
        MinedCheckResult result = MinedCheck.Run(new Miner(new Slope()), [0.5, 0.999, 1], 50, new Rng(1));
        Assert.Equal((100, 0, 50), (result.Compared, result.Mismatched, result.Incomparable));
        Assert.Empty(result.Problems);
    }

    [Fact]
    public void Check_NothingToMine_SaysWhy() =>
        Assert.Contains("Site.Output(0)", MinedCheck.Run(new Miner(new AddedNoise()), [1], 10, new Rng(1)).NotMinable, StringComparison.Ordinal);

    private static (double[] X, double[] Ratios, double[] Score) Mine(Miner miner, double[] theta, double[] hypotheses, int i)
    {
        double[] x = new double[miner.OutputNames.Count], ratios = new double[hypotheses.Length / theta.Length], score = new double[theta.Length];
        miner.Mine(theta, hypotheses, x, ratios, score, new Rng(3).Split(i));
        return (x, ratios, score);
    }

    private static double Density(IMechanism mechanism, TraceRecord record, ReadOnlySpan<double> theta)
    {
        var trace = new AssumingTrace(record.Entries.ToDictionary(e => e.Site, e => e.Value));
        mechanism.Run(theta, new double[mechanism.OutputNames.Count], ref trace);
        return trace.LogProb;
    }

    /// <summary>The two normals, with the right ratio and whatever score.</summary>
    private sealed class WrongScore(Func<double, double, double, double> scoreOf, double sign = 1) : IMinedSimulator
    {
        private readonly Miner _miner = new(new TwoNormals());

        public IReadOnlyList<string> ParameterNames => _miner.ParameterNames;

        public IReadOnlyList<string> OutputNames => _miner.OutputNames;

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => ((ISimulator)_miner).Simulate(theta, x, rng);

        public void Mine(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, Span<double> x, Span<double> logRatios, Span<double> score, Rng rng)
        {
            TraceRecord record = RecordingTrace.Run(new TwoNormals(), theta, rng.Split("copy"));
            _miner.Mine(theta, hypotheses, x, logRatios, score, rng.Split("copy"));
            for (int k = 0; k < logRatios.Length; k++)
            {
                logRatios[k] *= sign;
            }

            if (score.Length > 0)
            {
                score[0] = scoreOf(record[TwoNormals.Z], x[0], theta[0]);
            }
        }
    }

    private sealed class Slope : IMechanism
    {
        public IReadOnlyList<string> ParameterNames { get; } = ["theta"];

        public IReadOnlyList<string> OutputNames { get; } = ["x"];

        public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
            where TReal : unmanaged, System.Numerics.IFloatingPointIeee754<TReal>
            where TTrace : struct, ITrace<TReal>
        {
            if (theta[0] < TReal.Zero || theta[0] > TReal.One)
            {
                throw new ArgumentOutOfRangeException(nameof(theta));
            }

            x[0] = trace.Draw(Site.Output(0), Law.Normal(theta[0], TReal.One));
        }
    }
}
