namespace Quincunx.Runs.Execution.Slurm;

/// <summary>A task of a job array as Slurm sees it.</summary>
/// <param name="Job">Number of the array.</param>
/// <param name="Index">Number of the task in it.</param>
/// <param name="Name">Name of the job.</param>
/// <param name="State">Slurm's word: PENDING, RUNNING, NODE_FAIL and so on.</param>
/// <param name="Reason">Why it waits or ended; "None" where Slurm has nothing to say.</param>
internal readonly record struct SlurmTask(long Job, int Index, string Name, string State, string Reason)
{
    // The base states of squeue(1) after which nothing follows; what is not among them, states of newer versions included, is taken for alive.
    private static readonly HashSet<string> Ended = new(StringComparer.Ordinal)
    {
        "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "RECONFIG_FAIL", "REVOKED", "TIMEOUT",
    };

    /// <summary>Waits, runs, or is on its way out.</summary>
    public bool IsLive => !Ended.Contains(State);

    public bool IsWaiting => State is "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "CONFIGURING";
}
