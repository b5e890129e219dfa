using System.Diagnostics;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Store;

namespace Quincunx.Tests.Runs.Store;

/// <summary>A run that was stopped at any moment and started again gives the same files as one that was left alone.</summary>
public sealed class CrashTests
{
    [Fact]
    public void Run_CrashBeforeAnyChangeOfTheDisk_EndsWithTheSameBytes()
    {
        using var whole = new ScratchFolder();
        int steps = 0;
        Run(whole["run"], (_, _) => steps++);
        SortedDictionary<string, string> expected = ToyRun.Contents(whole["run"]);
        Assert.True(steps > 100, $"only {steps} steps: the hook misses changes");

        for (int crashAt = 0; crashAt < steps; crashAt++)
        {
            using var scratch = new ScratchFolder();
            Assert.Throws<CrashException>(() => Run(scratch["run"], CrashFrom(crashAt)));
            Run(scratch["run"], step: null);
            Assert.Equal(expected, ToyRun.Contents(scratch["run"]));
        }
    }

    [Fact]
    public void Run_ManyCrashesInARow_EndsWithTheSameBytes()
    {
        using var whole = new ScratchFolder();
        Run(whole["run"], step: null);
        var rng = new Rng(3);
        for (int trial = 0; trial < 10; trial++)
        {
            using var scratch = new ScratchFolder();
            for (int crash = 0; crash < 6; crash++)
            {
                try
                {
                    Run(scratch["run"], CrashFrom((int)(rng.NextUInt64() % 60)));
                }
                catch (CrashException)
                {
                }
            }

            Run(scratch["run"], step: null);
            Assert.Equal(ToyRun.Contents(whole["run"]), ToyRun.Contents(scratch["run"]));
        }
    }

    [Fact]
    public void Run_ProcessKilledAtRandomMoments_EndsWithTheSameBytes()
    {
        using var whole = new ScratchFolder();
        Run(whole["run"], step: null);
        SortedDictionary<string, string> expected = ToyRun.Contents(whole["run"]);
        var rng = new Rng(11);
        int killed = 0;
        for (int trial = 0; trial < 4; trial++)
        {
            using var scratch = new ScratchFolder();
            for (int attempt = 0; attempt < 4; attempt++)
            {
                using Process process = Start(scratch["run"]);
                // Wait until it works in the folder (start-up time varies with the machine), then for a random part of its second or less.
                while (!process.HasExited && !File.Exists(scratch["run/.lock-holder"]))
                {
                    Thread.Sleep(1);
                }

                Thread.Sleep((int)(rng.NextUInt64() % 100));
                if (!process.HasExited)
                {
                    process.Kill();
                    killed++;
                }

                process.WaitForExit();
            }

            using Process last = Start(scratch["run"]);
            string error = last.StandardError.ReadToEnd();
            last.WaitForExit();
            Assert.True(last.ExitCode == 0, error);
            Assert.Equal(expected, ToyRun.Contents(scratch["run"]));
        }

        Assert.True(killed > 0, "no process lived long enough to be killed");
    }

    private static Process Start(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { "exec", typeof(CrashTests).Assembly.Location, "toy-run", folder },
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }

    private static void Run(string path, Quincunx.Runs.Artifacts.DiskStep? step)
    {
        using RunFolder folder = ToyRun.Open(path, step);
        new StageEngine(folder, ToyRun.Stages()).Run(null, CancellationToken.None);
    }

    // Once dead, a process changes nothing more: every later step fails too.
    private static Quincunx.Runs.Artifacts.DiskStep CrashFrom(int step)
    {
        int count = 0;
        return (_, _) =>
        {
            if (count++ >= step)
            {
                throw new CrashException();
            }
        };
    }

    private sealed class CrashException : Exception;
}
