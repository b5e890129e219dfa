using System.Collections.Concurrent;
using Quincunx.Inference.BayesianNetworks;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Samplers;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Inference.Methods;

/// <summary>What goes wrong with every method alike: it ends, by itself, in a reason or in an exception that says what is wrong.</summary>
public sealed class MethodTroubleTests
{
    private const int Rows = 200;
    private static readonly IndependentProduct Prior = new(("share", new Uniform(0, 1)), ("scale", new LogNormal(0, 1)));
    private static readonly ConcurrentDictionary<string, TrainedMethod> Trained = new();

    public static TheoryData<string> Names => MethodCases.Names;

    [Theory, MemberData(nameof(Names))]
    public Task Train_OnANumberThatIsNotFinite_SaysWhere(string name) => Patience.Within(() =>
    {
        (double[] thetas, double[] xs) = Pairs();
        foreach (double bad in (double[])[double.NaN, double.NegativeInfinity])
        {
            double[] spoilt = [.. xs];
            spoilt[(2 * 150) + 1] = bad;
            string message = Assert.ThrowsAny<ArgumentException>(() => Train(name, thetas, spoilt)).Message;
            Assert.Contains("150", message, StringComparison.Ordinal);
            Assert.Contains("finite", message, StringComparison.Ordinal);
        }

        double[] outside = [.. thetas];
        outside[2 * 150] = 1.5;
        Assert.Contains("1.5", Assert.ThrowsAny<ArgumentException>(() => Train(name, outside, xs)).Message, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Names))]
    public Task Train_OnRowsThatDoNotFit_SaysWhatIsExpected(string name) => Patience.Within(() =>
    {
        (double[] thetas, double[] xs) = Pairs();
        Assert.ThrowsAny<ArgumentException>(() => Train(name, [], []));
        Assert.ThrowsAny<ArgumentException>(() => Train(name, thetas[..^1], xs));
        Assert.ThrowsAny<ArgumentException>(() => Train(name, thetas, xs[..^2]));
    });

    [Theory, MemberData(nameof(Names))]
    public Task Train_OnTwoRows_EndsInSomethingOrSaysThatItCannot(string name) => Patience.Within(() =>
    {
        (double[] thetas, double[] xs) = Pairs();
        TrainedMethod? found = null;
        if (Record.Exception(() => found = Train(name, thetas[..4], xs[..4])) is { } refused)
        {
            Assert.IsAssignableFrom<ArgumentException>(refused);
        }
        else
        {
            AssertDrawsOrAReason(found!, [0.5, 0.3]);
        }
    });

    [Theory, MemberData(nameof(Names))]
    public Task Train_OnOutputsThatNeverVary_Ends(string name) => Patience.Within(() =>
    {
        (double[] thetas, double[] xs) = Pairs();
        Array.Fill(xs, 3);
        TrainedMethod trained = Train(name, thetas, xs);
        AssertDrawsOrAReason(trained, [3, 3]);
        AssertDrawsOrAReason(trained, [3, 4]);
    });

    [Theory, MemberData(nameof(Names))]
    public Task Train_OnAProposalThatCollapsed_Ends(string name) => Patience.Within(() =>
    {
        // Half of the parameters are one and the same, then all of them.
        (double[] thetas, double[] xs) = Pairs();
        foreach (int from in (int[])[Rows / 2, 0])
        {
            for (int i = from; i < Rows; i++)
            {
                (thetas[2 * i], thetas[(2 * i) + 1]) = (0.5, 1);
            }

            AssertDrawsOrAReason(Train(name, thetas, xs), [0.5, 0]);
        }
    });

    [Theory, MemberData(nameof(Names))]
    public Task Train_AtARateFarTooHigh_SaysThatItDivergedOrStillGivesDraws(string name) => Patience.Within(() =>
    {
        (double[] thetas, double[] xs) = Pairs();
        TrainingOptions wild = MethodCases.Of(name).Training with { LearningRate = 1e4, ClipNorm = double.PositiveInfinity, MaxEpochs = 30, Schedule = RateSchedule.Constant, WarmUpSteps = 0 };
        AssertDrawsOrAReason(Train(name, thetas, xs, wild), [0.5, 0]);
    });

    [Theory, MemberData(nameof(Names))]
    public Task Train_Cancelled_EndsWithWhatThereIs(string name) => Patience.Within(() =>
    {
        (double[] thetas, double[] xs) = Pairs();
        TrainedMethod trained = MethodCases.Of(name).Train(
            Prior, thetas, xs, 2, MethodCases.Of(name).Training with { MaxEpochs = 1_000_000, Patience = 1_000_000 }, new Rng(1), new CancellationToken(canceled: true));
        Assert.Equal(StopReason.Cancelled, trained.Training.StopReason);
        AssertDrawsOrAReason(trained, [0.5, 0]);
    });

