using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Studies;

public sealed class ExperimentStudyTests
{
    [Fact]
    public void Load_NameAlone_TakesDefaults()
    {
        using var folder = new ScratchFolder();
        ExperimentStudy study = Assert.IsType<ExperimentStudy>(Load(folder, "format: 1\nexperiment: line-fit\n"));
        Assert.Equal(("fit", "fit", 1ul, "line-fit"), (study.Name, study.Title, study.Seed, study.ExperimentName));
        Assert.Equal("study.yaml", Assert.Single(study.Inputs).Name);
        Assert.Equal(20, study.Options.Integer("epochs"));
        Assert.Equal(9ul, study.WithSeed(9).Seed);
    }

    [Fact]
    public void Load_Options_AreRead()
    {
        using var folder = new ScratchFolder();
        var study = (ExperimentStudy)Load(folder, "format: 1\nexperiment: { name: line-fit, options: { outcome: failed, epochs: 2e1, noise: 1 } }\ntitle: T\nseed: 5\n");
        Assert.Equal(("T", 5ul, "failed", 20, 1.0, 0.01), (study.Title, study.Seed, study.Options.Text("outcome"), study.Options.Integer("epochs"), study.Options.Number("noise"), study.Options.Number("rate")));
        Assert.Equal(["epochs", "noise", "outcome", "rate"], study.Options.All.Select(o => o.Name));
    }

    [Fact]
    public void Load_StudyOfASimulator_IsReadAsEver()
    {
        using var folder = new ScratchFolder();
        new LineStudy().Write(folder);
        Assert.Equal("line", Assert.IsType<Study>(StudyFile.Load(folder["line"], new LineCatalog(), new LineExperiments())).SimulatorName);
    }

    [Theory]
    [InlineData("format: 1\nexperiment: line-fit\nprior: {}\n", "S:3:1: prior: found the unknown key 'prior', expected one of format, title, experiment, seed.")]
    [InlineData("format: 1\nexperiment: line-fit\nsimulator: line\n", "S:3:1: simulator: found the unknown key 'simulator', expected one of format, title, experiment, seed.")]
    [InlineData("format: 1\nexperiment: line-fot\n", "S:2:13: experiment: found 'line-fot', expected one of line-fit, plain. Did you mean 'line-fit'?")]
    [InlineData("format: 1\nexperiment: [line-fit]\n", "S:2:13: experiment: found a list, expected the name of an experiment, or a mapping with name and options.")]
    [InlineData("format: 1\nexperiment: { options: {} }\n", "S:2:13: experiment: found no key 'name', expected name: the name of an experiment.")]
    [InlineData("format: 1\nexperiment: { name: plain, options: { epochs: 3 } }\n", "S:2:37: experiment.options: found options, expected none. The experiment plain has no options.")]
    [InlineData("format: 1\nexperiment: { name: line-fit, options: { epoch: 3 } }\n", "S:2:42: experiment.options.epoch: found the unknown key 'epoch', expected one of outcome, epochs, noise, rate. Did you mean 'epochs'?")]
    [InlineData("format: 1\nexperiment: { name: line-fit, options: { epochs: 0.5 } }\n", "S:2:50: experiment.options.epochs: found 0.5, expected a whole number from 1 to 100000.")]
    [InlineData("format: 1\nexperiment: { name: line-fit, options: { noise: 11 } }\n", "S:2:49: experiment.options.noise: found 11, expected a number from 0 to 10.")]
    [InlineData("format: 1\nexperiment: { name: line-fit, options: { outcome: good } }\n", "S:2:51: experiment.options.outcome: found 'good', expected one of passed, doubtful, failed.")]
    [InlineData("format: 1\nexperiment: { name: line-fit, options: { noise: 7 } }\n", "S:2:40: experiment.options: found options that line-fit refuses (7 brings bad luck), expected options that go together.")]
    [InlineData("experiment: line-fit\nseed: -1\n", "S:1:1: found no key 'format', expected format: 1.\nS:2:7: seed: found -1, expected a whole number from 0 to 9007199254740991.")]
    public void Load_Mistakes_AreNamedWithTheirPlace(string text, string message)
    {
        using var folder = new ScratchFolder();
        string found = Assert.Throws<StudyException>(() => Load(folder, text)).Message;
        Assert.Equal(message, found.Replace(folder[Path.Combine("fit", "study.yaml")], "S", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_WithOtherData_IsRefused()
    {
        using var folder = new ScratchFolder();
        folder.Write("fit/study.yaml", "format: 1\nexperiment: line-fit\n");
        Assert.Contains(
            "an experiment observes nothing", Assert.Throws<StudyException>(() => StudyFile.Load(folder["fit"], new LineCatalog(), new LineExperiments(), "other.csv")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StudyLoad_OfAnExperiment_SaysWhatItIs()
    {
        using var folder = new ScratchFolder();
        folder.Write("fit/study.yaml", "format: 1\nexperiment: line-fit\n");
        Assert.Contains("found a study of an experiment, expected one of a simulator", Assert.Throws<StudyException>(() => Study.Load(folder["fit"], new LineCatalog())).Message, StringComparison.Ordinal);
    }

    private static IStudy Load(ScratchFolder folder, string text)
    {
        folder.Write("fit/study.yaml", text);
        return StudyFile.Load(folder["fit"], new LineCatalog(), new LineExperiments());
    }
}
