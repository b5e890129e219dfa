using System.Diagnostics;
using Quincunx.Runs.Store;
using Quincunx.Tests.Cli;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Execution;

/// <summary>The engines of one machine: worker processes, and scripts for others to run.</summary>
[Trait("Category", "Slow")]
public sealed class LocalEngineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Local_Workers_GiveTheBytesOfOneProcess()
    {
        var study = new SlowStudy { Execution = "engine: local, workers: 2, shards: 5" };
        using CliCase cli = Case(study);
        Assert.Equal((0, ""), (cli.Run("simulate", "slow"), cli.Error));
        Assert.Contains("simulate-1 (1 of 1): done in ", cli.Output, StringComparison.Ordinal);
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    [Fact]
    public async Task Local_InterruptedThenOtherEngines_GoOnToTheSameBytes()
    {
        var study = new SlowStudy { Held = true, Simulations = 2000, Execution = "engine: local, workers: 2, shards: 2" };
        using CliCase cli = Case(study);
        using (Process process = SlowStudy.Start(cli.Scratch, null, "simulate", "slow", "--quiet"))
        {
            WaitFor(() => SlowStudy.Saved(cli).Length == 2);
            SlowStudy.Signal("TERM", process);
            Assert.StartsWith("Interrupted. What is done so far is kept in runs/slow;", await process.StandardError.ReadToEndAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None), StringComparison.Ordinal);
            Assert.True(process.WaitForExit(Patience), "it does not end");
            Assert.Equal(4, process.ExitCode);
        }

        long saved = SlowStudy.Saved(cli).Sum();
        Assert.InRange(saved, 2, 1999);
        // What the workers had done is taken over: the first report of the other engine has it.
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--engine", "threads", "--json"), cli.Error));
        double first = cli.Json.First(e => e.GetProperty("event").GetString() == "progress" && e.GetProperty("state").GetString() == "working").GetProperty("done").GetDouble();
        Assert.True(first >= saved, $"it begins at {first}, and {saved} were saved");
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    [Fact]
    public void Local_DriverKilled_LeavesNoProcessAndTheNextRunGoesOn()
    {
        var study = new SlowStudy { Held = true, Simulations = 4000, Execution = "engine: local, workers: 2, shards: 4" };
        using CliCase cli = Case(study);
        using (Process process = SlowStudy.Start(cli.Scratch, null, "simulate", "slow", "--quiet"))
        {
            WaitFor(() => SlowStudy.Saved(cli).Length == 2);
            process.Kill();                     // it alone
            process.WaitForExit();
        }

        if (OperatingSystem.IsLinux())
        {
            WaitFor(() => !Workers(cli, "").Any());
        }

        SlowStudy.Release(cli);

        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet"), cli.Error));
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    [Fact]
    public async Task Local_WorkerKilled_IsMadeAgain()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;                 // processes are found by what Linux says of them
        }

        var study = new SlowStudy { Held = true, Simulations = 2000, Execution = "engine: local, workers: 2, shards: 2" };
        using CliCase cli = Case(study);
        Task<int> run = Task.Run(() => cli.Run("simulate", "slow", "--quiet"));
        WaitFor(() => SlowStudy.Saved(cli).Length == 2);
        int worker = Assert.Single(Workers(cli, "2/2"));
        using (var process = Process.GetProcessById(worker))
        {
            process.Kill();
        }

        WaitFor(() => Workers(cli, "2/2").Any(w => w != worker));
        SlowStudy.Release(cli);
        Assert.Equal((0, ""), (await run.WaitAsync(Patience, CancellationToken.None), cli.Error));
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    [Fact]
    public void Local_SimulatorThatAlwaysFails_SaysWhatTheWorkerSaid()
    {
        using CliCase cli = Case(new SlowStudy { Fails = 1, Execution = "engine: local, workers: 1, shards: 2, attempts: 2" });
        Assert.Equal(2, cli.Run("simulate", "slow"));
        Assert.Contains(
            "Shard 1 of 2 could not be made, 2 times without progress; its process ended with exit code 2. It printed last:\n  Simulator 'slow': all of the first 100 simulations failed.", cli.Error,
            StringComparison.Ordinal);
        Assert.Equal(StageStatus.Failed, RunFolder.ReadManifest(cli["runs/slow"])!.Find("simulate-1")!.Status);
    }

    [Fact]
    public void Script_WrittenAndRun_IsGatheredByTheNextRun()
    {
        if (OperatingSystem.IsWindows())
        {
            return;                 // the scripts are for a POSIX shell
        }

        var study = new SlowStudy { Execution = "engine: script, shards: 4, cpus: 2, memory: 2 GiB, time: 1:30:00, partition: long, setup: ['export GREETING=\"hello there\"'], at-once: 7" };
        using CliCase cli = Case(study);
        Assert.Equal(4, cli.Run("simulate", "slow", "--json"));
        Assert.Equal("awaited", cli.Json.Last().GetProperty("kind").GetString());
        Assert.StartsWith("4 of 4 shards are to be made. Run one of the scripts in ", cli.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n  quincunx simulate slow --json\n", cli.Error, StringComparison.Ordinal);
        string folder = Directory.GetDirectories(cli["runs/slow/shards"]).Single();
        Assert.Equal("1\n2\n3\n4\n", File.ReadAllText(Path.Combine(folder, "missing.txt")));
        string condor = File.ReadAllText(Path.Combine(folder, "htcondor.sub")), pbs = File.ReadAllText(Path.Combine(folder, "pbs.sh"));
        Assert.All(new[] { "request_cpus = 2\n", "request_memory = 2048 MB\n", "+MaxRuntime = 5400\n", $"queue shard from {folder}/missing.txt\n" }, line => Assert.Contains(line, condor, StringComparison.Ordinal));
        Assert.All(new[] { "#PBS -J 1-4\n", "#PBS -l select=1:ncpus=2:mem=2048mb\n", "#PBS -l walltime=5400\n", "#PBS -q long\n" }, line => Assert.Contains(line, pbs, StringComparison.Ordinal));
        Assert.Contains("export GREETING=\"hello there\"\n", File.ReadAllText(Path.Combine(folder, "shard.sh")), StringComparison.Ordinal);

        // As PBS would: one task of the array; and then what is left, as the loop does.
        Shell($"PBS_ARRAY_INDEX=3 bash '{folder}/pbs.sh'");
        Assert.Equal(4, cli.Run("simulate", "slow", "--quiet"));
        Assert.StartsWith("3 of 4 shards are to be made.", cli.Error, StringComparison.Ordinal);
        Shell($"bash '{folder}/loop.sh' 2");
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet"), cli.Error));
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    private static void Shell(string line)
    {
        using var shell = Process.Start("bash", ["-c", line]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private static void WaitFor(Func<bool> condition)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "it does not come");
            Thread.Sleep(10);
        }
    }

    // The processes that make a shard of the study.
    private static IEnumerable<int> Workers(CliCase cli, string shard) => Directory.EnumerateDirectories("/proc")
        .Where(p => CommandOf(p) is var c && c.Contains(cli["slow"], StringComparison.Ordinal) && c.Contains(shard, StringComparison.Ordinal))
        .Select(p => int.Parse(Path.GetFileName(p), System.Globalization.CultureInfo.InvariantCulture));

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";              // no process, or one that has ended
        }
    }

    private static CliCase Case(SlowStudy study) => study.Case();
}
