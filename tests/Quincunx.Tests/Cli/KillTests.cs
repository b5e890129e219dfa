using System.Diagnostics;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Store;
using Quincunx.Tests.Runs;
using Quincunx.Tests.Runs.Execution;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary>The program with its real stages, stopped at any moment and started again, makes the files of a run that was left alone.</summary>
[Trait("Category", "Slow")]
public sealed class KillTests
{
    private static readonly LineStudy Study = new() { Rounds = 2, Reweights = true, Simulations = 3000, Epochs = 80 };
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Lazy<SortedDictionary<string, string>> Whole = new(() =>
    {
        using var folder = new ScratchFolder();
        Complete(folder);
        return LineStudy.Contents(folder["runs/line"]);
    });

    [Fact]
    public void Run_KilledInEachStage_EndsWithTheSameBytes()
    {
        using var scratch = new ScratchFolder();
        Study.Write(scratch);
        var rng = new Rng(5);
        // The trainings have some 25 reports each.
        foreach (string stage in new[] { "simulate-1", "train-1", "train-1", "simulate-2", "train-2", "reweight", "diagnose" })
        {
            bool trains = stage.StartsWith("train", StringComparison.Ordinal);
            using Process process = StartInStep(scratch);
            StepTo(process, stage, line: trains ? 4 + (int)(6 * rng.NextDouble()) : 1);
            if (trains)
            {
                process.StandardInput.WriteLine();
                Thread.Sleep(TimeSpan.FromMilliseconds(5 * rng.NextDouble()));      // somewhere before the next line
            }

            process.Kill();
            process.WaitForExit();
            // The manifest can be read at any moment, since it is replaced as a whole.
            Assert.Equal(stage, Assert.Single(RunFolder.ReadManifest(scratch["runs/line"])!.Stages, s => s.Status == StageStatus.Running).Name);
            Assert.True(!trains || Directory.EnumerateFiles(scratch["runs/line/.checkpoints"]).Any(), "it has saved nothing");
        }

        Complete(scratch);
        Assert.Equal(Whole.Value, LineStudy.Contents(scratch["runs/line"]));
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

    [Theory]
    [InlineData("npe-ensemble")]
    [InlineData("npe-fresh")]
    [InlineData("npe-noise")]
    public void Run_OfAnotherTrainingKilledInIt_EndsWithTheSameBytes(string method)
    {
        (string simulator, string noise) = method == "npe-noise" ? ("clean", "noise: { level: { uniform: { lower: 0.2, upper: 1 } }, fresh: true }") : ("line", "");
        string observation = method == "npe-noise" ? "1.2, 1.4, 2.3, 0.5" : "1.2, 1.4, 2.3";
        LineStudy study = new() { Simulator = simulator, More = noise, Observation = observation, Network = LineStudy.Small(method), Simulations = 1000, Epochs = 20, Diagnostics = "{ sbc: 0, predictive: 0 }" };
        using ScratchFolder whole = new(), scratch = new();
        Complete(whole, study);
        study.Write(scratch);
        foreach (int line in (int[])[4, 9, 3])
        {
            using Process process = StartInStep(scratch);
            StepTo(process, "train-1", line);
            process.Kill();
            process.WaitForExit();
            Assert.True(Directory.EnumerateFiles(scratch["runs/line/.checkpoints"]).Any(), "it has saved nothing");
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
            using Process process = StartInStep(scratch);
            StepTo(process, stage, line: 1);
            SlowStudy.Signal("TERM", process);
            process.StandardOutput.ReadToEnd();
            string error = process.StandardError.ReadToEnd();
            Assert.True(process.WaitForExit(Patience), "it does not end");
            Assert.StartsWith("Interrupted. What is done so far is kept in runs/line;", error, StringComparison.Ordinal);
            Assert.EndsWith("\n  quincunx run line\n", error, StringComparison.Ordinal);
            Assert.Equal(4, process.ExitCode);
            StageRecord last = RunFolder.ReadManifest(scratch["runs/line"])!.Stages[^1];
            Assert.Equal(stage, last.Name);
            // A report holds up who stores simulations, and not who makes them: all may be there by then.
            Assert.True(last.Status == StageStatus.Interrupted || (stage == "simulate-1" && last.Status == StageStatus.Complete), last.Status.ToString());
        }

        Complete(scratch);
        Assert.Equal(Whole.Value, LineStudy.Contents(scratch["runs/line"]));
    }

    [Fact]
    public void Run_TwoAtOnceInOneFolder_OneIsRefusedAndTheOtherUnharmed()
    {
        using var scratch = new ScratchFolder();
        Study.Write(scratch);
        using Process first = StartInStep(scratch);
        first.StandardOutput.ReadLine();                    // it works in the folder, and stays there
        using (Process second = Start(scratch))
        {
            second.StandardOutput.ReadToEnd();
            string error = second.StandardError.ReadToEnd();
            Assert.True(second.WaitForExit(Patience), "it does not end");
            Assert.Equal(2, second.ExitCode);
            Assert.StartsWith($"runs/line: found a run folder in use by process {first.Id} on ", error, StringComparison.Ordinal);
        }

        first.StandardInput.Close();
        first.StandardOutput.ReadToEnd();
        Assert.True(first.WaitForExit(Patience), "it does not end");
        Assert.Contains(first.ExitCode, new[] { 0, 3 });
        Assert.Equal(Whole.Value, LineStudy.Contents(scratch["runs/line"]));
    }

    private static void Complete(ScratchFolder folder, LineStudy? study = null)
    {
        (study ?? Study).Write(folder);
        using Process process = Start(folder, options: "--quiet");
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "it does not end");
        Assert.True(process.ExitCode is 0 or 3, error);
        Assert.Equal("", error);
    }

    // Lets it go on until so many of the stage's reports are out.
    private static void StepTo(Process process, string stage, int line)
    {
        for (int seen = 0; ;)
        {
            string? text = process.StandardOutput.ReadLine();
            Assert.True(text is not null, $"it ends before line {line} of {stage}");
            if (text.StartsWith(stage + ":", StringComparison.Ordinal) && ++seen == line)
            {
                return;
            }

            process.StandardInput.WriteLine();
        }
    }

    private static Process StartInStep(ScratchFolder folder) => Start(folder, "line-in-step");

    private static Process Start(ScratchFolder folder, string program = "line", params string[] options) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(KillTests).Assembly.Location, program, "run", "line", .. options])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
}
