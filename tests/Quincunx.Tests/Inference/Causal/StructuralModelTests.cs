using Quincunx.Inference.Causal;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Counterfactuals;
using Quincunx.Inference.Mechanisms.Interventions;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Causal;

/// <summary>
/// Three programs with one joint distribution, Normal([0, 1], [[1, 1], [1, 4]]): they differ under do(x = 3), and in what would have been.
/// The example is F. Huszár's, "Causal inference 2: illustrating interventions via a toy example" and "3: counterfactuals", inference.vc, 2019.
/// </summary>
public sealed class StructuralModelTests
{
    private static readonly double Sqrt3 = Math.Sqrt(3);

    private static readonly Dictionary<string, StructuralModel> Scripts = new(StringComparer.Ordinal)
    {
        ["x causes y"] = new(
            StructuralVariable.Noisy("x", [], (_, e) => e),
            StructuralVariable.Noisy("y", ["x"], (p, e) => p[0] + 1 + (Sqrt3 * e))),
        ["y causes x"] = new(
            StructuralVariable.Noisy("y", [], (_, e) => 1 + (2 * e)),
            StructuralVariable.Noisy("x", ["y"], (p, e) => ((p[0] - 1) / 4) + (Sqrt3 / 2 * e))),
        ["z causes both"] = new(
            StructuralVariable.Noisy("z", [], (_, e) => e).Hidden(),
            StructuralVariable.Determined("x", ["z"], (p, _) => p[0]),
            StructuralVariable.Noisy("y", ["z"], (p, e) => p[0] + 1 + (Sqrt3 * e))),
    };

    // What y is under do(x = 3): mean and variance; and what y would have been at (0.5, 2.1), had x been 3.
    public static TheoryData<string, double, double, double> Rows => new()
    {
        { "x causes y", 4, 3, 4.6 },
        { "y causes x", 1, 4, 2.1 },
        { "z causes both", 1, 4, 2.1 },
    };

    [Theory, MemberData(nameof(Rows))]
    public void Script_Observed_HasTheJointOfAll(string name, double mean, double variance, double counterfactual)
    {
        _ = (mean, variance, counterfactual);
        (double[] m, double[,] c) = Moments(Scripts[name]);
        Assert.Equal(0, m[0], 1e-14);
        Assert.Equal(1, m[1], 1e-14);
        Assert.Equal(1, c[0, 0], 1e-14);
        Assert.Equal(1, c[0, 1], 1e-14);
        Assert.Equal(4, c[1, 1], 1e-14);
    }

    [Theory, MemberData(nameof(Rows))]
    public void Script_UnderDoX_HasItsOwnY(string name, double mean, double variance, double counterfactual)
    {
        _ = counterfactual;
        (double[] m, double[,] c) = Moments(Scripts[name].Under(Intervention.Set("x", 3)));
        Assert.Equal(3, m[0]);
        Assert.Equal(0, c[0, 0]);
        Assert.Equal(mean, m[1], 1e-14);
        Assert.Equal(variance, c[1, 1], 1e-14);
    }

    [Theory, MemberData(nameof(Rows))]
    public void Script_HadXBeen3_GivesTheCounterfactual(string name, double mean, double variance, double counterfactual)
    {
        _ = (mean, variance);
        StructuralModel model = Scripts[name];
        var imaginer = new Imaginer(model);
        double[] x = [.. model.OutputNames.Select(n => n == "x" ? 0.5 : 2.1)];
        Abduction abduction = imaginer.Abduct([], x);
        Assert.True(abduction.IsExact, abduction.Reason);
        TraceRecord imagined = imaginer.Imagine(abduction.Event, [Intervention.Set("x", 3)], new Rng(1));
        Assert.Equal(3, imagined.X[model.OutputNames.ToList().IndexOf("x")]);
        Assert.Equal(counterfactual, imagined.X[model.OutputNames.ToList().IndexOf("y")], 1e-12);
    }

    [Fact]
    public void Graph_OfEachScript_IsItsDiagram()
    {
        Assert.Equal("x -> y", Scripts["x causes y"].Graph.ToString().Trim(), ignoreCase: true);
        Assert.Equal("y -> x", Scripts["y causes x"].Graph.ToString().Trim(), ignoreCase: true);
        Assert.Equal("x <-> y", Scripts["z causes both"].Graph.ToString().Trim(), ignoreCase: true);
    }

    // A nonlinear equation, decreasing in its noise: density by the change of variables, noise by a bracket.
    [Fact]
    public void NonlinearEquation_OfARecordedEvent_IsInverted()
    {
        var model = new StructuralModel(
            StructuralVariable.Noisy("a", [], (_, e) => Math.Exp(-e)),
            StructuralVariable.Noisy("b", ["a"], (p, e) => Math.Sinh(e) * p[0]));
        for (int i = 0; i < 50; i++)
        {
            TraceRecord record = RecordingTrace.Run(model, [], new Rng(2).Split(i));
            TraceRecord again = new Imaginer(model).Imagine(record, [], new Rng(3));
            Assert.Equal(record.X[0], again.X[0], 1e-10 * record.X[0]);
            Assert.Equal(record.X[1], again.X[1], 1e-10 * (1 + Math.Abs(record.X[1])));
            double a = record.X[0], u = record.X[1] / a, e = Math.Asinh(u);
            double expected = (-0.5 * Math.Log(a) * Math.Log(a)) - Math.Log(a) - (0.5 * e * e) - Math.Log(a * Math.Sqrt(1 + (u * u))) - Math.Log(Math.Tau);
            Assert.Equal(expected, record.LogProb, 1e-6 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void NewModel_CauseThatComesLater_IsRefusedByName()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new StructuralModel(
            StructuralVariable.Noisy("x", ["y"], (p, n) => p[0] + n), StructuralVariable.Noisy("y", [], (_, n) => n)));
        Assert.Contains("got y", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new StructuralModel(StructuralVariable.Noisy("x", [], (_, n) => n).Hidden()));
    }

    // Exact for scripts that are linear in their noise: x(e) = x(0) + B e.
    private static (double[] Mean, double[,] Covariance) Moments(IMechanism mechanism)
    {
        Site[] choices = [.. Run([]).Entries.Where(e => e.Kind != TraceEntryKind.Computed).Select(e => e.Site)];
        double[] mean = Run(choices.ToDictionary(c => c, _ => 0.0)).X;
        int outputs = mean.Length;
        double[,] covariance = new double[outputs, outputs];
        foreach (Site site in choices)
        {
            double[] moved = Run(choices.ToDictionary(c => c, c => c == site ? 1.0 : 0)).X;
            for (int i = 0; i < outputs; i++)
            {
                for (int j = 0; j < outputs; j++)
                {
                    covariance[i, j] += (moved[i] - mean[i]) * (moved[j] - mean[j]);
                }
            }
        }

        int[] order = [mechanism.OutputNames.ToList().IndexOf("x"), mechanism.OutputNames.ToList().IndexOf("y")];
        double[,] ordered = { { covariance[order[0], order[0]], covariance[order[0], order[1]] }, { covariance[order[1], order[0]], covariance[order[1], order[1]] } };
        return ([mean[order[0]], mean[order[1]]], ordered);

        TraceRecord Run(Dictionary<Site, double> noise) => Imaginer.Run(mechanism, [], noise, new Rng(1));
    }
}
