using Quincunx.Inference.Adversarial;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Simulation;
using Quincunx.Tests.Inference.Training;
using Quincunx.Tests.Runs;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Adversarial;

public sealed class AdversarialVariationalOptimizationTests(ITestOutputHelper output)
{
    private const double Truth = 0.7;
    private static readonly AvoOptions Short = new() { MaxSteps = 40, WarmUpSteps = 5, SimulationsPerStep = 32, BatchSize = 16, CriticSteps = 2, Window = 10, MeanTolerance = 0, Hidden = [8] };

    // x ~ Normal(theta, 1).
    private static StubSimulator Normal { get; } = new(1, 1, (theta, x, rng) => x[0] = theta[0] + rng.NextNormal());

    [Fact, Trait("Category", "Slow")]
    public void Run_OnTheMeanOfANormal_EndsAroundTheTruth()
    {
        double[] observed = Observations(2000);
        AvoResult result = AdversarialVariationalOptimization.Run(Normal, observed, Start(), new AvoOptions { MaxSteps = 1500 }, new Rng(1));
        output.WriteLine($"{result.StopReason}: {result.Proposal.Point()[0]:F3} ± {result.Proposal.Deviations()[0]:F3}, wander {result.Wander[0]:F3}, {result.Simulations} simulations, {result.Replays} of {result.CriticSteps} replayed");

        // The bar's measure, and that the method did narrow what it began with: by more than half.
        Assert.InRange(result.Proposal.Distance([Truth]), 0, 2);
        Assert.InRange(result.Proposal.Deviations()[0], 0, 0.5);
        Assert.True(result.Replays > 0.9 * result.CriticSteps);
        Assert.Equal(result.Simulations, 128L * result.History.Count);
        Assert.Equal(0, result.SkippedSteps);
        Assert.Contains("no posterior", result.Advice, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_WhereObservationsSayNothingOfAParameter_EndsAsWideAsItsBounds()
    {
        // Of two numbers from -2 to 2 the second is without effect, and begins narrow and to one side.
        var half = new StubSimulator(2, 1, (theta, x, rng) => x[0] = theta[0] + rng.NextNormal());
        var start = new GaussianProposal(new SupportBijection([new Support(-2, 2), new Support(-2, 2)]), ProposalShape.Full, [0, 0.5], [1, 0.4]);
        Assert.InRange(Width(start, 1), 0, 2);
        AvoResult result = AdversarialVariationalOptimization.Run(half, Observations(2000), start, new AvoOptions { MaxSteps = 3000 }, new Rng(1));
        output.WriteLine($"{result.StopReason}: {string.Join(", ", result.Proposal.Point())}, widths {Width(result.Proposal, 0):F2}, {Width(result.Proposal, 1):F2}");

        // What is seen is found and narrow at once; of what is not, four of five values in the bounds and more lie within two deviations.
        Assert.InRange(result.Proposal.Distance([Truth, 0]), 0, 2);
        Assert.InRange(Width(result.Proposal, 0), 0, 2);
        Assert.InRange(Width(result.Proposal, 1), 3.2, 4);

        static double Width(GaussianProposal proposal, int coordinate)
        {
            (double lower, double upper) = proposal.Interval(coordinate, deviations: 2);
            return upper - lower;
        }
    }

    [Fact]
    public void Run_WithTheSameSeed_GivesTheSameWhateverTheThreads()
    {
        double[] observed = Observations(100);
        AvoResult one = AdversarialVariationalOptimization.Run(Normal, observed, Start(), Short, new Rng(1));
        AvoResult two = AdversarialVariationalOptimization.Run(Normal, observed, Start(), Short with { SimulationThreads = 2 }, new Rng(1));
        AvoResult other = AdversarialVariationalOptimization.Run(Normal, observed, Start(), Short, new Rng(2));
        Assert.Equal(AvoStop.MaxSteps, one.StopReason);
        Assert.Equal(one.Proposal.Mean.ToArray(), two.Proposal.Mean.ToArray());
        Assert.Equal(one.Proposal.Factor.ToArray(), two.Proposal.Factor.ToArray());
        Assert.Equal(one.History.Select(s => s.Gap), two.History.Select(s => s.Gap));
        Assert.NotEqual(one.Proposal.Mean.ToArray(), other.Proposal.Mean.ToArray());
    }

    [Fact]
    public void Run_WithToleranceForAnything_Converges()
    {
        AvoResult result = AdversarialVariationalOptimization.Run(Normal, Observations(100), Start(), Short with { MeanTolerance = 100, SpreadTolerance = 100 }, new Rng(1));
        Assert.Equal(AvoStop.Converged, result.StopReason);
        Assert.Equal(Short.WarmUpSteps + (2 * Short.Window), result.History.Count);
    }

    [Fact]
    public void Run_Cancelled_ReturnsWhatThereIs()
    {
        using var source = new CancellationTokenSource();
        var progress = new SynchronousProgress<AvoStep>(step =>
        {
            if (step.Step == 20)
            {
                source.Cancel();
            }
        });
        AvoResult result = AdversarialVariationalOptimization.Run(Normal, Observations(100), Start(), Short, new Rng(1), progress, cancel: source.Token);
        Assert.Equal(AvoStop.Cancelled, result.StopReason);
        Assert.Equal(21, result.History.Count);
        Assert.Equal(21 * 32, result.Simulations);
        Assert.NotEqual(Start().Mean.ToArray(), result.Proposal.Mean.ToArray());
    }

    [Fact]
    public void Run_FromLastAndCritic_GoesOn()
    {
        double[] observed = Observations(100);
        AvoResult first = AdversarialVariationalOptimization.Run(Normal, observed, Start(), Short, new Rng(1));
        double before = Value(first.Critic, 1.5);
        AvoResult second = AdversarialVariationalOptimization.Run(Normal, observed, first.Last, Short, new Rng(2), critic: first.Critic);
        Assert.Same(first.Critic, second.Critic);
        Assert.NotEqual(before, Value(second.Critic, 1.5));
        Assert.Equal(first.Last.Mean.ToArray(), second.History[0].Mean);
    }

    [Fact]
    public void Run_WhereEverySimulationFails_EndsWithTheReason()
    {
        var broken = new StubSimulator(1, 1, (_, _, _) => throw new InvalidOperationException("no"));
        AvoResult result = AdversarialVariationalOptimization.Run(broken, Observations(100), Start(), Short, new Rng(1));
        Assert.Equal(AvoStop.SimulationsFailed, result.StopReason);
        Assert.Equal(result.Simulations, result.Failed);
        Assert.Equal(Start().Mean.ToArray(), result.Proposal.Mean.ToArray());
        Assert.Empty(result.History);
    }

    [Fact]
    public void Run_WhereSomeSimulationsFail_CountsThemAndGoesOn()
    {
        var fragile = new StubSimulator(1, 1, (theta, x, rng) => x[0] = rng.NextDouble() < 0.3 ? double.NaN : theta[0] + rng.NextNormal());
        AvoResult result = AdversarialVariationalOptimization.Run(fragile, Observations(100), Start(), Short, new Rng(1));
        Assert.Equal(AvoStop.MaxSteps, result.StopReason);

        // 1440 simulations of which 30 % fail, at 5 standard errors.
        Assert.Equal(45 * 32, result.Simulations);
        Assert.Equal(0.3, (double)result.Failed / result.Simulations, 5 * Math.Sqrt(0.21 / result.Simulations));
        Assert.Equal(result.Failed, result.History.Sum(s => s.Failed));
        Assert.Contains("failed and were left out", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithALargeEntropyPenalty_CollapsesAndSaysSo()
    {
        AvoResult result = AdversarialVariationalOptimization.Run(Normal, Observations(100), Start(), Short with { EntropyPenalty = 100, MaxSteps = 1000, ProposalRate = 0.1 }, new Rng(1));
        Assert.Equal(AvoStop.ProposalCollapsed, result.StopReason);
        Assert.InRange(result.Last.Deviations()[0], 0, 1.01e-4);
    }

    [Fact]
    public void Run_WithALargeEntropyReward_DivergesAndSaysSo()
    {
        AvoResult result = AdversarialVariationalOptimization.Run(Normal, Observations(100), Start(), Short with { EntropyPenalty = -1000, MaxSteps = 1000, ProposalRate = 0.1 }, new Rng(1));
        Assert.Equal(AvoStop.Diverged, result.StopReason);
        Assert.InRange(result.Last.Deviations()[0], 100, double.MaxValue);
    }

    [Fact]
    public void Run_WithOutputsBeyondTheCritic_DivergesAndSaysSo()
    {
        // 1e60 is infinite in float32, and so is the critic's loss.
        var huge = new StubSimulator(1, 1, (theta, x, rng) => x[0] = 1e60 * rng.NextNormal());
        AvoResult result = AdversarialVariationalOptimization.Run(huge, Observations(100), Start(), Short, new Rng(1));
        Assert.Equal(AvoStop.Diverged, result.StopReason);
        Assert.Equal(result.SkippedSteps, result.CriticSteps);
    }

    [Fact]
    public void Import_OfACritic_GivesTheSameNumbers()
    {
        AvoResult result = AdversarialVariationalOptimization.Run(Normal, Observations(100), Start(), Short, new Rng(1));
        Critic other = AdversarialVariationalOptimization.UntrainedCritic(features: 1, Short);
        StateFile.Carry(result.Critic, other);
        foreach (double x in (double[])[-2, 0.1, 3])
        {
            Assert.Equal(Value(result.Critic, x), Value(other, x), 1e-6);
        }
    }

    [Fact]
    public void Run_WithBadInput_Throws()
    {
        double[] observed = Observations(10);
        var two = new StubSimulator(2, 1, (_, x, _) => x[0] = 0);
        var wide = new StubSimulator(1, 2, (_, x, _) => x.Clear());
        Assert.Throws<ArgumentException>(() => Run(Normal, [0.1]));
        Assert.Throws<ArgumentException>(() => Run(Normal, [0.1, double.NaN]));
        Assert.Throws<ArgumentException>(() => Run(wide, observed[..9]));
        Assert.Throws<ArgumentException>(() => Run(two, observed));
        Assert.Throws<ArgumentException>(() => AdversarialVariationalOptimization.Run(wide, observed, Start(), Short, new Rng(1), critic: AdversarialVariationalOptimization.UntrainedCritic(1, Short)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(Normal, observed, Short with { GradientPenalty = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(Normal, observed, Short with { BatchSize = 33 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(Normal, observed, Short with { EntropyPenalty = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(Normal, observed, Short with { EntropyReward = -1 }));
        Assert.Throws<ArgumentException>(() => Run(Normal, observed, Short with { Activation = Activation.Relu }));
        Assert.Throws<ArgumentException>(() => AdversarialVariationalOptimization.UntrainedCritic(1, Short).Evaluate([1, 2], new double[1]));

        static AvoResult Run(ISimulator simulator, double[] observed, AvoOptions? options = null) =>
            AdversarialVariationalOptimization.Run(simulator, observed, Start(), options ?? Short, new Rng(1));
    }

    private static GaussianProposal Start() => new(new SupportBijection([Support.Real]), ProposalShape.Full, [-0.5], [1]);

    private static double[] Observations(int count)
    {
        double[] observed = new double[count];
        new Rng(7).FillNormal(observed);
        return [.. observed.Select(x => x + Truth)];
    }

    private static double Value(Critic critic, double x)
    {
        double[] value = new double[1];
        critic.Evaluate([x], value);
        return value[0];
    }
}
