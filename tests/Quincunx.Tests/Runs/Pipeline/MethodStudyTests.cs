using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Pipeline.Reporting;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Every method of the study file, on a line whose posterior is known: precision [[13, 24], [24, 57]], its inverse times (19.6, 43.6) for the mean.</summary>
public sealed class MethodStudyTests
{
    private const double Determinant = (13 * 57) - (24 * 24);

    private static readonly (double Mean, double Sd)[] Exact =
    [
        (((57 * 19.6) - (24 * 43.6)) / Determinant, Math.Sqrt(57 / Determinant)), (((13 * 43.6) - (24 * 19.6)) / Determinant, Math.Sqrt(13 / Determinant)),
    ];

    public static TheoryData<string, int> Methods
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in InferenceMethod.Names)
            {
                data.Add(name, 1);
                data.Add(name, 2);
            }

            return data;
        }
    }

    // What a few seconds of training reach: a mean within half a deviation, a deviation within a third. A wrong loss, a wrong prior or a wrong proposal is further off.
    [Theory, MemberData(nameof(Methods)), Trait("Category", "Slow")]
    public void Run_OfEachMethod_FindsThePosteriorAndIsReused(string method, int rounds)
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = $"method: {method}", Rounds = rounds, Simulations = 2000, Epochs = 40 };
        study.Run(folder);
        Metrics metrics = JsonArtifact.Read<Metrics>(folder["run/metrics.json"]);
        foreach ((ParameterMetrics parameter, (double mean, double sd)) in metrics.Parameters.Zip(Exact))
        {
            Assert.True(Math.Abs(parameter.Mean - mean) < 0.5 * sd, $"{parameter.Name}: mean {parameter.Mean}, expected {mean} ± {sd}");
            Assert.InRange(parameter.Sd / sd, 0.67, 1.5);
        }

        Assert.True(metrics.Diagnostics.Sbc!.PValue > 1e-3, $"calibration: p = {metrics.Diagnostics.Sbc.PValue}");
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        Assert.Contains(method, File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        if (rounds > 1 && InferenceMethod.Of(method).Proposes)
        {
            // The second round simulates what was proposed, row by row.
            double[] proposed = NpzFile.Read(folder["run/proposals/round-2.npz"]).Values<double>("theta", 2000, 2);
            using var simulated = Quincunx.Runs.Campaigns.CampaignReader.Open(folder["run/simulations.db"], folder["run/simulations/round-2.json"]);
            Assert.Equal(proposed, simulated.ReadAll().Theta);
        }
    }

    [Fact]
    public void Sample_OfAnImpossibleObservation_EndsWithAdviceOrDraws()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = "method: nre-c", Simulations = 300, Epochs = 2, Observation = "1e300, -1e300, 1e300", Diagnostics = "{ sbc: 0, predictive: 0 }" };
        try
        {
            study.Run(folder);
            Assert.All(NpzFile.Read(folder["run/raw-posterior.npz"]).Values<double>("theta", -1, 2), t => Assert.True(double.IsFinite(t)));
        }
        catch (RunException e)
        {
            Assert.Contains("There are no draws of the posterior.", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Benchmark_NamesOnlyMethodsThatThereAre() =>
        Assert.All(SbibmMethod.All, m => Assert.Equal(m.Method, InferenceMethod.Of(m.Method).Name));
}
