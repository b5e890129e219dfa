using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Nre;

public sealed class CalibratedRatioTests
{
    private static readonly SupportBijection Bijection = new(new Uniform(-2, 2));
    private static readonly NeuralRatioOptions Options = new() { Width = 24, Blocks = 1, Activation = Activation.Silu };

    [Fact]
    [Trait("Category", "Slow")]
    public void Train_OnNormals_FindsTheRatioToTheReference()
    {
        // x ~ N(theta, 1), reference 0: log p(x | theta) / p(x | 0) = theta x - theta² / 2.
        const int Count = 20_000;
        var rng = new Rng(1);
        double[] thetas = new double[Count], xs = new double[Count], references = new double[Count];
        rng.FillUniform(thetas);
        rng.FillNormal(xs);
        rng.FillNormal(references);
        for (int i = 0; i < Count; i++)
        {
            thetas[i] = (4 * thetas[i]) - 2;
            xs[i] += thetas[i];
        }

        var training = new TrainingOptions { MaxEpochs = 25, LearningRate = 3e-3, Schedule = RateSchedule.Cosine };
        // snippet: carl
        NreResult result = ReferenceRatioEstimation.Train(Bijection, thetas, xs, references, features: 1, Options, training, new Rng(seed: 2));
        // end-snippet
        Assert.True(result.Training.Replays > 0);
        double[] at = new double[1];
        foreach (double theta in new[] { -1.5, -0.5, 0.0, 1.0 })
        {
            (double[] here, double[] there) = (Draw(theta, 20_000, 3), Draw(0, 20_000, 4));
            var isotonic = CalibratedRatio.ByIsotonicRegression(result.Ratio, [theta], here, there);
            var histogram = CalibratedRatio.ByHistogram(result.Ratio, [theta], here, there, bins: 40);
            foreach (double x in new[] { -1.5, -0.5, 0.3, 1.4 })
            {
                double exact = (theta * x) - (0.5 * theta * theta), learned;
                result.Ratio.LogLikelihood([x], [theta], at);
                learned = at[0];
                Assert.True(Math.Abs(learned - exact) < 0.2, $"theta = {theta}, x = {x}: learned {learned}, exact {exact}");
                foreach (CalibratedRatio calibrated in new[] { isotonic, histogram })
                {
                    // 1,000 events a bin: 0.06 in the log-ratio where both classes are there, of which four, and the width of the bin in the tails.
                    calibrated.LogRatio([x], at);
                    Assert.True(Math.Abs(at[0] - exact) < 0.35, $"theta = {theta}, x = {x}: {calibrated.Calibration.GetType().Name} {at[0]}, exact {exact}");
                }
            }
        }
    }

    [Fact]
    public void LogRatio_OfANetworkThatOnlyRanks_IsCalibrated()
    {
        // One unit and no training: monotone in x, and wrong by any measure.
        var ratio = NeuralRatioEstimation.Untrained(Bijection, 1, new NeuralRatioOptions { Width = 4, Blocks = 0, Activation = Activation.Tanh });
        foreach (KeyValuePair<string, Quincunx.Numerics.Optimisation.Parameter> entry in ParameterTree.Of(ratio).Entries.Where(e => e.Key.StartsWith("classifier", StringComparison.Ordinal)))
        {
            entry.Value.Assign([.. Enumerable.Repeat(entry.Key.EndsWith("bias", StringComparison.Ordinal) ? 0.1 : 0.3, entry.Value.Count)]);
        }

        const double Theta = 0.8;
        double[] xs = [-0.7, 0.4, 1.5], logs = new double[3];
        CalibratedRatio.ByIsotonicRegression(ratio, [Theta], Draw(Theta, 40_000, 5), Draw(0, 40_000, 6)).LogRatio(xs, logs);
        for (int i = 0; i < xs.Length; i++)
        {
            Assert.Equal((Theta * xs[i]) - (0.5 * Theta * Theta), logs[i], 0.25);
        }
    }

    [Fact]
    public void Calls_WithWrongLengths_SayWhatIsExpected()
    {
        NeuralRatio ratio = NeuralRatioEstimation.Untrained(Bijection, 2, Options);
        Assert.Contains("one theta of 1", Assert.Throws<ArgumentException>(() => CalibratedRatio.ByHistogram(ratio, [0, 1], [1, 2], [1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CalibratedRatio.ByHistogram(ratio, [0], [1, 2, 3], [1, 2]));
        Assert.Throws<ArgumentException>(() => CalibratedRatio.ByIsotonicRegression(ratio, [0], [], [1, 2]));
        Assert.Throws<ArgumentException>(() => CalibratedRatio.ByIsotonicRegression(ratio, [5], [1, 2], [1, 2]));
        CalibratedRatio calibrated = CalibratedRatio.ByHistogram(ratio, [0], [1, 2], [1, 2]);
        Assert.Throws<ArgumentException>(() => calibrated.LogRatio([1, 2], new double[2]));
        Assert.Throws<ArgumentException>(() => ReferenceRatioEstimation.Train(Bijection, [0, 1], [1, 2], [1, 2, 3], 1, Options, new TrainingOptions(), new Rng(1)));
    }

    private static double[] Draw(double theta, int count, ulong seed)
    {
        double[] xs = new double[count];
        new Rng(seed).FillNormal(xs);
        return [.. xs.Select(x => theta + x)];
    }
}