    [Theory, MemberData(nameof(Names))]
    public Task Calls_AtAnObservationThatIsNotFinite_AreRefused(string name) => Patience.Within(() =>
    {
        TrainedMethod trained = Usual(name);
        double[] two = [0.5, 1.0], four = new double[4], one = new double[1];
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity])
        {
            double[] x = [0.5, bad];
            AssertRefused(() => trained.Posterior.Sample(x, four, new Rng(1)));
            AssertRefused(() => trained.Posterior.SampleMany(x, 2, four, new Rng(1)));
            AssertRefused(() => trained.Posterior.LogProb(x, two, one));
            AssertRefused(() => trained.Posterior.LogProbPairs(two, x, one));
        }

        static void AssertRefused(Action call) => Assert.Contains("finite", Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Names))]
    public Task Sample_AtAnImpossibleObservation_StaysInsideThePriorOrSaysWhy(string name) => Patience.Within(() =>
    {
        TrainedMethod trained = Usual(name);
        foreach (double[] x in (double[][])[[5, 0], [-5, 0], [0.5, 300], [1e9, -1e9], [1e300, 1e300], [-1e300, -double.MaxValue]])
        {
            AssertDrawsOrAReason(trained, x);
        }
    });

    [Theory, MemberData(nameof(Names))]
    public Task LogProb_OutsideThePrior_IsZeroDensity(string name) => Patience.Within(() =>
    {
        double[] thetas = [-0.1, 1, 1.1, 1, 0.5, -1, double.NegativeInfinity, 1, double.NaN, 1, 0.5, 1], logs = new double[6];
        Usual(name).Posterior.LogProb([0.5, 0], thetas, logs);
        Assert.All(logs[..4], log => Assert.Equal(double.NegativeInfinity, log));
        Assert.True(double.IsNaN(logs[4]));
        Assert.True(double.IsFinite(logs[5]));
    });

    private static TrainedMethod Usual(string name) => Trained.GetOrAdd(name, n =>
    {
        (double[] thetas, double[] xs) = Pairs();
        return Train(n, thetas, xs);
    });

    private static TrainedMethod Train(string name, double[] thetas, double[] xs, TrainingOptions? training = null)
    {
        MethodCase method = MethodCases.Of(name);
        return method.Train(Prior, thetas, xs, 2, training ?? (method.Training with { MaxEpochs = 4 }), new Rng(1), CancellationToken.None);
    }

    // A share near the ends of its interval and a scale, both measured.
    private static (double[] Thetas, double[] Xs) Pairs()
    {
        var rng = new Rng(3);
        double[] thetas = new double[2 * Rows], xs = new double[2 * Rows];
        for (int i = 0; i < Rows; i++)
        {
            Prior.Sample(thetas.AsSpan(2 * i, 2), rng);
            xs[2 * i] = thetas[2 * i] + (0.1 * rng.NextNormal());
            xs[(2 * i) + 1] = Math.Log(thetas[(2 * i) + 1]) + (0.5 * rng.NextNormal());
        }

        return (thetas, xs);
    }

    // Draws at which the prior has a density; or training says that it diverged; or the sampler says why there are none; or it was cancelled before there was a network to draw from.
    private static void AssertDrawsOrAReason(TrainedMethod trained, double[] x)
    {
        const int Draws = 200;
        double[] thetas = new double[2 * Draws];
        trained.Posterior.Sample(x, thetas, new Rng(2));
        if (trained.Posterior is SampledPosterior { Reports: [var report] } && report.StopReason != SamplerStop.Completed)
        {
            Assert.NotEmpty(report.Warnings);
            if (report.StopReason == SamplerStop.NoFiniteStart)
            {
                return;
            }
        }

        if (trained.Training.StopReason == StopReason.Diverged || (trained.Training.StopReason == StopReason.Cancelled && trained.Posterior is PosteriorEnsemble { Used.Count: 0 } or BayesianNetworkPosterior { Networks: 0 }))
        {
            return;
        }

        for (int i = 0; i < Draws; i++)
        {
            Assert.True(double.IsFinite(Prior.LogProb(thetas.AsSpan(2 * i, 2))), $"at {x[0]}, {x[1]}: draw {thetas[2 * i]}, {thetas[(2 * i) + 1]}");
        }
    }
}
