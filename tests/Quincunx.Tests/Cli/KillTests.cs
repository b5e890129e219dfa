using System.Diagnostics;
using System.Globalization;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Store;
using Quincunx.Tests.Runs;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary>The program with its real stages, stopped at any moment and started again, makes the files of a run that was left alone.</summary>
[Trait("Category", "Slow")]
public sealed class KillTests
{
    private static readonly LineStudy Study = new() { Rounds = 2, Reweights = true, Simulations = 3000, Epochs = 80 };
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Lazy<(SortedDictionary<string, string> Contents, double Seconds)> Whole = new(() =>
    {
        using var folder = new ScratchFolder();
        long began = TimeProvider.System.GetTimestamp();
        Complete(folder);
        return (LineStudy.Contents(folder["runs/line"]), TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    });

    [Fact]
    public void Run_KilledAtRandomMoments_EndsWithTheSameBytes()
    {
        double seconds = Whole.Value.Seconds;
        var rng = new Rng(5);
        var stopped = new HashSet<string>(StringComparer.Ordinal);
        int checkpoints = 0;
        // Where a kill hits depends on the machine: further runs are killed only if the first did not have it all.
        for (int trial = 0; trial < 5 && (stopped.Count < 2 || checkpoints == 0); trial++)
        {
            using var scratch = new ScratchFolder();
            Study.Write(scratch);
            for (int kill = 0; kill < 5; kill++)
            {
                using Process process = Start(scratch);
                process.StandardOutput.ReadLine();              // it works in the folder: how long it takes to start varies with the machine
                Thread.Sleep(TimeSpan.FromSeconds(0.3 * seconds * rng.NextDouble()));
                process.Kill();
                process.WaitForExit();
                // The manifest can be read at any moment, since it is replaced as a whole.
                stopped.UnionWith(RunFolder.ReadManifest(scratch["runs/line"])!.Stages.Where(s => s.Status == StageStatus.Running).Select(s => s.Name));
                checkpoints += Directory.Exists(scratch["runs/line/.checkpoints"]) ? 1 : 0;
            }

            Complete(scratch);
            Assert.Equal(Whole.Value.Contents, LineStudy.Contents(scratch["runs/line"]));
        }

        Assert.True(stopped.Count > 1 && checkpoints > 0, $"the kills hit {string.Join(", ", stopped)} only, and {checkpoints} checkpoints");
    }

    [Fact]
    public void Run_StreamedKilledAtRandomMoments_EndsWithTheSameBytes()
    {
        LineStudy study = Study with { Rounds = 1, Reweights = false, Simulations = 60_000, Memory = "512 KiB", Epochs = 3 };
        using var whole = new ScratchFolder();
        long began = TimeProvider.System.GetTimestamp();
        Complete(whole, study);
        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        using var scratch = new ScratchFolder();
        study.Write(scratch);
        var rng = new Rng(6);
        for (int kill = 0; kill < 5; kill++)
        {
            using Process process = Start(scratch);
            process.StandardOutput.ReadLine();
            Thread.Sleep(TimeSpan.FromSeconds(0.4 * seconds * rng.NextDouble()));
            process.Kill();
            process.WaitForExit();
        }

        Complete(scratch, study);
        Assert.Equal(LineStudy.Contents(whole["runs/line"]), LineStudy.Contents(scratch["runs/line"]));
    }

    [Fact]
    public void Run_Terminated_EndsWithFourAndGoesOnToTheSameBytes()
    {
        if (OperatingSystem.IsWindows())
        {
            return;                 // there is no such signal
        }

        using var scratch = new ScratchFolder();
        Study.Write(scratch);
        foreach (string stage in new[] { "simulate-1", "train-1", "train-2" })
        {
            using Process process = Start(scratch);
            while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith(stage + ":", StringComparison.Ordinal))
            {
            }

            Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
            process.StandardOutput.ReadToEnd();
            string error = process.StandardError.ReadToEnd();
            Assert.True(process.WaitForExit(Patience), "it does not end");
            Assert.StartsWith("Interrupted. What is done so far is kept in runs/line;", error, StringComparison.Ordinal);
            Assert.EndsWith("\n  quincunx run line\n", error, StringComparison.Ordinal);
            Assert.Equal(4, process.ExitCode);
            // The stage may have ended before the signal came; the next one has not begun then, or is the interrupted one.
            Assert.DoesNotContain(RunFolder.ReadManifest(scratch["runs/line"])!.Stages, s => s.Status is StageStatus.Running or StageStatus.Failed || s.Name == "report");
        }

        Complete(scratch);
        Assert.Equal(Whole.Value.Contents, LineStudy.Contents(scratch["runs/line"]));
    }

    [Fact]
    public void Run_TwoAtOnceInOneFolder_OneIsRefusedAndTheOtherUnharmed()
    {
        using var scratch = new ScratchFolder();
        Study.Write(scratch);
        using Process first = Start(scratch);
        first.StandardOutput.ReadLine();                    // it works in the folder
        using (Process second = Start(scratch))
        {
            second.StandardOutput.ReadToEnd();
            string error = second.StandardError.ReadToEnd();
            Assert.True(second.WaitForExit(Patience), "it does not end");
            Assert.Equal(2, second.ExitCode);
            Assert.StartsWith($"runs/line: found a run folder in use by process {first.Id} on ", error, StringComparison.Ordinal);
        }

        first.StandardOutput.ReadToEnd();
        Assert.True(first.WaitForExit(Patience), "it does not end");
        Assert.Contains(first.ExitCode, new[] { 0, 3 });
        Assert.Equal(Whole.Value.Contents, LineStudy.Contents(scratch["runs/line"]));
    }

    private static void Complete(ScratchFolder folder, LineStudy? study = null)
    {
        (study ?? Study).Write(folder);
        using Process process = Start(folder, "--quiet");
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "it does not end");
        Assert.True(process.ExitCode is 0 or 3, error);
        Assert.Equal("", error);
    }

    private static Process Start(ScratchFolder folder, params string[] options) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(KillTests).Assembly.Location, "line", "run", "line", .. options])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
}
