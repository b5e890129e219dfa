using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Restriction;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Networks;
using Quincunx.Tests.Inference.Simulation;
using Quincunx.Tests.Runs;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Restriction;

public sealed class PriorRestrictionTests(ITestOutputHelper output)
{
    // A bound that fails once in 10,000 seeds, where a user's fails once in 20: the tests below are about the bound.
    private static readonly RestrictionOptions Sure = new() { LostShare = 0.01, Confidence = 0.9999, Training = Short };

    private static TrainingOptions Short => new RestrictionOptions().Training with { MaxEpochs = 20 };

    [Fact]
    public void Learn_WhereAHalfLineFails_CutsThere()
    {
        // theta ~ N(0, 1), and runs fail above 0.5: Φ(-0.5) = 30.9 % of them.
        const double Edge = 0.5;
        var prior = new Normal(0, 1);
        (double[] thetas, bool[] succeeded) = Runs(prior, 6000, theta => theta[0] <= Edge);
        RestrictionResult result = PriorRestriction.Learn(prior, thetas, succeeded, Sure, new Rng(1));
        Assert.Equal(RestrictionStop.Restricted, result.StopReason);
        Assert.Same(result.Restricted, result.Prior);
        SuccessPrior restricted = result.Restricted!;

        // Exact masses inside, by the midpoint rule over the normal law's quantiles.
        const int Cells = 100_000;
        double success = SpecialFunctions.NormalCdf(Edge), lost = 0, failing = 0, integral = 0, width = 16.0 / Cells;
        double[] points = [.. Enumerable.Range(0, Cells).Select(i => -8 + (width * (i + 0.5)))], odds = new double[Cells];
        restricted.Classifier.LogOdds(points, odds);
        for (int i = 0; i < Cells; i++)
        {
            double mass = Math.Exp(prior.LogProb(points.AsSpan(i, 1))) * width;
            bool inside = odds[i] >= restricted.Classifier.Threshold;
            lost += !inside && points[i] <= Edge ? mass / success : 0;
            failing += inside && points[i] > Edge ? mass : 0;
            integral += inside ? mass / Math.Exp(restricted.LogMass) : 0;
        }

        failing /= (success * (1 - lost)) + failing;
        output.WriteLine($"lost {lost:P3} of successes (expected {result.ExpectedLostShare:P3}), {failing:P2} of runs fail (said {result.FailedShare:P2}); mass {restricted.Acceptance:F4} ± {restricted.LogMassError:P1}. {result.Advice}");
        Assert.InRange(lost, 0, Sure.LostShare);
        Assert.InRange(failing, 0, 0.05);

        // 5 standard errors of the pilot's share.
        Assert.Equal(1, integral, 5 * restricted.LogMassError);
        Assert.Equal(prior.LogProb([-1]) - restricted.LogMass, restricted.LogProb([-1]), 1e-12);
        Assert.Equal(double.NegativeInfinity, restricted.LogProb([2]));
        Assert.Equal(double.NaN, restricted.LogProb([double.NaN]));
        Assert.False(restricted.Contains([double.PositiveInfinity]));
    }

