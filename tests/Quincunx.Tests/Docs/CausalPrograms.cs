using System.Numerics;
using Quincunx.Inference.Causal;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Counterfactuals;
using Quincunx.Inference.Mechanisms.Explaining;
using Quincunx.Inference.Mechanisms.Interventions;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Docs;

/// <summary>The code of docs/methods/causal-programs.md, run.</summary>
public sealed class CausalPrograms
{
    [Fact]
    public void Page_FiveReadings_GiveWhatItSays()
    {
        // snippet: readings
        var clinic = new Clinic();
        double[] theta = [0.5], x = new double[2];

        // Sample: every mechanism is a simulator.
        ((ISimulator)clinic).Simulate(theta, x, new Rng(seed: 1));

        // Mine: the joint score, and the joint log ratio to other parameters.
        double[] score = new double[1], logRatio = new double[1];
        new Miner(clinic).Mine(theta, hypotheses: [0.7], x, logRatio, score, new Rng(seed: 1));

        // Intervene: a mechanism again, with all its readings.
        IMechanism treated = clinic.Under(Intervention.Set("treated", 1));
        treated.Simulate(theta, x, new Rng(seed: 1));

        // Explain: the posterior of what was not seen, given what was.
        ExplainedTraces explained = new Explainer(clinic, theta, new Observation(0, -1.2))
            .Weigh(new TraceImportanceOptions { Traces = 20_000 }, new Rng(seed: 2)).Traces;
        TraceMean severity = explained.Expectation(trace => trace[new Site("severity")]);

        // Imagine: what would have become of this patient under treatment?
        TraceMean otherwise = new Imaginer(clinic).Imagine(explained, [Intervention.Set("treated", 1)], new Rng(seed: 3))
            .Expectation(trace => trace.X[1]);
        // end-snippet

        TraceRecord record = RecordingTrace.Run(clinic, theta, new Rng(1));
        double s = record[new Site("severity")], residual = record.X[1] - ((0.5 * record.X[0]) - s);
        Assert.Equal(residual / 0.25 * record.X[0], score[0], 1e-12);
        Assert.Equal(((residual * residual) - ((residual - (0.2 * record.X[0])) * (residual - (0.2 * record.X[0])))) / 0.5, logRatio[0], 1e-12);
        Assert.Equal(1, x[0]);

        // By quadrature: the posterior of the severity given no treatment and a recovery of -1.2, and recovery with treatment is 0.5 more.
        (double mass, double mean) = (0, 0);
        for (double z = -8; z <= 8; z += 1e-3)
        {
            double density = Math.Exp((-0.5 * z * z) - (0.5 * (z - 1.2) * (z - 1.2) / 0.25)) / (1 + Math.Exp(2 * z));
            (mass, mean) = (mass + density, mean + (z * density));
        }

        Assert.Equal(mean / mass, severity.Value, 5 * severity.Error);
        Assert.Equal(-0.7, otherwise.Value, 5 * severity.Error + 1e-9);
    }

    [Fact]
    public void Page_ThreeScripts_AreOneDistributionAndThreeCauses()
    {
        // snippet: scripts
        double sqrt3 = Math.Sqrt(3);
        var scripts = new Dictionary<string, StructuralModel>
        {
            ["x causes y"] = new(
                StructuralVariable.Noisy("x", [], (_, noise) => noise),
                StructuralVariable.Noisy("y", ["x"], (cause, noise) => cause[0] + 1 + (sqrt3 * noise))),
            ["z causes both"] = new(
                StructuralVariable.Noisy("z", [], (_, noise) => noise).Hidden(),
                StructuralVariable.Determined("x", ["z"], (cause, _) => cause[0]),
                StructuralVariable.Noisy("y", ["z"], (cause, noise) => cause[0] + 1 + (sqrt3 * noise))),
        };

        var answers = new Dictionary<string, double>();
        foreach ((string name, StructuralModel model) in scripts)
        {
            var imaginer = new Imaginer(model);
            Abduction abduction = imaginer.Abduct(theta: [], x: [0.5, 2.1]);     // the noise that it must have been
            if (abduction.IsExact)
            {
                answers[name] = imaginer.Imagine(abduction.Event, [Intervention.Set("x", 3)], new Rng(seed: 1)).X[1];
            }
        }
        // end-snippet

        Assert.Equal(4.6, answers["x causes y"], 1e-12);
        Assert.Equal(2.1, answers["z causes both"], 1e-12);
    }

    // snippet: mechanism
    /// <summary>The sicker are treated more often; treatment helps by theta.</summary>
    private sealed class Clinic : IMechanism
    {
        public IReadOnlyList<string> ParameterNames { get; } = ["benefit"];

        public IReadOnlyList<string> OutputNames { get; } = ["treated", "recovery"];

        public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
            where TReal : unmanaged, IFloatingPointIeee754<TReal>
            where TTrace : struct, ITrace<TReal>
        {
            TReal two = TReal.CreateChecked(2), half = TReal.CreateChecked(0.5);
            TReal severity = trace.Draw(new Site("severity"), Law.Normal(TReal.Zero, TReal.One));
            TReal chance = TReal.One / (TReal.One + TReal.Exp(-two * severity));
            x[0] = trace.Draw(Site.Output(0), Law.Bernoulli(chance));
            x[1] = trace.Draw(Site.Output(1), Law.Normal((theta[0] * x[0]) - severity, half));
        }
    }

    // end-snippet
}
