using System.Diagnostics;
using System.Globalization;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Execution.Slurm;
using Quincunx.Tests.Cli;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Execution.Slurm;

/// <summary>Studies whose simulations are made by a real Slurm, undisturbed and disturbed: nothing is lost, nothing is double, the bytes are those of one process.</summary>
[Trait("Category", "Slow")]
[Collection(SlurmCollection.Name)]
public sealed class SlurmEngineTests(SlurmCollection slurm)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A shard takes more than a second of work, which is time enough to disturb it on a busy machine as well.
    private static readonly SlowStudy Study = new() { Pause = 30, Simulations = 200, Execution = "engine: slurm, shards: 4, poll: 0.1, at-once: 2, memory: 100 MiB" };

    private static readonly Lazy<SortedDictionary<string, string>> Whole = new(() => Study.Whole());

    [SlurmFact]
    public void Simulate_OnSlurm_GivesTheBytesOfOneProcess()
    {
        // A blank and a percent sign in the path: both mean something to Slurm.
        SlowStudy study = Study with { Pause = 0, Execution = Study.Execution + ", time: 5, cpus: 2, setup: ['echo set up'], options: ['--comment=\"by a test\"']" };
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
        SlurmTask[] first = Running(2);
        slurm.Cluster.Run("scancel", Name(first[0]));
        slurm.Cluster.Run("scancel", "--signal=KILL", "--full", Name(first[1]));
        Assert.Equal((0, ""), (await run.WaitAsync(Patience, CancellationToken.None), cli.Error));
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));

        // Four tasks of the first array, and again those that were lost, together or one by one. One that was hit after it had left its shard, on its way out, was not lost.
        SlurmTask[] all = [.. Since(first[0].Job)];
        int hit = all.Count(t => t.State != "COMPLETED");
        Assert.InRange(hit, 1, 2);
        Assert.InRange(all.Length, 4 + 1, 4 + hit);
    }

    [SlurmFact]
    public async Task Simulate_NodeRestartedAndDrained_GoesOn()
    {
        using CliCase cli = Case(Study);
        Task<int> run = Task.Run(() => cli.Run("simulate", "slow", "--quiet"));
        long job = Running(1)[0].Job;
        slurm.Cluster.StopNode();
        slurm.Cluster.StartNode();
        slurm.Cluster.Drain();
        slurm.Cluster.Wait(() => Live().All(t => t.IsWaiting), "the tasks on a draining node do not end");
        bool waited = Live().Length > 0;
        slurm.Cluster.Resume();
        Assert.Equal((0, ""), (await run.WaitAsync(Patience, CancellationToken.None), cli.Error));
        Assert.True(waited, "nothing waited for the node");
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));
        Assert.Equal(4, Since(job).Length);
    }

    [SlurmFact]
    public void Simulate_DriverKilled_FollowsItsJobsAgain()
    {
        using CliCase cli = Case(Study);
        long job;
        using (Process driver = SlowStudy.Start(cli.Scratch, slurm.Cluster.Environment, "simulate", "slow", "--quiet"))
        {
            job = Running(1)[0].Job;
            driver.Kill();
            driver.WaitForExit();
        }

        Assert.NotEmpty(Live());
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet"), cli.Error));
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));
        Assert.Equal(4, Since(job).Length);         // nothing was submitted twice
    }

    [SlurmFact]
    public void Simulate_DriverKilledWhileItSubmits_FindsWhatItSubmitted()
    {
        using CliCase cli = Case(Study);
        long job;
        using (Process driver = SlowStudy.Start(cli.Scratch, slurm.Cluster.Environment, "simulate", "slow", "--quiet"))
        {
            job = Running(1)[0].Job;
            driver.Kill();
            driver.WaitForExit();
        }

        // As if it had been killed before the answer to its submission came.
        string record = Directory.EnumerateFiles(cli["runs/slow/shards"], SlurmRecord.FileName, SearchOption.AllDirectories).Single();
        File.WriteAllText(record, File.ReadAllText(record).Replace($"\"job\": {job}", "\"job\": 0", StringComparison.Ordinal));
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet"), cli.Error));
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));
        Assert.Equal(4, Since(job).Length);
    }

    [SlurmFact]
    public void Simulate_Interrupted_CancelsItsJobsAndGoesOnLater()
    {
        using CliCase cli = Case(Study);
        long job;
        using (Process driver = SlowStudy.Start(cli.Scratch, slurm.Cluster.Environment, "simulate", "slow", "--quiet"))
        {
            job = Running(2)[0].Job;
            Process.Start("kill", ["-INT", driver.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
            Assert.StartsWith("Interrupted. What is done so far is kept in runs/slow;", driver.StandardError.ReadToEnd(), StringComparison.Ordinal);
            Assert.True(driver.WaitForExit(Patience), "it does not end");
            Assert.Equal(4, driver.ExitCode);
        }

        slurm.Cluster.Wait(() => Live().Length == 0, "jobs are left");
        Assert.Contains(Since(job), t => t.State == "CANCELLED");
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet", "--engine", "threads"), cli.Error));
        Assert.Equal(Whole.Value, LineStudy.Contents(cli["runs/slow"]));
    }

    // What Slurm does before a time limit is reached (--signal=B:TERM), which it counts in minutes.
    [SlurmFact]
    public async Task Simulate_TimeLimitNear_SavesAndGoesOnInAnotherJob()
    {
        SlowStudy study = Study with { Pause = 50, Simulations = 60, Execution = "engine: slurm, shards: 1, poll: 0.1, attempts: 2" };
        using CliCase cli = Case(study);
        Task<int> run = Task.Run(() => cli.Run("simulate", "slow", "--quiet"));
        HashSet<long> jobs = [];
        for (int limit = 0; limit < 3; limit++)
        {
            SlurmTask task = Running(1)[0];
            long before = Saved(cli);
            // Each job comes further than the last one before its time is over.
            slurm.Cluster.Wait(() => Saved(cli) > before, "nothing is saved");
            slurm.Cluster.Run("scancel", "--batch", "--signal=TERM", Name(task));
            jobs.Add(task.Job);
            slurm.Cluster.Wait(() => !Live().Any(t => t.Job == task.Job), "the job does not end");
        }

        // More losses than attempts, but each had done something.
        Assert.Equal((0, ""), (await run.WaitAsync(Patience, CancellationToken.None), cli.Error));
        Assert.Equal(3, jobs.Count);
        Assert.Equal(study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    [SlurmFact]
    public void Simulate_JobThatCannotWork_EndsWithItsLog()
    {
        using CliCase cli = Case(Study with { Execution = "engine: slurm, shards: 3, poll: 0.1, attempts: 2, setup: ['echo the disk of this node is on fire', 'exit 3']" });
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
        SlowStudy study = Study with { Pause = 0, Simulations = 40, Execution = "engine: slurm, shards: 36, poll: 0.1" };
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

    private static long Saved(CliCase cli) => Directory.Exists(cli["runs/slow/shards"])
        ? Directory.EnumerateFiles(cli["runs/slow/shards"], "*.partial.npz", SearchOption.AllDirectories).Sum(f => ShardFile.ReadAbout(f).Rows())
        : 0;

    private static string Name(SlurmTask task) => string.Create(CultureInfo.InvariantCulture, $"{task.Job}_{task.Index}");

    private SlurmTask[] Running(int count)
    {
        SlurmTask[] running = [];
        slurm.Cluster.Wait(() => (running = [.. All().Where(t => t.State == "RUNNING")]).Length >= count, "no task runs");
        return running;
    }

    private SlurmTask[] Live() => [.. All().Where(t => t.IsLive)];

    private SlurmTask[] Since(long job) => [.. All().Where(t => t.Job >= job)];

    private IEnumerable<SlurmTask> All() => slurm.Cluster.Run("squeue", "--noheader", "--array", "--states=all", "--format=%F|%K|%j|%T|%r")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('|'))
        .Where(p => p[2].StartsWith("quincunx-", StringComparison.Ordinal))
        .Select(p => new SlurmTask(long.Parse(p[0], CultureInfo.InvariantCulture), int.Parse(p[1], CultureInfo.InvariantCulture), p[2], p[3], p[4]));

    private CliCase Case(SlowStudy study)
    {
        CliCase cli = LineProgram.Case();
        cli.Environment = slurm.Cluster.Environment;
        study.Write(cli.Scratch);
        return cli;
    }
}
