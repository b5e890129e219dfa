using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Diagnostics;

namespace Quincunx.Tests.Inference.Samplers;

/// <summary>The three samplers that give evidence: tempering, sequential Monte Carlo, nested sampling.</summary>
public sealed class EvidenceTests
{
    private static readonly Dictionary<string, Func<ITarget, IDistribution, Rng, Estimate>> Samplers = new()
    {
        ["tempering"] = (likelihood, prior, rng) =>
        {
            TemperingResult r = ParallelTempering.Run(likelihood, prior, rng, new TemperingOptions { Warmup = 256, Draws = 1_000, Levels = 10 });
            return new Estimate(r.Chains.StopReason, r.LogEvidence, r.LogEvidenceError, r.Chains.Points.ToArray(), null, r.Chains.Invalid);
        },
        ["smc"] = (likelihood, prior, rng) =>
        {
            SmcResult r = SequentialMonteCarlo.Run(likelihood, prior, rng, new SmcOptions { Particles = 1_000, MaxMoves = 50 });
            return new Estimate(r.StopReason, r.LogEvidence, r.LogEvidenceError, r.Points.ToArray(), null, r.Invalid);
        },
        ["nested"] = (likelihood, prior, rng) =>
        {
            NestedResult r = NestedSampling.Run(likelihood, prior, rng, new NestedOptions { LivePoints = 300 });
            return new Estimate(r.StopReason, r.LogEvidence, r.LogEvidenceError, r.Points.ToArray(), r.Points.IsEmpty ? null : r.Weights.Weights.ToArray(), r.Invalid);
        },
    };

    public static TheoryData<string> Names => [.. Samplers.Keys];

