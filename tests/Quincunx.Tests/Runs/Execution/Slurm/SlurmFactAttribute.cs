namespace Quincunx.Tests.Runs.Execution.Slurm;

/// <summary>A fact about a real Slurm; shown as skipped where it is not installed or may not be started.</summary>
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute()
    {
        if (!SlurmCluster.CanStart)
        {
            Skip = "needs root on Linux and the packages slurm-wlm and munge";
        }
    }
}
