using System.Diagnostics;
using System.Globalization;
using Quincunx.Runs.Execution.Slurm;

namespace Quincunx.Tests.Runs.Execution.Slurm;

/// <summary>Slurm's commands, against a real Slurm.</summary>
[Trait("Category", "Slow")]
[Collection(SlurmCollection.Name)]
public sealed class SlurmQueueTests(SlurmCollection slurm)
{
    [SlurmFact]
    public void Submit_Array_RunsEachTaskOnceAndTellsHowEachEnded()
    {
        using var folder = new ScratchFolder();
        string script = Script(folder, "echo \"$1 $SLURM_ARRAY_TASK_ID\" >> $SLURM_JOB_NAME-$SLURM_ARRAY_TASK_ID; [ $SLURM_ARRAY_TASK_ID -ne 3 ] || exit 7; [ $SLURM_ARRAY_TASK_ID -ne 4 ] || kill -9 $$");
        var queue = new SlurmQueue(slurm.Cluster.Environment);

        long job = queue.Submit(script, "queue-mine", tasks: 4, atOnce: 2, ["an argument"], CancellationToken.None);
        queue.Submit(script, "queue-other", tasks: 1, atOnce: 0, [], CancellationToken.None);
        slurm.Cluster.Wait(() => queue.Tasks(["queue-mine"], CancellationToken.None).All(t => !t.IsLive), "the tasks do not end");

        SlurmTask[] tasks = [.. queue.Tasks(["queue-mine", "nobodys"], CancellationToken.None).OrderBy(t => t.Index)];
        Assert.Equal([(job, 1, "queue-mine", "COMPLETED"), (job, 2, "queue-mine", "COMPLETED"), (job, 3, "queue-mine", "FAILED"), (job, 4, "queue-mine", "FAILED")], tasks.Select(t => (t.Job, t.Index, t.Name, t.State)));
        Assert.All(Enumerable.Range(1, 4), i => Assert.Equal($"an argument {i}\n", File.ReadAllText(folder[$"queue-mine-{i}"])));
        Assert.Matches("^FAILED with exit code 7 on .", queue.Ending(job, 3, CancellationToken.None));
        Assert.Matches("^FAILED by signal 9 on .", queue.Ending(job, 4, CancellationToken.None));
        Assert.Equal("Slurm no longer knows it", queue.Ending(job + 1000, 1, CancellationToken.None));
        Assert.Empty(queue.Tasks([], CancellationToken.None));
        Assert.Equal(32, queue.MostTasks(CancellationToken.None));
    }

    [SlurmFact]
    public void Submit_NodeDrained_TasksWaitAndRunWhenItIsBack()
    {
        using var folder = new ScratchFolder();
        var queue = new SlurmQueue(slurm.Cluster.Environment);
        slurm.Cluster.Drain();
        queue.Submit(Script(folder, "echo x >> done"), "waits", tasks: 2, atOnce: 0, [], CancellationToken.None);
        SlurmTask[] waiting = [.. queue.Tasks(["waits"], CancellationToken.None)];
        Assert.Equal(2, waiting.Length);
        Assert.All(waiting, t => Assert.True(t is { IsLive: true, IsWaiting: true }, t.State));
        slurm.Cluster.Resume();
        slurm.Cluster.Wait(() => queue.Tasks(["waits"], CancellationToken.None).All(t => t.State == "COMPLETED"), "the tasks do not run");
        Assert.Equal("x\nx\n", File.ReadAllText(folder["done"]));
    }

    [SlurmFact]
    public void Cancel_RunningArray_EndsIt()
    {
        using var folder = new ScratchFolder();
        var queue = new SlurmQueue(slurm.Cluster.Environment);
        long job = queue.Submit(Script(folder, "exec sleep 600"), "long", tasks: 6, atOnce: 2, [], CancellationToken.None);
        slurm.Cluster.Wait(() => queue.Tasks(["long"], CancellationToken.None).Count(t => t.State == "RUNNING") == 2, "no task runs");
        queue.Cancel([job], CancellationToken.None);
        queue.Cancel([job, job + 1000], CancellationToken.None);
        slurm.Cluster.Wait(() => queue.Tasks(["long"], CancellationToken.None).All(t => t.State == "CANCELLED"), "the tasks do not end");
    }

    [SlurmFact]
    public void Commands_WithoutControllerOrWithABadOption_SayWhatSlurmSays()
    {
        using var folder = new ScratchFolder();
        var queue = new SlurmQueue(slurm.Cluster.Environment);
        var refused = Assert.Throws<SlurmException>(() => queue.Submit(Script(folder, "true", "#SBATCH --partition=nowhere"), "a", 1, 0, [], CancellationToken.None));
        Assert.Contains("invalid partition", refused.Message, StringComparison.Ordinal);
        slurm.Cluster.StopController();
        SlurmException silent;
        try
        {
            silent = Assert.Throws<SlurmException>(() => queue.Tasks(["a"], CancellationToken.None));
        }
        finally
        {
            slurm.Cluster.StartController();
        }

        Assert.Contains("Unable to contact slurm controller", silent.Message, StringComparison.Ordinal);
        Assert.False(silent.IsMissing);
    }

    [Fact]
    public void Commands_NotInstalled_SaySo()
    {
        using var folder = new ScratchFolder();
        var queue = new SlurmQueue(new Dictionary<string, string>(StringComparer.Ordinal), folder.Path);
        var missing = Assert.Throws<SlurmException>(() => queue.Tasks(["a"], CancellationToken.None));
        Assert.True(missing.IsMissing);
        Assert.StartsWith("squeue: found no such program (", missing.Message, StringComparison.Ordinal);
    }

    // This machine's Slurm has no accounting: sacct(1) itself is played, in the form that --parsable2 gives.
    [Theory]
    [InlineData("TIMEOUT|0:0|node07", "TIMEOUT on node07")]
    [InlineData("CANCELLED by 1000|0:15|None assigned", "CANCELLED by 1000 by signal 15")]
    [InlineData("OUT_OF_MEMORY|0:125|n1\nOUT_OF_MEMORY|0:125|n1", "OUT_OF_MEMORY by signal 125 on n1")]
    [InlineData("FAILED|2:0|n1", "FAILED with exit code 2 on n1")]
    public void Ending_WithAccounting_IsThatOfTheAccounting(string line, string words)
    {
        if (OperatingSystem.IsWindows())
        {
            return;                 // there is no Slurm
        }

        using var folder = new ScratchFolder();
        folder.Write("sacct", $"#!/bin/sh\necho \"$@\" > {folder["asked"]}\nprintf '{line}\\n'\n");
        Process.Start("chmod", ["+x", folder["sacct"]]).WaitForExit();
        Assert.Equal(words, new SlurmQueue(new Dictionary<string, string>(StringComparer.Ordinal), folder.Path).Ending(12, 3, CancellationToken.None));
        Assert.Equal("--noheader --parsable2 --allocations --jobs=12_3 --format=State,ExitCode,NodeList\n", File.ReadAllText(folder["asked"]));
    }

    private static string Script(ScratchFolder folder, string line, string directive = "") => folder.Write(
        "job.sh", string.Create(CultureInfo.InvariantCulture, $"#!/bin/sh\n{directive}\n#SBATCH --chdir={folder.Path} --output={folder.Path}/log\n{line}\n"));
}
