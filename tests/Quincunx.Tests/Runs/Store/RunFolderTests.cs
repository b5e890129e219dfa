using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Store;

public sealed class RunFolderTests
{
    [Fact]
    public void Open_NewFolder_WritesAManifestWithVersionsAndInputs()
    {
        using var scratch = new ScratchFolder();
        var input = new StudyInput("study.yaml", new FileFingerprint(new string('0', 64), 12));
        using (RunFolder.Open(scratch["runs/toy"], "toy", "A toy", 7, [input], TimeProvider.System, step: null))
        {
        }

        RunManifest manifest = RunFolder.ReadManifest(scratch["runs/toy"])!;
        Assert.Equal((1, "toy", "A toy", 7UL), (manifest.Format, manifest.Study, manifest.Title, manifest.Seed));
        Assert.Equal([new OutputFile("study.yaml", new string('0', 64), 12)], manifest.Inputs);
        Assert.Equal(RunHost.Current(), manifest.Host);
        Assert.StartsWith("0.", manifest.Host.Quincunx, StringComparison.Ordinal);
        Assert.Contains(".NET", manifest.Host.Dotnet, StringComparison.Ordinal);
        Assert.Equal([".lock", "manifest.json"], Directory.GetFiles(scratch["runs/toy"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Open_FolderInUse_NamesTheHolder()
    {
        using var scratch = new ScratchFolder();
        using (ToyRun.Open(scratch["run"]))
        {
            var e = Assert.Throws<ArtifactException>(() => ToyRun.Open(scratch["run"]));
            Assert.Equal(
                $"{scratch["run"]}: found a run folder in use by process {Environment.ProcessId} on {Environment.MachineName}, expected one that no other process works in.",
                e.Message);
        }

        using RunFolder again = ToyRun.Open(scratch["run"]);
    }

    [Fact]
    public void Open_LeftoversOfAKilledProcess_AreRemoved()
    {
        using var scratch = new ScratchFolder();
        ToyRun.Open(scratch["run"]).Dispose();
        scratch.Write("run/.posterior.csv.123.partial", "half");
        scratch.Write("run/figures/.a.svg.123.partial", "half");
        scratch.Write("run/.lock-holder", "process 123 on elsewhere");
        ToyRun.Open(scratch["run"]).Dispose();
        Assert.Equal([".lock", "manifest.json"], Directory.GetFiles(scratch["run"], "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{\"format\": 2, \"future\": []}", "found format 2, of a newer version of Quincunx, expected format 1 (use the newer version, or another folder with --out; nothing was changed).")]
    [InlineData("{\"format\": 1, \"stu", "line 1: found damage: text that is not JSON, expected the manifest of a run (restore it, or delete it to run every stage again; the other files are kept until they are replaced).")]
    [InlineData("", "line 1: found damage: text that is not JSON, expected the manifest of a run (restore it, or delete it to run every stage again; the other files are kept until they are replaced).")]
    [InlineData("[1]", "found damage: no format number, expected the manifest of a run (restore it, or delete it to run every stage again; the other files are kept until they are replaced).")]
    [InlineData("{\"format\": 0}", "found damage: format 0, expected the manifest of a run (restore it, or delete it to run every stage again; the other files are kept until they are replaced).")]
    public void Open_ManifestThatCannotBeUsed_SaysWhatToDoAndTouchesNothing(string text, string message)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("run/manifest.json", text);
        scratch.Write("run/.x.1.partial", "half");
        Assert.Equal($"{path}: {message}", Assert.Throws<ArtifactException>(() => ToyRun.Open(scratch["run"])).Message);
        Assert.Equal(text, File.ReadAllText(path));
        Assert.Equal([".x.1.partial", "manifest.json"], Directory.GetFiles(scratch["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Open_ManifestCutOffAnywhere_IsDamageOrNothing()
    {
        using var scratch = new ScratchFolder();
        using (RunFolder folder = ToyRun.Open(scratch["run"]))
        {
            new StageEngine(folder, ToyRun.Stages()).Run(null, CancellationToken.None);
        }

        string text = File.ReadAllText(scratch["run/manifest.json"]);
        for (int length = 0; length < text.Length - 2; length += 7)
        {
            scratch.Write("run/manifest.json", text[..length]);
            Assert.Contains("found damage", Assert.Throws<ArtifactException>(() => ToyRun.Open(scratch["run"])).Message, StringComparison.Ordinal);
        }

        foreach (string key in new[] { "study", "stages", "inputHash", "outputs", "status", "host" })
        {
            scratch.Write("run/manifest.json", text.Replace($"\"{key}\":", "\"other\":", StringComparison.Ordinal));
            Assert.Contains("found damage", Assert.Throws<ArtifactException>(() => ToyRun.Open(scratch["run"])).Message, StringComparison.Ordinal);
        }

        scratch.Write("run/manifest.json", text.Replace("\"metrics.json\"", "\"../metrics.json\"", StringComparison.Ordinal));
        Assert.Contains("found damage: the file name '../metrics.json'", Assert.Throws<ArtifactException>(() => ToyRun.Open(scratch["run"])).Message, StringComparison.Ordinal);

        File.Delete(scratch["run/manifest.json"]);              // the advice of the message
        using RunFolder fresh = ToyRun.Open(scratch["run"]);
        Assert.Empty(fresh.Manifest.Stages);
        Assert.True(File.Exists(scratch["run/posterior.csv"]));
    }

    [Fact]
    public void Open_SomebodyElsesFolder_IsLeftAlone()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("home/posterior.csv", "mine");
        Assert.Equal(
            $"{scratch["home"]}: found a folder with other files and no manifest.json, expected an empty folder, a new one, or that of a run.",
            Assert.Throws<ArtifactException>(() => ToyRun.Open(scratch["home"])).Message);
        ToyRun.Open(scratch["run"]).Dispose();
        Assert.Equal(
            $"{scratch["run"]}: found the run of study 'toy', expected a run of 'other' (choose another folder with --out).",
            Assert.Throws<ArtifactException>(() => ToyRun.Open(scratch["run"], study: "other")).Message);
        Assert.Equal(
            $"{scratch["home/posterior.csv"]}: found a file, expected a folder for the run.",
            Assert.Throws<ArtifactException>(() => ToyRun.Open(scratch["home/posterior.csv"])).Message);
        Assert.Single(Directory.GetFiles(scratch["home"]));
    }

    [SmallDiskFact]
    public void Open_ReadOnlyDisk_SaysSo()
    {
        using var disk = new SmallDisk(kibibytes: 64);
        disk.MakeReadOnly();
        var e = Assert.Throws<ArtifactException>(() => ToyRun.Open(disk["run"]));
        Assert.StartsWith($"{disk["run"]}: found a folder or file that is read-only while writing a new run folder", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("posterior.csv", true)]
    [InlineData("figures/corner.svg", true)]
    [InlineData("../x", false)]
    [InlineData("/x", false)]
    [InlineData("a//b", false)]
    [InlineData(".lock", false)]
    [InlineData("manifest.json", false)]
    [InlineData("", false)]
    public void IsFileName_Names_AllowsOnlyPlainOnesInside(string name, bool expected) => Assert.Equal(expected, RunFolder.IsFileName(name));

    [Fact]
    public void InputHash_ValuesThatLookAlike_Differ()
    {
        string[] hashes =
        [
            new InputHash().Add("a", "bc").Finish(),
            new InputHash().Add("ab", "c").Finish(),
            new InputHash().Add("a", "b").Add("c", "").Finish(),
            new InputHash().Add("a", 1L).Finish(),
            new InputHash().Add("a", 1UL).Finish(),
            new InputHash().Add("a", 1.0).Finish(),
            new InputHash().Add("a", true).Finish(),
            new InputHash().Add("a", [1.0]).Finish(),
            new InputHash().Add("a", [1]).Finish(),
            new InputHash().Add("a", ["1"]).Finish(),
            new InputHash().Add("a", ["1", ""]).Finish(),
            new InputHash().Add("a", 0.0).Finish(),
            new InputHash().Add("a", -0.0).Finish(),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(hashes[0], new InputHash().Add("a", "bc").Finish());
    }

    [Fact]
    public void Left_RateAndTotal_GivesTheTime()
    {
        static StageProgress Progress(double done, double total, double rate) => new("s", 0, 1, StageEvent.Working, done, total, rate, "x", [], null);
        Assert.Equal(TimeSpan.FromSeconds(5), Progress(50, 100, 10).Left);
        Assert.Null(Progress(50, 0, 10).Left);
        Assert.Null(Progress(50, 100, double.NaN).Left);
        Assert.Null(Progress(50, 100, 1e-300).Left);
    }
}