    [Fact]
    public void Learn_WhereADiscFails_LeavesItOut()
    {
        // theta uniform on [-2, 2]², and runs fail within 1.2 of the middle: π 1.2² / 16 = 28.3 % of them.
        const int Fresh = 20_000;
        IDistribution prior = Disc.Prior;
        SimulationSet simulations = new SimulationRunner(Disc.Simulator).Run(prior, 0, 8000, new Rng(1));

        // 4 standard errors of 8,000 runs.
        Assert.Equal(Disc.FailedShare, simulations.FailedShare, 4 * Math.Sqrt(Disc.FailedShare * (1 - Disc.FailedShare) / 8000));
        RestrictionResult result = PriorRestriction.Learn(prior, simulations, Sure, new Rng(2));
        SuccessPrior restricted = result.Restricted!;
        Assert.Equal((8000, simulations.FailedRows.Count), (result.Runs, result.Failed));

        double[] theta = new double[2];
        int failing = 0, lost = 0, good = 0;
        var rng = new Rng(3);
        for (int i = 0; i < Fresh; i++)
        {
            result.Prior.Sample(theta, rng.Split(i));
            Assert.True(restricted.Contains(theta));
            failing += Disc.Fails(theta) ? 1 : 0;
        }

        // On a grid, which is the prior itself: what is lost, and the integral of the density.
        const int Side = 400;
        double integral = 0, cell = 16.0 / (Side * Side);
        for (int i = 0; i < Side * Side; i++)
        {
            theta = [-2 + (4 * ((i % Side) + 0.5) / Side), -2 + (4 * ((i / Side) + 0.5) / Side)];
            integral += Math.Exp(restricted.LogProb(theta)) * cell;
            good += Disc.Fails(theta) ? 0 : 1;
            lost += Disc.Fails(theta) || restricted.Contains(theta) ? 0 : 1;
        }

        double failedShare = failing / (double)Fresh;
        output.WriteLine($"{simulations.FailedShare:P1} of runs failed, {failedShare:P2} do now (said {result.FailedShare:P2}); {lost / (double)good:P3} of successes lost; integral {integral:F4} ± {restricted.LogMassError:F4}");
        Assert.InRange(failedShare, 0, 0.05);

        // What was said of about 2,000 held-out runs: 4 standard errors of that and of the fresh ones.
        Assert.Equal(result.FailedShare, failedShare, 4 * Math.Sqrt(0.05 * ((1 / 3000.0) + (1.0 / Fresh))));
        Assert.InRange(lost / (double)good, 0, Sure.LostShare);
        Assert.Equal(1, integral, (5 * restricted.LogMassError) + 0.005);
    }

    [Fact]
    public void Learn_UnderARestrictedPrior_RestrictsFurther()
    {
        var prior = new Uniform(0, 1);
        (double[] thetas, bool[] succeeded) = Runs(prior, 4000, theta => theta[0] < 0.6);
        RestrictionResult first = PriorRestriction.Learn(prior, thetas, succeeded, Sure, new Rng(1));
        (thetas, succeeded) = Runs(first.Prior, 4000, theta => theta[0] > 0.2);
        RestrictionResult second = PriorRestriction.Learn(first.Prior, thetas, succeeded, Sure, new Rng(2));
        Assert.Equal((RestrictionStop.Restricted, RestrictionStop.Restricted), (first.StopReason, second.StopReason));
        Assert.False(second.Restricted!.Contains([0.1]));
        Assert.Equal(double.NegativeInfinity, second.Prior.LogProb([0.9]));
        Assert.Equal(-first.Restricted!.LogMass - second.Restricted.LogMass, second.Prior.LogProb([0.4]), 1e-12);

        // The mass of [0.2, 0.6], less what the bounds allow to be lost and more what is left of the failures.
        Assert.InRange(Math.Exp(first.Restricted.LogMass + second.Restricted.LogMass), 0.4 * (1 - (2 * Sure.LostShare)) - 0.01, 0.4 * 1.06);
    }

    [Fact]
    public void Learn_WithoutFailures_LeavesThePrior()
    {
        var prior = new Normal(0, 1);
        (double[] thetas, bool[] succeeded) = Runs(prior, 100, _ => true);
        AssertWhole(RestrictionStop.NoFailures, "None of 100 runs failed", prior, PriorRestriction.Learn(prior, thetas, succeeded, Sure, new Rng(1)));
        AssertWhole(RestrictionStop.NoFailures, "None of 0 runs", prior, PriorRestriction.Learn(prior, [], [], Sure, new Rng(1)));
    }

