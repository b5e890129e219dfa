using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Experiments;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics.Lattice;

namespace Quincunx.Tests.Physics.Lattice;

/// <summary>The free theory, λ = 0, is normal, and everything about it is known.</summary>
public sealed class LatticeChainTests
{
    private static readonly PhiFourAction Free = new(Size: 4, MassSquared: 0.8, Coupling: 0);

    [Fact]
    public void LocalMetropolis_FreeTheory_HasTheExactPropagator()
    {
        LatticeFlowOptions options = new() { Action = Free, ReferenceChains = 8, ReferenceSweeps = 20_000 };
        var chains = ReferenceChains.From(ReferenceChains.Run(options, new Rng(4), progress: null, CancellationToken.None));
        AutocorrelatedMean susceptibility = chains.Susceptibility(Free.Sites);
        Assert.InRange(Math.Abs(susceptibility.Mean - Propagator(0)) / susceptibility.Error, 0, 4);          // one seed in 16,000
        Assert.InRange(susceptibility.Error / susceptibility.Mean, 0, 0.03);
        for (int t = 0; t < 4; t++)
        {
            double[] found = [.. chains.Correlators.Select(c => c[t])];
            double mean = found.Average(), error = Math.Sqrt(found.Sum(v => (v - mean) * (v - mean)) / 7 / 8);
            Assert.InRange(Math.Abs(mean - Correlator(t)) / error, 0, 6);                                     // Student's t of 7 degrees: one in 2,000
        }
    }

    [Fact]
    public void ReferenceChains_Runs_AreAFunctionOfTheSeed()
    {
        LatticeFlowOptions options = new() { Action = Free, ReferenceChains = 3, ReferenceSweeps = 200 };
        NamedTensors a = ReferenceChains.Run(options, new Rng(4), null, CancellationToken.None), b = ReferenceChains.Run(options, new Rng(4), null, CancellationToken.None);
        Assert.Equal(a.Get("magnetisation").ToArray(), b.Get("magnetisation").ToArray());
    }

    // The untrained flow is the identity: standard normals, reweighted to the free theory of two by two sites.
    [Fact]
    public void Reweighting_FreeTheory_HasTheExactSusceptibilityAndPartitionFunction()
    {
        var action = new PhiFourAction(2, 0.6, 0);
        LatticeFlowOptions options = new() { Action = action, Kernel = 1, Couplings = 2, Channels = 2, Draws = 40_000 };
        var experiment = new LatticeFlowExperiment(options with { Steps = 1, Batch = 32, LearningRate = 1e-12 });
        NamedTensors weights = experiment.Train(new NamedTensors(), new Rng(2)).Weights;
        FlowDraws draws = FlowDraws.Of(options, weights, new Rng(3), null, CancellationToken.None);
        ImportanceWeights w = draws.Weights();
        var found = WeightedMean.Of(draws.Susceptibility(4), w.Weights);
        Assert.InRange(Math.Abs(found.Mean - (1 / (2 * action.MassSquared))) / found.Error, 0, 4);
        double exact = 0;
        foreach (double k in new[] { 0.0, 4, 4, 8 })
        {
            exact += 0.5 * Math.Log(Math.PI / (action.MassSquared + k));
        }

        Assert.InRange(Math.Abs(w.LogEvidence - exact) / w.LogEvidenceError, 0, 4);
        double[] sums = [.. Enumerable.Range(0, draws.Action.Length).Select(i => draws.Correlator(0)[i] + draws.Correlator(1)[i])];
        Assert.All(sums.Zip(draws.Susceptibility(4)).Take(50), pair => Assert.Equal(pair.Second, pair.First, 1e-10));
    }

    // Proposals from a normal of another width; the variance of the target is 1.
    [Fact]
    public void IndependenceMetropolis_SamplesTheTarget()
    {
        const int Steps = 40_000;
        const double Width = 1.6;
        var rng = new Rng(6);
        double[] x = [.. Enumerable.Range(0, Steps).Select(_ => Width * rng.NextNormal())];
        double[] weights = [.. x.Select(v => (-0.5 * v * v) + (0.5 * v * v / (Width * Width)))];
        int[] states = IndependenceMetropolis.Run(weights, rng.Split("chain"));
        var mean = AutocorrelatedMean.Of(states.Select(i => x[i] * x[i]).ToArray());
        Assert.InRange(Math.Abs(mean.Mean - 1) / mean.Error, 0, 4);
        Assert.InRange(IndependenceMetropolis.Accepted(states), 0.6, 0.9);
        Assert.True(mean.Time > 0.6);
        Assert.All(Enumerable.Range(1, Steps - 1), i => Assert.True(states[i] == i || states[i] == states[i - 1]));
    }

    [Fact]
    public void WeightedMean_Error_IsTheSpreadOverRepetitions()
    {
        const int Repetitions = 400, Draws = 200;
        double[] means = new double[Repetitions], errors = new double[Repetitions];
        for (int r = 0; r < Repetitions; r++)
        {
            Rng rng = new Rng(7).Split(r);
            double[] x = [.. Enumerable.Range(0, Draws).Select(_ => rng.NextNormal())];
            (means[r], errors[r]) = WeightedMean.Of(x, [.. x.Select(v => Math.Exp(0.4 * v))]);
        }

        double mean = means.Average(), spread = Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (Repetitions - 1));
        Assert.Equal(0.4, mean, 4 * spread / Math.Sqrt(Repetitions));
        Assert.InRange(errors.Average() / spread, 0.85, 1.15);                  // the spread is known to 3.5 %
    }

    [Fact]
    public void Experiment_TrainedOnTheFreeTheory_AgreesWithTheExactSusceptibility()
    {
        var experiment = new LatticeFlowExperiment(new LatticeFlowOptions
        {
            Action = Free,
            Couplings = 4,
            Channels = 3,
            Layers = 1,
            Batch = 64,
            Steps = 200,
            LearningRate = 1e-2,
            Draws = 4_000,
            ReferenceChains = 4,
            ReferenceSweeps = 4_000,
        });
        var rng = new Rng(5);
        NamedTensors data = experiment.MakeData(rng.Split("data"));
        NamedTensors weights = experiment.Train(data, rng.Split("train")).Weights;
        ExperimentResult result = experiment.Evaluate(data, weights, rng.Split("evaluate"));
        ExperimentMetric Metric(string name) => result.Metrics.Single(m => m.Name == name);
        foreach (string way in new[] { "chi2", "chi2_metropolis", "chi2_reference" })
        {
            Assert.InRange(Math.Abs(Metric(way).Value - Propagator(0)) / Metric(way).Error!.Value, 0, 4);
        }

        // Reweighting is exact however short the training; the errors above are honest as long as many draws count.
        Assert.InRange(Metric("ess").Value, 0.05, 1);
        double logZ = Enumerable.Range(0, 16).Sum(i => 0.5 * Math.Log(Math.PI / (Free.MassSquared + Hat(i % 4) + Hat(i / 4))));
        Assert.InRange(Math.Abs(Metric("log_z").Value - logZ) / Metric("log_z").Error!.Value, 0, 4);
    }

    private static double Hat(int k) => 2 - (2 * Math.Cos(Math.Tau * k / 4));

    private static double Propagator(int k) => 1 / (2 * (Free.MassSquared + Hat(k)));

    // The Fourier transform of the propagator along one direction.
    private static double Correlator(int t) => Enumerable.Range(0, 4).Sum(k => Propagator(k) * Math.Cos(Math.Tau * k * t / 4)) / 4;
}
