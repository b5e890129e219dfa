using System.Diagnostics;
using System.Globalization;
using Quincunx.Runs.Execution.Slurm;
using Quincunx.Tests.Cli;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Execution.Slurm;

/// <summary>Studies whose simulations are made by a real Slurm, undisturbed and disturbed: nothing is lost, nothing is double, the bytes are those of one process.</summary>
[Trait("Category", "Slow")]
[Collection(SlurmCollection.Name)]
public sealed class SlurmEngineTests(SlurmCollection slurm)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Disturbed tests are held: a task that has begun cannot have ended when it is disturbed, however busy the machine is.
    private static readonly SlowStudy Study = new() { Simulations = 8000, Held = true, Execution = "engine: slurm, shards: 4, poll: 0.1, at-once: 2, memory: 100 MiB" };

    private static readonly Lazy<SortedDictionary<string, string>> Whole = new(() => Study.Whole());

    [SlurmFact]
    public void Simulate_OnSlurm_GivesTheBytesOfOneProcess()
    {
        // A blank and a percent sign in the path: both mean something to Slurm.
        SlowStudy study = Study with { Held = false, Execution = Study.Execution + ", time: 5, cpus: 2, setup: ['echo set up'], options: ['--comment=\"by a test\"']" };
        using CliCase cli = Case(study);
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--out", "a %a run"), cli.Error));
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["a %a run"]));
        Assert.Empty(Live());
    }

    [SlurmFact]
    public async Task Simulate_ShardsCancelledAndKilled_SubmitsThoseAlone()
    {
        using CliCase cli = Case(Study);
        Task<int> run = Task.Run(() => cli.Run("simulate", "slow", "--quiet"));
        SlurmTask[] first = AtWork(cli);
        slurm.Cluster.Run("scancel", Name(first[0]));
        slurm.Cluster.Run("scancel", "--signal=KILL", "--full", Name(first[1]));
        slurm.Cluster.Wait(() => !first.Any(IsLive), "the tasks do not end");
        SlowStudy.Release(cli);
        Assert.Equal((0, ""), (await run.WaitAsync(Patience, CancellationToken.None), cli.Error));
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));

        // Four tasks of the first array, and again the two that were lost, together or one by one.
        SlurmTask[] all = Since(first[0].Job);
        Assert.Equal(["CANCELLED", "CANCELLED", "COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED"], all.Select(t => t.State).Order(StringComparer.Ordinal));
        Assert.Equal(4, all.Count(t => t.Job == first[0].Job));
    }

    [SlurmFact]
    public async Task Simulate_NodeRestartedAndDrained_GoesOn()
    {
        using CliCase cli = Case(Study);
        Task<int> run = Task.Run(() => cli.Run("simulate", "slow", "--quiet"));
        long job = AtWork(cli)[0].Job;
        slurm.Cluster.StopNode();
        slurm.Cluster.StartNode();
        slurm.Cluster.Drain();
        SlowStudy.Release(cli);
        slurm.Cluster.Wait(() => Live().All(t => t.IsWaiting), "the tasks on a draining node do not end");
        Assert.Equal(2, Live().Length);             // of four, two at once
        slurm.Cluster.Resume();
        Assert.Equal((0, ""), (await run.WaitAsync(Patience, CancellationToken.None), cli.Error));
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));
        Assert.Equal(4, Since(job).Length);
    }

    [SlurmFact]
    public async Task Simulate_DriverKilled_FollowsItsJobsAgain()
    {
        using CliCase cli = Case(Study);
        await FollowsAgain(cli, KillDriverAtWork(cli));
    }

    [SlurmFact]
    public async Task Simulate_DriverKilledWhileItSubmits_FindsWhatItSubmitted()
    {
        using CliCase cli = Case(Study);
        long job = KillDriverAtWork(cli);
        // As if it had been killed before the answer to its submission came.
        string record = Directory.EnumerateFiles(cli["runs/slow/shards"], SlurmRecord.FileName, SearchOption.AllDirectories).Single(), text = File.ReadAllText(record);
        File.WriteAllText(record, text.Replace($"\"job\": {job}", "\"job\": 0", StringComparison.Ordinal));
        Assert.NotEqual(text, File.ReadAllText(record));
        await FollowsAgain(cli, job);
    }

    [SlurmFact]
    public async Task Simulate_Interrupted_CancelsItsJobsAndGoesOnLater()
    {
        using CliCase cli = Case(Study);
        long job;
        using (Process driver = Start(cli))
        {
            job = AtWork(cli)[0].Job;
            SlowStudy.Signal("INT", driver);
            Assert.StartsWith("Interrupted. What is done so far is kept in runs/slow;", await driver.StandardError.ReadToEndAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None), StringComparison.Ordinal);
            Assert.True(driver.WaitForExit(Patience), "it does not end");
            Assert.Equal(4, driver.ExitCode);
        }

        slurm.Cluster.Wait(() => Live().Length == 0, "jobs are left");
        Assert.Equal(Enumerable.Repeat("CANCELLED", 4), Since(job).Select(t => t.State));
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet", "--engine", "threads"), cli.Error));
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));
    }

    // What Slurm does before a time limit is reached (--signal=B:TERM), which it counts in minutes.
    [SlurmFact]
    public async Task Simulate_TimeLimitNear_SavesAndGoesOnInAnotherJob()
    {
        SlowStudy study = Study with { Simulations = 2000, Execution = "engine: slurm, shards: 1, poll: 0.1, attempts: 2" };
        using CliCase cli = Case(study);
        Task<int> run = Task.Run(() => cli.Run("simulate", "slow", "--quiet"));
        List<long> jobs = [];
        long saved = 0;
        for (int limit = 0; limit < 3; limit++)
        {
            SlurmTask task = AtWork(cli, tasks: 1, savedBefore: saved)[0];
            slurm.Cluster.Run("scancel", "--batch", "--signal=TERM", Name(task));
            jobs.Add(task.Job);
            slurm.Cluster.Wait(() => !IsLive(task), "the job does not end");
            saved = SlowStudy.Saved(cli).Single();
        }

        // More losses than attempts, but each had done something.
        SlowStudy.Release(cli);
        Assert.Equal((0, ""), (await run.WaitAsync(Patience, CancellationToken.None), cli.Error));
        Assert.Equal(3, jobs.Distinct().Count());
        Assert.Equal(4, Since(jobs[0]).Length);
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    [SlurmFact]
    public void Simulate_JobThatCannotWork_EndsWithItsLog()
    {
        using CliCase cli = Case(Study with { Held = false, Execution = "engine: slurm, shards: 3, poll: 0.1, attempts: 2, setup: ['echo the disk of this node is on fire', 'exit 3']" });
        Assert.Equal(2, cli.Run("simulate", "slow"));
        Assert.Matches(
            "Shard [123] of 3 could not be made, 2 times without progress; its process \\(task [0-9]+_[0-9]+ of Slurm\\) ended: FAILED with exit code 3 on .*\\. It printed last:\n  the disk of this node is on fire",
            cli.Error);
        slurm.Cluster.Wait(() => Live().Length == 0, "jobs are left");
    }

    [SlurmFact]
    public void Simulate_SubmissionRefused_EndsWithWhatSlurmSays()
    {
        using CliCase cli = Case(Study with { Execution = "engine: slurm, poll: 0.1, attempts: 2, partition: nowhere" });
        Assert.Equal(2, cli.Run("simulate", "slow"));
        Assert.Contains("The simulations could not be submitted to Slurm: sbatch: ", cli.Error, StringComparison.Ordinal);
        Assert.Contains("invalid partition", cli.Error, StringComparison.Ordinal);
    }

    [SlurmFact]
    public void Simulate_MoreShardsThanAnArrayMayHave_SubmitsSeveral()
    {
        // MaxArraySize of the test's Slurm is 33.
        SlowStudy study = Study with { Held = false, Simulations = 40, Execution = "engine: slurm, shards: 36, poll: 0.1" };
        using CliCase cli = Case(study);
        // All but a few are there already, so that the test takes a moment and the arrays stay as large.
        string folder = "shards";
        for (int shard = 1; shard <= 32; shard++)
        {
            cli.Run("simulate", "slow", "--shard", $"{shard}/36", "--to", folder, "--quiet");
        }

        Assert.Equal(4, cli.Run("merge", "slow", folder, "--quiet"));
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet"), cli.Error));
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    private static string Name(SlurmTask task) => string.Create(CultureInfo.InvariantCulture, $"{task.Job}_{task.Index}");

    // Tasks that run, once each has saved more than before. Those of an array come in the order of their numbers.
    private SlurmTask[] AtWork(CliCase cli, int tasks = 2, long savedBefore = 0)
    {
        SlurmTask[] running = [];
        slurm.Cluster.Wait(
            () => SlowStudy.Saved(cli).Count(s => s > savedBefore) == tasks && (running = [.. All().Where(t => t.State == "RUNNING").OrderBy(t => t.Index)]).Length == tasks,
            "the tasks do not get to work");
        return running;
    }

    private Process Start(CliCase cli, params string[] options) => SlowStudy.Start(cli.Scratch, slurm.Cluster.Environment, ["simulate", "slow", .. options]);

    // Number of the array that a driver leaves behind.
    private long KillDriverAtWork(CliCase cli)
    {
        using Process driver = Start(cli);
        long job = AtWork(cli)[0].Job;
        driver.Kill();
        driver.WaitForExit();
        Assert.Equal(4, Live().Length);
        return job;
    }

    // The next driver knows of the tasks that are at work, and submits nothing.
    private async Task FollowsAgain(CliCase cli, long job)
    {
        using Process driver = Start(cli);
        string? line;
        do
        {
            line = await driver.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Patience, CancellationToken.None);
            Assert.True(line is not null, "it ends");
        }
        while (!line.Contains("2 jobs at work, 2 waiting", StringComparison.Ordinal));

        SlowStudy.Release(cli);
        await driver.StandardOutput.ReadToEndAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
        Assert.Equal("", driver.StandardError.ReadToEnd());
        Assert.True(driver.WaitForExit(Patience), "it does not end");
        Assert.Equal(0, driver.ExitCode);
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));
        Assert.Equal(4, Since(job).Length);
    }

    private SlurmTask[] Live() => [.. All().Where(t => t.IsLive)];

    private bool IsLive(SlurmTask task) => Live().Any(t => (t.Job, t.Index) == (task.Job, task.Index));

    private SlurmTask[] Since(long job) => [.. All().Where(t => t.Job >= job)];

    private IEnumerable<SlurmTask> All() => slurm.Cluster.Run("squeue", "--noheader", "--array", "--states=all", "--format=%F|%K|%j|%T|%r")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('|'))
        .Where(p => p[2].StartsWith("quincunx-", StringComparison.Ordinal))
        .Select(p => new SlurmTask(long.Parse(p[0], CultureInfo.InvariantCulture), int.Parse(p[1], CultureInfo.InvariantCulture), p[2], p[3], p[4]));

    private CliCase Case(SlowStudy study) => study.Case(slurm.Cluster.Environment);
}