    [Fact]
    public void Learn_WhereAllFail_LeavesThePrior()
    {
        var prior = new Normal(0, 1);
        var simulator = new StubSimulator(1, 1, (_, x, _) => x[0] = double.NaN);
        SimulationSet simulations = new SimulationRunner(simulator).Run(prior, 0, 1000, new Rng(1));
        RestrictionResult result = PriorRestriction.Learn(prior, simulations, Sure, new Rng(1));
        AssertWhole(RestrictionStop.AllFailed, "nothing can be learned", prior, result);
        Assert.Equal(1, result.FailedShare);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.05)]
    public void Learn_WhereChanceAloneFails_LeavesThePriorAndSaysSo(double share)
    {
        // Cut off at a level of one in 1,000, and fixed here by the seed.
        var prior = new Box([-1, -1], [1, 1]);
        (double[] thetas, bool[] succeeded) = Runs(prior, 6000, _ => true);
        var rng = new Rng(9);
        succeeded = [.. succeeded.Select(_ => rng.NextDouble() >= share)];
        RestrictionResult result = PriorRestriction.Learn(prior, thetas, succeeded, Sure, new Rng(1));
        AssertWhole(RestrictionStop.Independent, "does not depend on the parameters", prior, result);
        Assert.Equal(share, result.FailedShare, 0.03);
        Assert.InRange(result.ChanceOfCut, 1e-3, 1);
    }

    [Fact]
    public void Learn_WithTooFewSuccesses_SaysWhatTheyCanPromise()
    {
        // 500 or so of 1,000 succeed, half of them are held out: 250 can promise 1 - 0.05^(1/250) = 1.2 %, and 0.1 % was asked for.
        var prior = new Uniform(0, 1);
        (double[] thetas, bool[] succeeded) = Runs(prior, 1000, theta => theta[0] < 0.5);
        RestrictionResult result = PriorRestriction.Learn(prior, thetas, succeeded, new RestrictionOptions(), new Rng(1));
        AssertWhole(RestrictionStop.TooFewSuccesses, "0.01", prior, result);
        Assert.Null(result.Training);
        double least = SuccessThreshold.Attainable(result.HeldOutSuccesses, 0.95);
        Assert.Equal(RestrictionStop.Restricted, PriorRestriction.Learn(prior, thetas, succeeded, new RestrictionOptions { LostShare = 1.001 * least, Training = Short }, new Rng(1)).StopReason);
        Assert.Equal(RestrictionStop.TooFewSuccesses, PriorRestriction.Learn(prior, thetas, succeeded, new RestrictionOptions { LostShare = 0.999 * least }, new Rng(1)).StopReason);
    }

    [Fact]
    public void Learn_FromRunsThatWereNotOfThePrior_SaysThatNothingIsLeft()
    {
        // Runs about 5 with successes above it; the prior has none of its mass there.
        (double[] thetas, bool[] succeeded) = Runs(new Normal(5, 1), 4000, theta => theta[0] > 5);
        RestrictionResult result = PriorRestriction.Learn(new Normal(-5, 1), thetas, succeeded, Sure, new Rng(1));
        AssertWhole(RestrictionStop.AcceptanceCollapsed, "narrow the prior", new Normal(-5, 1), result);
        RestrictionResult fine = PriorRestriction.Learn(new Normal(5, 1), thetas, succeeded, Sure, new Rng(1));
        Assert.Contains("likely to succeed", Assert.Throws<ArgumentException>(() => new SuccessPrior(new Normal(-50, 1), fine.Restricted!.Classifier)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_CancelledOrDiverged_LeavesThePrior()
    {
        var prior = new Uniform(0, 1);
        (double[] thetas, bool[] succeeded) = Runs(prior, 4000, theta => theta[0] < 0.5);
        AssertWhole(RestrictionStop.Cancelled, "Cancelled", prior, PriorRestriction.Learn(prior, thetas, succeeded, Sure, new Rng(1), cancel: new CancellationToken(canceled: true)));
        RestrictionOptions wild = Sure with { Training = Short with { LearningRate = 1e30, ClipNorm = double.PositiveInfinity, MaxSkippedSteps = 1 } };
        AssertWhole(RestrictionStop.Diverged, "lower its learning rate", prior, PriorRestriction.Learn(prior, thetas, succeeded, wild, new Rng(1)));
    }

    [Fact]
    public void Learn_WithWrongInput_ShowsIt()
    {
        var prior = new Uniform(0, 1);
        Assert.Contains("2 rows of 1", Assert.Throws<ArgumentException>(() => PriorRestriction.Learn(prior, [0.5], [true, false], Sure, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("got 1.5", Assert.Throws<ArgumentException>(() => PriorRestriction.Learn(prior, [0.5, 1.5], [true, false], Sure, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("discrete", Assert.Throws<ArgumentException>(() => PriorRestriction.Learn(new Categorical([0.5, 0.5]), [0, 1], [true, false], Sure, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PriorRestriction.Learn(prior, [0.5], [true], Sure with { LostShare = double.NaN }, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PriorRestriction.Learn(prior, [0.5], [true], Sure with { HeldOutShare = 1 }, new Rng(1)));
    }

    [Fact]
    public void State_Imported_GivesTheSamePrior()
    {
        var prior = new Uniform(0, 1);
        (double[] thetas, bool[] succeeded) = Runs(prior, 4000, theta => theta[0] < 0.5);
        SuccessPrior restricted = PriorRestriction.Learn(prior, thetas, succeeded, Sure, new Rng(1)).Restricted!;
        SuccessClassifier other = PriorRestriction.Untrained(new SupportBijection(prior), Sure);
        StateFile.Carry(restricted.Classifier, other);
        double[] before = new double[100], after = new double[100];
        restricted.Classifier.LogOdds(thetas.AsSpan(0, 100), before);
        other.LogOdds(thetas.AsSpan(0, 100), after);
        Assert.Equal(before, after);
        Assert.Equal(restricted.LogMass, new SuccessPrior(prior, other).LogMass);
    }

    [Fact]
    public void Gradients_OfTheLoss_MatchCentralDifferences()
    {
        var options = new RestrictionOptions { Width = 3, Blocks = 1, Activation = Activation.Tanh, DType = DType.Float64 };
        var classifier = new SuccessClassifier(new SupportBijection(new Box([0, 0], [1, 1])), new Standardise(2), options, new Rng(1));
        Parameters.Randomise(classifier, new Rng(2));
        var z = Tensor.Normal(0, 1, new Rng(3), new Shape(6, 2), DType.Float64);
        var signs = Tensor.From([1, -1, 1, 1, -1, -1], new Shape(6), DType.Float64);
        Parameters.AssertGradients(classifier, () => Tensor.Softplus(-(classifier.LogOddsScaled(z) * signs)));
    }

    private static (double[] Thetas, bool[] Succeeded) Runs(IDistribution prior, int count, Func<double[], bool> succeeds)
    {
        int d = prior.Dimension;
        double[] thetas = new double[count * d], theta = new double[d];
        bool[] succeeded = new bool[count];
        for (int i = 0; i < count; i++)
        {
            prior.Sample(theta, new Rng(77).Split(i));
            theta.CopyTo(thetas, i * d);
            succeeded[i] = succeeds(theta);
        }

        return (thetas, succeeded);
    }

    private void AssertWhole(RestrictionStop reason, string advice, IDistribution prior, RestrictionResult result)
    {
        output.WriteLine(result.Advice);
        Assert.Equal(reason, result.StopReason);
        Assert.Contains(advice, result.Advice, StringComparison.Ordinal);
        Assert.Null(result.Restricted);
        Assert.Equal(0, result.ExpectedLostShare);
        Assert.Equal(prior.LogProb([.. Enumerable.Repeat(0.3, prior.Dimension)]), result.Prior.LogProb([.. Enumerable.Repeat(0.3, prior.Dimension)]));
    }
}