    // Three normal coordinates, each seen at 1 with standard deviation 0.3: Z = Π N(1; 0, 1.09), means 1 / 1.09, variances 0.09 / 1.09.
    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Names))]
    public void Run_ConjugateGaussian_EvidenceAndMoments(string name)
    {
        const double S = 0.3;
        var likelihood = new FunctionTarget(3, z => SpecialFunctions.NormalLogPdf((1 - z[0]) / S) + SpecialFunctions.NormalLogPdf((1 - z[1]) / S) + SpecialFunctions.NormalLogPdf((1 - z[2]) / S) - (3 * Math.Log(S)));
        double truth = 3 * (SpecialFunctions.NormalLogPdf(1 / Math.Sqrt(1.09)) - (0.5 * Math.Log(1.09)));
        (double[] scores, Estimate[] estimates) = Repeat(name, likelihood, Product(3, new Normal(0, 1)), truth, runs: 12);

        AssertScores(scores);
        AssertMean(estimates, 3, 1 / 1.09, z => z[0]);
        AssertMean(estimates, 3, (0.09 / 1.09) + (1 / 1.09 / 1.09), z => z[2] * z[2]);
        AssertMean(estimates, 3, 1 / 1.09 / 1.09, z => z[0] * z[1]);
    }

    // Two modes 28 standard deviations apart with shares 0.3 and 0.7 in a box of 400: Z = 1/400.
    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Names))]
    public void Run_ModesApart_SharesAndEvidence(string name)
    {
        var likelihood = new FunctionTarget(2, z => SpecialFunctions.LogAddExp(Math.Log(0.3) + Bell(z, -5), Math.Log(0.7) + Bell(z, 5)));
        (double[] scores, Estimate[] estimates) = Repeat(name, likelihood, Product(2, new Uniform(-10, 10)), -Math.Log(400), runs: 12);

        AssertScores(scores);
        AssertMean(estimates, 2, 0.3, z => z[0] < 0 ? 1 : 0);
        AssertMean(estimates, 2, 0.25, z => Math.Pow(z[1] - (z[1] < 0 ? -5 : 5), 2));

        static double Bell(ReadOnlySpan<double> z, double centre) =>
            SpecialFunctions.NormalLogPdf((z[0] - centre) / 0.5) + SpecialFunctions.NormalLogPdf((z[1] - centre) / 0.5) - (2 * Math.Log(0.5));
    }

    // Likelihood 0 for half of the prior, NaN for a little of it, 1 for the rest: a plateau. Z = 0.45.
    [Theory]
    [MemberData(nameof(Names))]
    public void Run_PlateauWithHolesAndFailures_CountsThem(string name)
    {
        var likelihood = new FunctionTarget(1, z => z[0] < 0.5 ? double.NegativeInfinity : z[0] < 0.55 ? double.NaN : 0);
        (double[] scores, Estimate[] estimates) = Repeat(name, likelihood, new Uniform(0, 1), Math.Log(0.45), runs: 12);

        AssertScores(scores);
        Assert.All(estimates, e => Assert.True(e.Invalid > 0));
        AssertMean(estimates, 1, 0.775, z => z[0]);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Names))]
    public void Run_ConjugateModel_IsCalibrated(string name)
    {
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(120, 2, new Rng(1), 0.8);
        var posterior = new SampledPosterior((model, count, rng) => name switch
        {
            "tempering" => ParallelTempering.Run(model.Likelihood, SampledPosterior.Prior, rng, new TemperingOptions { Chains = count, Levels = 4, Warmup = 64, Draws = 1 }).Chains.Points.ToArray(),
            "smc" => Chosen(SequentialMonteCarlo.Run(model.Likelihood, SampledPosterior.Prior, rng, new SmcOptions { Particles = 10 * count }).Points.Span, [.. Enumerable.Range(0, count).Select(i => 10 * i)]),
            _ => Nested(model, count, rng),
        });

        SbcResult result = SimulationBasedCalibration.Run(posterior, thetas, xs, new Rng(2), new SbcOptions { Draws = 31, Level = 0.999 });

        Assert.True(result.IsCalibrated, $"p = {result.CombinedPValue}");

        // As many live points as make the effective draws many times those that are asked for.
        static double[] Nested(SampledPosterior.Model model, int count, Rng rng)
        {
            NestedResult r = NestedSampling.Run(model.Likelihood, SampledPosterior.Prior, rng, new NestedOptions { LivePoints = 4 * count });
            int[] chosen = r.Weights.Resample(count, rng.Split("resampling"));
            return Chosen(r.Points.Span, chosen);
        }

        static double[] Chosen(ReadOnlySpan<double> points, int[] rows)
        {
            double[] chosen = new double[rows.Length * 2];
            for (int i = 0; i < rows.Length; i++)
            {
                points.Slice(rows[i] * 2, 2).CopyTo(chosen.AsSpan(i * 2));
            }

            return chosen;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_NoPositiveLikelihood_SaysSo_AndBadArgumentsThrow(string name)
    {
        Estimate none = Samplers[name](new FunctionTarget(1, _ => double.NaN), new Normal(0, 1), new Rng(1));

        Assert.Equal(SamplerStop.NoFiniteStart, none.Stop);
        Assert.Empty(none.Points);
        Assert.True(none.Invalid > 0);
        Assert.Contains("2 coordinates, got 1", Assert.Throws<ArgumentException>(() => Samplers[name](Targets.Banana(), new Normal(0, 1), new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Samplers[name](Targets.Banana(), null!, new Rng(1)));
        Assert.Throws<ArgumentNullException>(() => Samplers[name](Targets.Banana(), Product(2, new Normal(0, 1)), null!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_SameSeed_SameResult(string name)
    {
        Estimate Run(ulong seed) => Samplers[name](Targets.Banana(), Product(2, new Uniform(-4, 6)), new Rng(seed));

        Estimate first = Run(1), again = Run(1);
        Assert.Equal(first.Points, again.Points);
        Assert.Equal(first.LogEvidence, again.LogEvidence);
        Assert.NotEqual(first.LogEvidence, Run(2).LogEvidence);
    }

    [Fact]
    public void Run_BudgetThatEnds_StopsWithWhatThereIs()
    {
        // So narrow that both need many steps.
        var likelihood = new FunctionTarget(2, z => -1e8 * ((z[0] * z[0]) + (z[1] * z[1])));
        SmcResult smc = SequentialMonteCarlo.Run(likelihood, Product(2, new Normal(0, 1)), new Rng(1), new SmcOptions { Particles = 200, MaxEvaluations = 5_000 });
        NestedResult nested = NestedSampling.Run(likelihood, Product(2, new Normal(0, 1)), new Rng(1), new NestedOptions { LivePoints = 100, MaxEvaluations = 5_000 });

        Assert.Equal(SamplerStop.BudgetExhausted, smc.StopReason);
        Assert.InRange(smc.Stages[^1].Power, 1e-9, 0.999);
        Assert.Equal(400, smc.Points.Length);
        Assert.Contains("budget ended at power", smc.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(SamplerStop.BudgetExhausted, nested.StopReason);
        Assert.Contains("lower estimate", nested.Warnings[0], StringComparison.Ordinal);

        // Z = 1 / (1 + 2e8) to the prior's curvature: what was found is less.
        Assert.True(nested.LogEvidence < -Math.Log(2e8));
        Assert.InRange(nested.Evaluations, 5_000, 20_000);
    }

    [Fact]
    public void Tempering_Ladder_SwapsEvenly_AndReplicasTravel()
    {
        var likelihood = new FunctionTarget(4, z =>
        {
            double log = 0;
            foreach (double v in z)
            {
                log -= 0.5 * v * v / 0.01;
            }

            return log;
        });

        TemperingResult result = ParallelTempering.Run(likelihood, Product(4, new Normal(0, 1)), new Rng(1), new TemperingOptions { Warmup = 512, Draws = 1_000 });

        Assert.Equal(0, result.Powers[0]);
        Assert.Equal(1, result.Powers[^1]);
        Assert.True(result.SwapAcceptance.Max() - result.SwapAcceptance.Min() < 0.25, $"[{string.Join(", ", result.SwapAcceptance)}]");
        Assert.True(result.RoundTrips > 50);
        Assert.Equal(result.LogEvidence, result.ThermodynamicLogEvidence, 0.5);
        Assert.Empty(result.Chains.Warnings);
    }

    [Fact]
    public void Smc_ParticlesThatHardlyMove_AreSaid()
    {
        // One move a stage is not enough to forget.
        var likelihood = new FunctionTarget(10, z =>
        {
            double log = 0;
            foreach (double v in z)
            {
                log -= 0.5 * v * v / 0.01;
            }

            return log;
        });

        SmcResult sticky = SequentialMonteCarlo.Run(likelihood, Product(10, new Normal(0, 1)), new Rng(1), new SmcOptions { Particles = 300, MaxMoves = 1 });
        SmcResult free = SequentialMonteCarlo.Run(likelihood, Product(10, new Normal(0, 1)), new Rng(1), new SmcOptions { Particles = 300 });

        Assert.Contains("hardly moved", Assert.Single(sticky.Warnings), StringComparison.Ordinal);
        Assert.Empty(free.Warnings);
        Assert.True(free.Stages.Zip(free.Stages.Skip(1)).All(s => s.First.Power < s.Second.Power));
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        var prior = new Normal(0, 1);
        var likelihood = new FunctionTarget(1, z => -z[0] * z[0]);

        Assert.Throws<ArgumentOutOfRangeException>(() => SequentialMonteCarlo.Run(likelihood, prior, new Rng(1), new SmcOptions { Particles = 1 }));
        Assert.Throws<ArgumentException>(() => SequentialMonteCarlo.Run(likelihood, prior, new Rng(1), new SmcOptions { EssShare = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => NestedSampling.Run(likelihood, prior, new Rng(1), new NestedOptions { ReplacedShare = 0.9 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => NestedSampling.Run(likelihood, prior, new Rng(1), new NestedOptions { Remainder = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ParallelTempering.Run(likelihood, prior, new Rng(1), new TemperingOptions { Levels = 1 }));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => NestedSampling.Run(likelihood, prior, new Rng(1), cancel: source.Token));
    }

    private static IndependentProduct Product(int d, IDistribution each) => new([.. Enumerable.Range(0, d).Select(i => ($"theta[{i}]", each))]);

    private static (double[] Scores, Estimate[] Estimates) Repeat(string name, ITarget likelihood, IDistribution prior, double truth, int runs)
    {
        Estimate[] estimates = [.. Enumerable.Range(0, runs).Select(i => Samplers[name](likelihood, prior, new Rng(100).Split(i)))];
        Assert.All(estimates, e => Assert.Equal(SamplerStop.Completed, e.Stop));
        return ([.. estimates.Select(e => (e.LogEvidence - truth) / e.LogEvidenceError)], estimates);
    }

    // With the right errors the sum of the squares is χ² of the number of runs: above 3 times it, or below a twentieth, once in ten thousand.
    private static void AssertScores(double[] scores)
    {
        double mean = scores.Average(s => s * s);
        Assert.True(mean is > 0.05 and < 3, $"Scores [{string.Join(", ", scores.Select(s => $"{s:0.00}"))}]");
        Assert.Equal(0, scores.Average(), 4.5 / Math.Sqrt(scores.Length) * Math.Max(1, Math.Sqrt(mean)));
    }

    // Runs are independent: the error is that of their spread, and 6 of its (Student, 11 degrees of freedom) are passed by chance once in 10,000.
    private static void AssertMean(Estimate[] estimates, int d, double expected, Func<double[], double> quantity)
    {
        double[] means = [.. estimates.Select(e =>
        {
            int n = e.Points.Length / d;
            double sum = 0, total = 0;
            for (int i = 0; i < n; i++)
            {
                double weight = e.Weights is null ? 1 : e.Weights[i];
                sum += weight * quantity(e.Points[(i * d)..((i + 1) * d)]);
                total += weight;
            }

            return sum / total;
        })];
        double mean = means.Average(), error = Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (means.Length - 1) / means.Length);
        Assert.Equal(expected, mean, 6 * error);
    }

    private sealed record Estimate(SamplerStop Stop, double LogEvidence, double LogEvidenceError, double[] Points, double[]? Weights, long Invalid);
}
