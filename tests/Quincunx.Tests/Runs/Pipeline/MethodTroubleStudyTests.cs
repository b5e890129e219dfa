using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Every method of the study file, at its worst: each run ends by itself, with draws or with what is wrong, and what was done before is kept.</summary>
[Trait("Category", "Slow")]
public sealed class MethodTroubleStudyTests
{
    public static TheoryData<string, int> Methods
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in LineStudy.Methods)
            {
                data.Add(name, 1);
                data.Add(name, 2);
            }

            return data;
        }
    }

    public static TheoryData<string> Names => [.. LineStudy.Methods];

    [Theory, MemberData(nameof(Methods))]
    public Task Run_AtAnImpossibleObservation_EndsWithDrawsOrAdvice(string method, int rounds) => Patience.Within(() =>
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy
        {
            Network = LineStudy.Small(method),
            Simulations = 200,
            Epochs = 2,
            Rounds = rounds,
            Observation = "1e300, -1e300, 1e300",
            Diagnostics = "{ sbc: 0, predictive: 0 }",
        };
        if (Advice(study, folder) is { } advice)
        {
            Assert.NotEmpty(Directory.EnumerateFiles(folder["run/network"]));
            Assert.Matches("no draws of the posterior|no region", advice);
        }
        else
        {
            Assert.All(NpzFile.Read(folder["run/raw-posterior.npz"]).Values<double>("theta", -1, 2), t => Assert.True(double.IsFinite(t)));
        }
    });

    [Theory, MemberData(nameof(Names))]
    public Task Run_WhereEverySimulationFails_SaysSo(string method) => Patience.Within(() =>
    {
        foreach (string fails in (string[])["always", "nan"])
        {
            using var folder = new ScratchFolder();
            Assert.Contains("simulations", Advice(new LineStudy { Network = LineStudy.Small(method), Simulations = 200, Fails = fails }, folder), StringComparison.Ordinal);
        }
    });

    [Theory, MemberData(nameof(Names))]
    public Task Run_WhereHalfOfTheSimulationsFail_Ends(string method) => Patience.Within(() =>
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy
        {
            // The median of this prior is where the failures begin.
            Network = LineStudy.Small(method) + (method == "carl" ? $"\nratio: {{ reference: [{LineCatalog.FailsAbove - 1}, 0] }}" : ""),
            Simulations = 300,
            Epochs = 3,
            Rounds = 2,
            Fails = "throws-sometimes",
            StartMean = LineCatalog.FailsAbove,
            Diagnostics = "{ sbc: 0, predictive: 0 }",
        };
        Assert.Null(Advice(study, folder));
        Assert.All(NpzFile.Read(folder["run/raw-posterior.npz"]).Values<double>("theta", -1, 2), t => Assert.True(double.IsFinite(t)));
    });

    [Fact]
    public void Load_WithAnObservationThatIsNotANumber_IsRefused()
    {
        using var folder = new ScratchFolder();
        Assert.Contains("nan", Assert.Throws<StudyException>(() => new LineStudy { Observation = "1, .nan, 2" }.Load(folder)).Message, StringComparison.OrdinalIgnoreCase);
    }

    // What the run says where it cannot go on; null where it ends.
    private static string? Advice(LineStudy study, ScratchFolder folder)
    {
        try
        {
            study.Run(folder);
            return null;
        }
        catch (RunException e)
        {
            return e.Message;
        }
    }
}
